using Steward.Events;

namespace Steward.Serving;

/// <summary>
/// A promoted version on its way to all requests. The promotion has moved already; until the release is finished the
/// endpoint serves the version before, and this one gets its share.
/// </summary>
/// <param name="Version">The one that is tried.</param>
/// <param name="Base">The one that served before, and serves the rest.</param>
/// <param name="Epoch">Of the promotion it brings in.</param>
/// <param name="Step">Which of the plan's shares, from 0.</param>
/// <param name="By">Who changed it last: a person, or <c>steward</c>.</param>
/// <param name="Why">Why it ended or rests, in a sentence.</param>
public sealed record Release(
    string Endpoint, string Project, string Model, int Version, int Base, long Epoch, long BaseEpoch, ReleasePlan Plan, ReleaseState State, int Step,
    DateTimeOffset StartedAt, DateTimeOffset StepAt, DateTimeOffset? EndedAt, string By, string? Why)
{
    /// <summary>Percent of the requests that the tried version gets now.</summary>
    public double Share => State switch
    {
        ReleaseState.Finished => 100,
        ReleaseState.Aborted => 0,
        _ => Plan.Shares[Step],
    };

    public bool IsOver => State is ReleaseState.Finished or ReleaseState.Aborted;
}

public enum ReleaseState
{
    Running,

    /// <summary>The share stays as it is until somebody goes on; the limits still stop it.</summary>
    Paused,
    Finished,
    Aborted,
}

/// <summary>What a release was asked to do when it began.</summary>
/// <param name="Shares">Percent of the requests in each step.</param>
/// <param name="Time">How long a step takes at least.</param>
/// <param name="AtLeast">Answers of the tried version before a step is judged.</param>
/// <param name="UnsureUnder">An answer less confident than this counts as unsure.</param>
/// <param name="ErrorRate">The highest share of failures; null stops nothing.</param>
/// <param name="P95">The longest that 95 of 100 requests may take, in milliseconds.</param>
/// <param name="LowConfidence">The highest share of unsure answers.</param>
public sealed record ReleasePlan(IReadOnlyList<double> Shares, TimeSpan Time, int AtLeast, double UnsureUnder, double? ErrorRate, double? P95, double? LowConfidence);

public sealed record ReleaseStarted(string Project, string Endpoint, int Version, int Base, long Epoch, double Share) : IEvent
{
    public static string Name => "serving.release_started";
}

/// <param name="ByItself">Whether its own figures ended it, and not a person.</param>
/// <param name="Answers">Of the tried version, over all steps.</param>
public sealed record ReleaseEnded(string Project, string Endpoint, string Model, int Version, int Base, long Epoch, bool Finished, bool ByItself, double Share, long Answers, string Why, DateTimeOffset Since) : IEvent
{
    public static string Name => "serving.release_ended";
}

/// <summary>Releases of endpoints, as people steer them.</summary>
public interface IReleases
{
    /// <summary>The newest of an endpoint, over or not; null when there was none.</summary>
    Task<Release?> Newest(string endpoint, CancellationToken stop = default);

    /// <summary>What both versions did, step by step.</summary>
    Task<List<StepFigures>> Figures(Release release, CancellationToken stop = default);

    /// <summary>Keeps the share as it is; <c>release_over</c> when there is none any more.</summary>
    Task<Release> Pause(Identity.Who who, string endpoint, string? reason, CancellationToken stop = default);

    Task<Release> Resume(Identity.Who who, string endpoint, CancellationToken stop = default);

    /// <summary>Everything back to the version before, at once; the alias goes back as well.</summary>
    Task<Release> Abort(Identity.Who who, string endpoint, string reason, CancellationToken stop = default);

    /// <summary>Everything to the tried version, at once.</summary>
    Task<Release> Finish(Identity.Who who, string endpoint, string? reason, CancellationToken stop = default);
}

/// <summary>One step of a release, both sides.</summary>
/// <param name="Share">Percent that the tried version had.</param>
public sealed record StepFigures(int Step, double Share, SideFigures Tried, SideFigures Before);

/// <param name="Requests">Answered ones.</param>
/// <param name="Answers">A request may hold several rows.</param>
/// <param name="Failed">Requests it could not answer.</param>
/// <param name="Unsure">Answers under the plan's confidence.</param>
/// <param name="P50">Milliseconds; null without requests.</param>
public sealed record SideFigures(int Version, long Requests, long Answers, long Failed, long Unsure, double? P50, double? P95);
