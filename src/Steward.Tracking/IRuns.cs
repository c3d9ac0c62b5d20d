using Steward.Blobs;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Tracking;

/// <summary>Runs as the other rooms see them. What belongs to a run that does not exist is <c>run_not_found</c>; what would change a run that is over is <c>run_over</c>.</summary>
public interface IRuns
{
    Task<Run> Start(Who who, NewRun run, CancellationToken stop = default);

    /// <summary>Sets parameters; the same value again is fine, another one is <c>param_set</c>.</summary>
    Task Params(Who who, string run, IReadOnlyDictionary<string, string> values, CancellationToken stop = default);

    /// <summary>Keeps measured values. A point with the same run, key, step and time is kept once, so a batch may be sent again.</summary>
    Task Metrics(Who who, string run, IReadOnlyList<MetricPoint> points, CancellationToken stop = default);

    /// <summary>Sets or replaces tags; also of a run that is over.</summary>
    Task Tags(Who who, string run, IReadOnlyDictionary<string, string> values, CancellationToken stop = default);

    /// <summary>Names a blob as a file of the run; the same bytes again are fine, others are <c>artifact_set</c>.</summary>
    Task<RunArtifact> Artifact(Who who, string run, string name, Blob blob, CancellationToken stop = default);

    /// <summary>Ends a run. Ending it again the same way returns it as it is; another way is <c>run_over</c>.</summary>
    Task<Run> End(Who who, string run, RunStatus status, CancellationToken stop = default);

    /// <summary>The same inside a transaction: the run is over if and only if the deed happened.</summary>
    Task<Run> End(Tx tx, Who who, string run, RunStatus status);

    Task<Run?> Find(string run, CancellationToken stop = default);

    /// <summary>The newest runs, newest first; of one experiment when it is named. Children of studies are left out unless asked for.</summary>
    Task<List<Run>> Newest(string project, string? experiment = null, int most = 100, bool children = false, CancellationToken stop = default);

    /// <summary>The tunes of a study, oldest first.</summary>
    Task<List<Run>> Children(string run, CancellationToken stop = default);

    /// <summary>
    /// The finished run with the best last value of a metric; of one experiment, and of one study, when named. Equal
    /// values: the one that began earlier. NaN and infinities are never best.
    /// </summary>
    Task<Run?> Best(string project, string? experiment, string metric, Direction direction = Direction.Maximize, string? parent = null, CancellationToken stop = default);

    /// <summary>By name.</summary>
    Task<List<RunArtifact>> ArtifactsOf(string run, CancellationToken stop = default);

    /// <summary>Every value of one metric, or of all, by key, step and time.</summary>
    Task<List<MetricPoint>> MetricsOf(string run, string? key = null, CancellationToken stop = default);
}

public enum Direction { Maximize, Minimize }
