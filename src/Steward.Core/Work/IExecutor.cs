namespace Steward.Work;

/// <summary>
/// The seam to engines that run commands: submit one or an array, observe, cancel, logs, limits, labels. The embedded
/// engine is <c>process</c>. An engine places and restarts; what must happen is the ledger's.
/// </summary>
public interface IExecutor
{
    /// <summary><c>process</c>, later <c>slurm</c>, <c>kubernetes</c>, <c>databricks</c>.</summary>
    string Name { get; }

    Task<Job> Submit(JobSpec spec, CancellationToken stop = default);

    /// <summary>Where each task of the job stands; null when this engine does not know the job.</summary>
    Task<JobStatus?> Observe(Job job, CancellationToken stop = default);

    /// <summary>Waits until every task is over.</summary>
    Task<JobStatus> Wait(Job job, CancellationToken stop = default);

    /// <summary>Ends every task that is not over, with all its descendants.</summary>
    Task Cancel(Job job, CancellationToken stop = default);

    /// <summary>Lines of one task, standard output and error as they came; with <paramref name="follow"/> until it is over.</summary>
    IAsyncEnumerable<LogLine> Logs(Job job, int task = 0, bool follow = false, CancellationToken stop = default);
}

/// <param name="Name">For people and labels.</param>
/// <param name="Command">The program and its arguments: an array, never a shell string.</param>
public sealed record JobSpec(string Name, IReadOnlyList<string> Command)
{
    /// <summary>How many times the command runs, with STEWARD_TASK_INDEX from 0.</summary>
    public int Tasks { get; init; } = 1;

    /// <summary>How many of them at once.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>The whole environment of the child besides PATH, HOME, LANG and TMPDIR; nothing else is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder of its own (empty, 0700) when null.</summary>
    public string? Folder { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public JobLimits Limits { get; init; } = new();

    /// <summary>Keeps the command's standard input open and silent until it ends, so that its end tells a child that the server is gone; otherwise the input is empty.</summary>
    internal bool HoldInput { get; init; }
}

public sealed record JobLimits
{
    /// <summary>Bytes resident in the task and its descendants together.</summary>
    public long Memory { get; init; } = 2L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Lines of log kept per task; older ones go.</summary>
    public int LogLines { get; init; } = 10_000;
}

public sealed record Job(string Engine, string Id);

public sealed record JobStatus(IReadOnlyList<JobTask> Tasks)
{
    public bool IsOver => Tasks.All(task => task.IsOver);
    public bool Succeeded => Tasks.All(task => task.State is JobState.Succeeded);
}

/// <param name="ExitCode">The command's own, when it ended by itself.</param>
/// <param name="Reason">Why it ended otherwise, in a sentence: over its memory, over its time, cancelled, lost.</param>
public sealed record JobTask(int Index, JobState State, int? ExitCode = null, string? Reason = null, long PeakMemory = 0)
{
    public bool IsOver => State is not (JobState.Waiting or JobState.Running);
}

public enum JobState { Waiting, Running, Succeeded, Failed, OverMemory, OverTime, Cancelled, Lost }

public sealed record LogLine(DateTimeOffset At, bool IsError, string Text);
