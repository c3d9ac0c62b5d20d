using Steward.Identity;

namespace Steward.Models;

/// <summary>Where an alias points, since which epoch. One record per alias; the epoch only grows.</summary>
/// <param name="Epoch">From 1; every move is one more.</param>
/// <param name="By">The person, or <c>steward</c> acting by policy.</param>
public sealed record Promotion(string Project, string Model, string Alias, int Version, long Epoch, string By, string Reason, DateTimeOffset At)
{
    /// <summary>The alias that the sign-off guards when the project file names no other.</summary>
    public const string Production = "production";
}

public enum MoveKind { Promote, Back }

/// <summary>One move of an alias, kept for good.</summary>
/// <param name="From">The version before; null for the first.</param>
public sealed record Move(string Project, string Model, string Alias, long Epoch, MoveKind Kind, int? From, int Version, string By, string Reason, DateTimeOffset At);

/// <summary>Which version an alias points to. Serving pulls it, acts, and acknowledges the epoch.</summary>
public interface IPromotions
{
    Task<Promotion?> Current(string project, string model, string alias = Promotion.Production, CancellationToken stop = default);

    /// <summary>Every alias of the project, by model and alias.</summary>
    Task<List<Promotion>> All(string project, CancellationToken stop = default);

    /// <summary>
    /// Points the alias at a version. Onto the guarded alias only after gates (<c>gate_failed</c>) and people
    /// (<c>waiting_for_people</c>) agreed on its seal of now (<c>seal_changed</c>).
    /// </summary>
    /// <param name="expected">The epoch the caller saw (0: none yet); when another move came first, <c>promotion_raced</c>. Null: whatever is.</param>
    Task<Promotion> Promote(Who who, string project, string model, int version, string alias = Promotion.Production, string? reason = null, long? expected = null, CancellationToken stop = default);

    /// <summary>Points the alias at the version that served before this one was promoted; <c>no_way_back</c> when there was none. Needs no vote and is always audited.</summary>
    /// <param name="expected">As for <see cref="Promote"/>.</param>
    /// <param name="to">A certain version that the alias pointed to before; null for the one before.</param>
    Task<Promotion> Back(Who who, string project, string model, string alias, string reason, long? expected = null, int? to = null, CancellationToken stop = default);

    /// <summary>The version that <see cref="Back"/> would choose now.</summary>
    Task<int?> WayBack(string project, string model, string alias = Promotion.Production, CancellationToken stop = default);

    /// <summary>Newest first.</summary>
    Task<List<Move>> History(string project, string model, string? alias = null, int most = 100, CancellationToken stop = default);

    /// <summary>Somebody who serves the alias says which epoch they serve. An older epoch than the one told before is ignored.</summary>
    /// <param name="server">Who serves, such as the endpoint's name.</param>
    Task Acknowledge(string project, string model, string alias, string server, long epoch, CancellationToken stop = default);

    /// <summary>Who serves which epoch of the alias.</summary>
    Task<List<Acknowledgement>> Acknowledged(string project, string model, string alias = Promotion.Production, CancellationToken stop = default);
}

public sealed record Acknowledgement(string Server, long Epoch, DateTimeOffset At);
