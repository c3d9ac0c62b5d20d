using Steward.Identity;

namespace Steward.Serving;

/// <summary>What the rest of the platform may do with endpoints.</summary>
public interface IEndpoints
{
    Task<Endpoint?> Find(string name, CancellationToken stop = default);

    /// <summary>Those of a project, by name.</summary>
    Task<List<Endpoint>> All(string project, CancellationToken stop = default);

    /// <summary>Which process serves which epoch.</summary>
    Task<List<NodeServing>> Serving(string name, CancellationToken stop = default);

    /// <summary>Whether its answers are of kinds, which are logged and watched; numbers are only counted. True while nothing is loaded here.</summary>
    bool IsWatched(string name);

    /// <summary>Back to the version that served before, or out of a release that is on its way; needs no vote, is always in the audit. <c>no_way_back</c> when there is none.</summary>
    Task<Endpoint> Rollback(Who who, string name, string reason, CancellationToken stop = default);

    /// <summary>The version that <see cref="Rollback"/> would go back to; null when there is none, or while a release is on its way, which is stopped instead.</summary>
    Task<int?> WayBack(Endpoint endpoint, CancellationToken stop = default);

    /// <summary>From now on answers less confident than <paramref name="threshold"/> (0 to 1, null for none) abstain.</summary>
    Task<Endpoint> AbstainUnder(Who who, string name, double? threshold, string reason, CancellationToken stop = default);

    /// <summary>
    /// What a version says about pictures of the log, off the record: nothing is logged or counted. In the order of the
    /// pictures; null where one is gone or cannot be read.
    /// </summary>
    Task<IReadOnlyList<Scored?>> Score(string name, int version, IReadOnlyList<Digest> pictures, CancellationToken stop = default);

    /// <summary>The same of a registered version, whether an endpoint serves it or not.</summary>
    Task<IReadOnlyList<Scored?>> Score(string project, string model, int version, IReadOnlyList<Digest> pictures, CancellationToken stop = default);
}

/// <summary>One answer off the record.</summary>
/// <param name="Margin">Confidence less the runner-up's probability.</param>
public sealed record Scored(string Label, double Confidence, double Margin, float[]? Embedding);
