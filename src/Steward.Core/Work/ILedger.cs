using Steward.Identity;
using Steward.Storage;

namespace Steward.Work;

/// <summary>
/// What must happen, once: tasks with a unique key, a lease, a fencing token, retries, cancel and progress. The same
/// contract on SQLite for one node and PostgreSQL for many.
/// </summary>
public interface ILedger
{
    /// <summary>Adds a task, or returns the one of this project and kind that already has its key, also when that one is over.</summary>
    Task<WorkTask> Add(NewTask task, Who who, CancellationToken stop = default);

    /// <summary>The same inside a transaction: the task exists if and only if the deed happened.</summary>
    Task<WorkTask> Add(Tx tx, NewTask task, Who who);

    Task<WorkTask?> Find(string id, CancellationToken stop = default);

    /// <summary>The newest tasks of a project, newest first.</summary>
    Task<List<WorkTask>> Newest(string project, int most = 50, CancellationToken stop = default);

    /// <summary>Asks a task to stop: a waiting one is cancelled at once, a running one at its next renewal. From then on its effect is refused.</summary>
    Task<WorkTask> Cancel(string id, Who who, CancellationToken stop = default);

    /// <summary>Takes the oldest due task of these kinds and leases it; null when none is due.</summary>
    Task<Claim?> Claim(IReadOnlyCollection<string> kinds, string worker, TimeSpan lease, CancellationToken stop = default);

    /// <summary>Prolongs the lease and tells progress (0 to 1). False when the task should stop: cancelled, or somebody else holds it now.</summary>
    Task<bool> Renew(Claim claim, TimeSpan lease, double? progress = null, string? message = null, CancellationToken stop = default);

    /// <summary>
    /// Ends the task as done together with its effect, in one transaction that checks the fencing token: <c>lease_lost</c>
    /// when another worker took over, <c>task_cancelled</c> when it was asked to stop. An effect that gives
    /// <see cref="WorkFailed"/> ends it as failed, and is kept all the same.
    /// </summary>
    Task Complete(Claim claim, Func<Tx, Task<object?>> effect, CancellationToken stop = default);

    /// <summary>Ends the attempt; the task is tried again, later each time, until its attempts are used up. A task that was asked to stop is cancelled instead. Nothing happens when another worker took over.</summary>
    /// <param name="code">Stable, for programs.</param>
    Task Fail(Claim claim, string error, bool again, string? code = null, CancellationToken stop = default);

    /// <summary>Gives the task back as if it had not been taken: due at once, and the attempt does not count.</summary>
    Task GiveBack(Claim claim, CancellationToken stop = default);
}

/// <param name="Project">Whose work it is.</param>
/// <param name="Kind">Which handler does it: <c>train</c>.</param>
/// <param name="Key">Unique in its project and kind, for ever: the same key never runs twice. Put in what makes it another task (a version, a window, an attempt of a person).</param>
/// <param name="Payload">JSON for the handler.</param>
/// <param name="MaxAttempts">How often it is tried before it counts as failed.</param>
/// <param name="NotBefore">Due from then on; at once when null.</param>
public sealed record NewTask(string Project, string Kind, string Key, object Payload, int MaxAttempts = 3, DateTimeOffset? NotBefore = null);

public enum WorkState { Waiting, Running, Done, Failed, Cancelled }

/// <param name="Error">Why the last attempt failed, for people; <paramref name="ErrorCode"/> is for programs.</param>
/// <param name="DueAt">When it is due, or, while it runs, when its lease ends; null when it is over.</param>
public sealed record WorkTask(
    string Id, string Project, string Kind, string Key, WorkState State, string Payload, string? Result, string? Error, string? ErrorCode,
    int Attempt, int MaxAttempts, long Fence, double? Progress, string? Message, bool CancelAsked, string? Worker, string AddedBy,
    DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsOver => State is WorkState.Done or WorkState.Failed or WorkState.Cancelled;

    public DateTimeOffset? LeaseUntil => State is WorkState.Running ? DueAt : null;
}

/// <summary>A task that a worker holds for now. The fence grows with every claim: what an old holder writes is refused.</summary>
public sealed record Claim(WorkTask Task, string Worker)
{
    public long Fence => Task.Fence;

    public T Payload<T>() => Json.Read<T>(Task.Payload);
}

/// <summary>Does tasks of one kind. Registered as a singleton <c>IWorkHandler</c>; Core runs the workers.</summary>
public interface IWorkHandler
{
    string Kind { get; }

    /// <summary>How many tasks of this kind one server does at once; the workers of the server are the limit for all kinds together.</summary>
    int AtOnce => int.MaxValue;

    /// <summary>
    /// Does the work; throws to be tried again (<see cref="ProblemException"/> is final). Returns what completes it:
    /// the effect that commits together with the task's end, giving its result.
    /// </summary>
    /// <param name="stop">Cancelled when the task is, when another worker took over, and when the server stops.</param>
    Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop);
}

/// <summary>What an effect gives back when the work came to its end and failed: what it wrote is kept, and the task has failed.</summary>
/// <param name="Code">Stable, for programs.</param>
public sealed record WorkFailed(string Error, string? Code);

/// <param name="Claim">The task.</param>
/// <param name="Report">Tells progress, 0 to 1, and one sentence. Cheap: it is kept at most a few times a second, the newest wins.</param>
public sealed record WorkContext(Claim Claim, Func<double?, string?, Task> Report)
{
    /// <summary>Until it is disposed the task only waits for another machine, and takes no place of this server's workers.</summary>
    public Func<IDisposable> Away { get; init; } = () => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
