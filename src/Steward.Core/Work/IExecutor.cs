namespace Steward.Work;

/// <summary>
/// The seam to engines that run commands: submit one or an array, observe, cancel, logs, limits, labels. The embedded
/// engine is <c>process</c>. An engine places and restarts; what must happen is the ledger's.
/// </summary>
public interface IExecutor
{
    /// <summary>What people call it: <c>process</c>, or its name in <c>engines.yaml</c>.</summary>
    string Name { get; }

    /// <summary><c>process</c>, <c>slurm</c>, <c>kubernetes</c>, <c>databricks</c>, <c>agent</c>.</summary>
    string Kind => Name;

    /// <summary>How its tasks call this program.</summary>
    ChildProgram Program { get; }

    /// <summary>Asks the engine how it is; <c>engine_unreachable</c> when it does not answer.</summary>
    Task<EngineFacts> Look(CancellationToken stop = default);

    /// <summary>A new empty folder (0700) that tasks of this engine see: under the same path, or carried to them and back by the names of its files (<see cref="ChildTask.Of"/>). <c>engine_shares_nothing</c> when there is none. Disposing removes it.</summary>
    ChildFolder Folder(string what);

    Task<Job> Submit(JobSpec spec, CancellationToken stop = default);

    /// <summary>The job that submitting this gives, or gave, also to a server that fell before it was told: <see cref="JobSpec.Id"/> is said.</summary>
    Job Named(JobSpec spec) => new(Name, spec.Id!);

    /// <summary>Where each task of the job stands; null when this engine does not know the job.</summary>
    Task<JobStatus?> Observe(Job job, CancellationToken stop = default);

    /// <summary>Waits until every task is over, also while the engine does not answer for a time.</summary>
    Task<JobStatus> Wait(Job job, CancellationToken stop = default);

    /// <summary>Ends every task that is not over, with all its descendants.</summary>
    Task Cancel(Job job, CancellationToken stop = default);

    /// <summary>Lines of one task, standard output and error as they came (<c>kubernetes</c> does not tell which is which); with <paramref name="follow"/> until it is over.</summary>
    IAsyncEnumerable<LogLine> Logs(Job job, int task = 0, bool follow = false, CancellationToken stop = default);
}

/// <param name="Name">For people and labels.</param>
/// <param name="Command">The program and its arguments: an array, never a shell string.</param>
public sealed record JobSpec(string Name, IReadOnlyList<string> Command)
{
    /// <summary>32 hex digits that no other job has, for who must find it again; made by the engine when it is not said.</summary>
    public string? Id { get; init; }

    /// <summary>How many times the command runs, with STEWARD_TASK_INDEX from 0.</summary>
    public int Tasks { get; init; } = 1;

    /// <summary>The index of the first of them; an engine that hands single tasks on counts from theirs.</summary>
    public int FirstIndex { get; init; }

    /// <summary>How many of them at once.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>The whole environment of the child besides PATH, HOME, LANG and TMPDIR; nothing else is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder of its own (empty, 0700) when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Every plain file that its one task leaves in the folder is wanted, whatever its name; engines that share no disk carry them back.</summary>
    public bool BringsAll { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public JobLimits Limits { get; init; } = new();

    /// <summary>How many times more a task is begun when it was lost, with its machine or by a kill from outside. A failure is never repeated.</summary>
    public int Requeue { get; init; }

    /// <summary>Jobs of the same engine that must succeed first; when one does not, this one is cancelled.</summary>
    public IReadOnlyList<Job> After { get; init; } = [];

    /// <summary>Keeps the command's standard input open and silent until it ends, so that its end tells a child that the server is gone; otherwise the input is empty.</summary>
    internal bool HoldInput { get; init; }

    internal int LogCharacters => LogCharactersOf(Tasks);

    /// <summary>Characters of log kept for each task of a job: at most 2 MB of it in memory, and 64 MB for all.</summary>
    public static int LogCharactersOf(int tasks) => Math.Clamp(32_000_000 / tasks, 16_000, 1_000_000);

    private const int MostTasks = 10_000, MostAtOnce = 256, MostRequeue = 100;

    /// <summary>Throws for what no engine can run.</summary>
    public JobSpec Checked()
    {
        if (Command.Count == 0 || Command.Any(part => part.Contains('\0')))
            throw ProblemException.Invalid("command_invalid", "The command is empty, or holds a character that no command can.", "Give the program and its arguments.");
        if (Id is not null && (Id.Length != 32 || !Id.All(char.IsAsciiHexDigitLower)))
            throw ProblemException.Invalid("job_invalid", "The id of a job is 32 hex digits.", "Leave it away.");
        if (Tasks is < 1 or > MostTasks || AtOnce is < 1 or > MostAtOnce)
            throw ProblemException.Invalid("job_invalid", $"A job has 1 to {MostTasks} tasks, of which 1 to {MostAtOnce} run at once; this one asks for {Tasks} and {AtOnce}.", "Cut it into several jobs.");
        if (BringsAll && Tasks != 1)
            throw ProblemException.Invalid("job_invalid", "Files of any name are brought back from a job of one task.", "Name each task's files by its number.");
        if (Requeue is < 0 or > MostRequeue)
            throw ProblemException.Invalid("job_invalid", $"A lost task is begun again at most {MostRequeue} times, not {Requeue}.", "Ask for fewer.");
        if (Environment.FirstOrDefault(one => one.Key.Length == 0 || !one.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(one.Key[0]) || one.Value.Contains('\0')) is { Key: { } name })
            throw ProblemException.Invalid("environment_invalid", $"'{Names.Shorten(name)}' cannot be a variable of a task.", "Names are letters, digits and underscores.");
        return this;
    }
}

public sealed record JobLimits
{
    /// <summary>Bytes resident in the task and its descendants together.</summary>
    public long Memory { get; init; } = 2L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Processors an engine sets aside for each task; on <c>process</c> all tasks share the machine's.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Lines of log kept per task; older ones go.</summary>
    public int LogLines { get; init; } = 10_000;
}

public sealed record Job(string Engine, string Id);

/// <param name="Labels">As they were submitted.</param>
public sealed record JobStatus(IReadOnlyList<JobTask> Tasks, IReadOnlyDictionary<string, string> Labels)
{
    public bool IsOver => Tasks.All(task => task.IsOver);
    public bool Succeeded => Tasks.All(task => task.State is JobState.Succeeded);
}

/// <param name="ExitCode">The command's own, when it ended by itself.</param>
/// <param name="Reason">Why it ended otherwise, in a sentence: over its memory, over its time, cancelled, lost. While it waits, what it waits for, when the engine says so.</param>
/// <param name="PeakMemory">Bytes, as far as it was seen; 0 when the engine does not tell.</param>
/// <param name="Begun">How many times it was begun.</param>
/// <param name="Machine">Where it runs or ran.</param>
public sealed record JobTask(int Index, JobState State, int? ExitCode = null, string? Reason = null, long PeakMemory = 0, int Begun = 0, string? Machine = null)
{
    public bool IsOver => State is not (JobState.Waiting or JobState.Running);
}

public enum JobState { Waiting, Running, Succeeded, Failed, OverMemory, OverTime, Cancelled, Lost }

public sealed record LogLine(DateTimeOffset At, bool IsError, string Text);
