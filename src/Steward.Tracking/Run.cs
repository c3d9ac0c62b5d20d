using Steward.Events;

namespace Steward.Tracking;

/// <summary>One training of one model: what went in, what came out, how long it took. A study is a run whose children are its tunes.</summary>
/// <param name="Id">Made by us.</param>
/// <param name="Name">Given, or made from what changed: <c>lr=0.01,k=240</c>.</param>
/// <param name="Parent">The study it belongs to.</param>
/// <param name="By">The name of who started it.</param>
/// <param name="Data">What it learned from: <c>pictures@2</c>.</param>
/// <param name="Code">The commit of the code that ran.</param>
/// <param name="Environment">What it ran on: versions, machine.</param>
public sealed record Run(
    string Id, string Project, string Experiment, string Name, RunStatus Status, string? Parent, string By,
    string? Data, string? Code, string? Environment, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>What went in. A parameter is set once and never changes.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The last value of each metric: of the highest step, then the latest time. May hold NaN and infinities.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Null for runs that began before it was kept.</summary>
    public Lineage? Lineage { get; init; }

    public bool IsOver => Status is not RunStatus.Running;

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Took => EndedAt - StartedAt;

    /// <summary>The run as it stands once it is over. A run ends once; <c>run_over</c> otherwise.</summary>
    public Run End(RunStatus status, DateTimeOffset at)
    {
        if (status is RunStatus.Running || !Enum.IsDefined(status))
            throw ProblemException.Invalid("status_invalid", "A run ends as finished, failed or cancelled.", "Choose one of the three.");
        return IsOver
            ? throw Over()
            : this with { Status = status, EndedAt = at };
    }

    internal ProblemException Over()
        => ProblemException.Conflict("run_over", $"Run '{Name}' is over ({Status.Word()}); what it was does not change.", "Start a new run.");
}

public enum RunStatus { Running, Finished, Failed, Cancelled }

internal static class RunStatuses
{
    public static string Word(this RunStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>What to start.</summary>
/// <param name="Name">Null: the run is named after what changed against its parent, or the first run beside it.</param>
public sealed record NewRun(string Project, string Experiment, string? Name = null)
{
    public string? Parent { get; init; }
    public string? Data { get; init; }
    public string? Code { get; init; }
    public string? Environment { get; init; }

    /// <summary>The work tree it begins in.</summary>
    public Checkout? Checkout { get; init; }

    /// <summary>The revision of the project file that it follows; the newest when null.</summary>
    public int? ProjectFile { get; init; }

    /// <summary>What it runs on, to the version: kept as a file of the run.</summary>
    public EnvironmentText? Lock { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>What locks an environment.</summary>
/// <param name="Name">Of the run's file.</param>
public sealed record EnvironmentText(string Name, string Text)
{
    /// <summary>The lock that this program writes and reads.</summary>
    public const string OfFolder = "steward.lock";

    public const int MostCharacters = 4 << 20;
}

/// <summary>One measured value.</summary>
/// <param name="Step">Epoch, iteration or trial; 0 when there is only one.</param>
/// <param name="At">Now, when the caller does not say; said, the same point sent twice counts once.</param>
public sealed record MetricPoint(string Key, double Value, long Step = 0, DateTimeOffset? At = null);

/// <summary>A file that a run left: its name within the run and its bytes in the blob store.</summary>
public sealed record RunArtifact(string Name, Digest Blob, long Size, DateTimeOffset At);

/// <summary>A run is over. Told once per run, together with its end.</summary>
public sealed record RunEnded(string Project, string Experiment, string Run, string? Parent, RunStatus Status) : IEvent
{
    public static string Name => "tracking.run_ended";
}
