using Steward.Identity;
using Steward.Storage;

namespace Steward.Work;

/// <summary>
/// What must happen, once: tasks with a unique key, a lease, a fencing token, retries, cancel and progress. The same
/// contract on SQLite for one node and PostgreSQL for many.
/// </summary>
public interface ILedger
{
    /// <summary>Adds a task, or returns the one that already has its key.</summary>
    Task<WorkTask> Add(NewTask task, Who who, CancellationToken stop = default);

    /// <summary>The same inside a transaction: the task exists if and only if the deed happened.</summary>
    Task<WorkTask> Add(Tx tx, NewTask task, Who who);

    Task<WorkTask?> Find(string id, CancellationToken stop = default);

    /// <summary>The newest tasks of a project, newest first.</summary>
    Task<List<WorkTask>> Newest(string project, int most = 50, CancellationToken stop = default);

    /// <summary>Asks a task to stop: a waiting one is cancelled at once, a running one at its next renewal.</summary>
    Task<WorkTask> Cancel(string id, Who who, CancellationToken stop = default);

    /// <summary>Takes the oldest due task of these kinds and leases it; null when none is due.</summary>
    Task<Claim?> Claim(IReadOnlyCollection<string> kinds, string worker, TimeSpan lease, CancellationToken stop = default);

    /// <summary>Prolongs the lease and tells progress (0 to 1). False when the task should stop: cancelled, or somebody else holds it now.</summary>
    Task<bool> Renew(Claim claim, TimeSpan lease, double? progress = null, string? message = null, CancellationToken stop = default);

    /// <summary>Ends the task as done together with its effect, in one transaction that checks the fencing token; <c>lease_lost</c> when another worker took over.</summary>
    Task Complete(Claim claim, Func<Tx, Task<object?>> effect, CancellationToken stop = default);

    /// <summary>Ends the attempt; the task is tried again until its attempts are used up.</summary>
    Task Fail(Claim claim, string error, bool again, CancellationToken stop = default);
}

/// <param name="Project">Whose work it is.</param>
/// <param name="Kind">Which handler does it: <c>train</c>.</param>
/// <param name="Key">Unique while it exists: the same key never runs twice.</param>
/// <param name="Payload">JSON for the handler.</param>
/// <param name="MaxAttempts">How often it is tried before it counts as failed.</param>
/// <param name="NotBefore">Due from then on; at once when null.</param>
public sealed record NewTask(string Project, string Kind, string Key, object Payload, int MaxAttempts = 3, DateTimeOffset? NotBefore = null);

public enum WorkState { Waiting, Running, Done, Failed, Cancelled }

public sealed record WorkTask(
    string Id, string Project, string Kind, string Key, WorkState State, string Payload, string? Result, string? Error,
    int Attempt, int MaxAttempts, long Fence, double? Progress, string? Message, bool CancelAsked, string? Worker,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? LeaseUntil)
{
    public bool IsOver => State is WorkState.Done or WorkState.Failed or WorkState.Cancelled;
}

/// <summary>A task that a worker holds for now. The fence grows with every claim: what an old holder writes is refused.</summary>
public sealed record Claim(WorkTask Task, string Worker)
{
    public long Fence => Task.Fence;

    public T Payload<T>() => Json.Read<T>(Task.Payload);
}

/// <summary>Does tasks of one kind. Registered as a singleton; Core runs the workers.</summary>
public interface IWorkHandler
{
    string Kind { get; }

    /// <summary>
    /// Does the work; throws to be tried again (<see cref="ProblemException"/> is final). Returns what completes it:
    /// the effect that commits together with the task's end, giving its result.
    /// </summary>
    Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop);
}

/// <param name="Claim">The task.</param>
/// <param name="Report">Tells progress, 0 to 1, and one sentence.</param>
public sealed record WorkContext(Claim Claim, Func<double?, string?, Task> Report);
