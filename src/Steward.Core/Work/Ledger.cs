using System.Text.Json;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Work;

/// <summary>All SQL about tasks.</summary>
internal sealed class Ledger(Db db, IAudit audit, Backoff backoff, WorkSignals signals, TimeProvider clock) : ILedger
{
    private const int LongestKey = 200, LargestJson = 1 << 20;
    private const string Columns = """
        id, project, kind, key, state, payload, result, error, error_code, attempt, max_attempts, fence, progress, message,
        cancel_asked, worker, added_by, created_at, due_at, started_at, ended_at
        """;

    public Task<WorkTask> Add(NewTask task, Who who, CancellationToken stop) => db.Write(tx => Add(tx, task, who), stop);

    public async Task<WorkTask> Add(Tx tx, NewTask task, Who who)
    {
        Names.Check("project", task.Project);
        Names.Check("kind of task", task.Kind);
        Names.Text("key of a task", task.Key, LongestKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(task.MaxAttempts, 1);
        var now = clock.Now();
        var added = await tx.One<WorkTask>($"""
            INSERT INTO task (id, project, kind, key, state, payload, attempt, max_attempts, fence, cancel_asked, added_by, created_at, due_at)
            VALUES (@id, @Project, @Kind, @Key, @State, @payload, 0, @MaxAttempts, 0, 0, @by, @now, @due)
            ON CONFLICT (project, kind, key) DO NOTHING
            RETURNING {Columns}
            """, new { id = Names.NewId(), task.Project, task.Kind, task.Key, State = WorkState.Waiting, payload = Small(task.Payload), task.MaxAttempts, by = who.Name, now, due = task.NotBefore ?? now });
        if (added is not null)
            tx.AfterCommit(signals.Due.Ring);
        return added ?? (await tx.One<WorkTask>($"SELECT {Columns} FROM task WHERE project = @Project AND kind = @Kind AND key = @Key", new { task.Project, task.Kind, task.Key }))!;
    }

    public Task<WorkTask?> Find(string id, CancellationToken stop) => db.One<WorkTask>($"SELECT {Columns} FROM task WHERE id = @id", new { id }, stop);

    public Task<List<WorkTask>> Newest(string project, int most, CancellationToken stop) => db.All<WorkTask>($"""
        SELECT {Columns}
          FROM task
         WHERE project = @project
         ORDER BY created_at DESC, id DESC
         LIMIT @most
        """, new { project, most }, stop);

    public Task<WorkTask> Cancel(string id, Who who, CancellationToken stop) => db.Write(async tx =>
    {
        var before = await tx.One<WorkTask>($"SELECT {Columns} FROM task WHERE id = @id {tx.Dialect.ForUpdate}", new { id }) ?? throw ProblemException.NotFound("task", Names.Shorten(id), "steward task list shows those of the project.");
        who.Demand(Permission.Edit, before.Project);
        if (before.CancelAsked)
            return before;
        if (before.IsOver)
            throw ProblemException.Conflict("task_over", $"The task is {before.State.ToString().ToLowerInvariant()} already; there is nothing left to cancel.", $"steward task show {id}");
        var after = (await tx.One<WorkTask>($"""
            UPDATE task
               SET cancel_asked = 1,
                   state        = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END,
                   ended_at     = CASE WHEN state = 'waiting' THEN @now ELSE ended_at END,
                   due_at       = CASE WHEN state = 'waiting' THEN NULL ELSE due_at END
             WHERE id = @id
            RETURNING {Columns}
            """, new { id, now = clock.GetUtcNow() }))!;
        await audit.Write(tx, who, "task.cancelled", after.Project, $"{after.Kind} {after.Key}", new { after.Id, was = before.State });
        tx.AfterCommit(signals.Cancel.Ring);
        signals.ChangedWith(tx, id);
        return after;
    }, stop);

    public async Task<Claim?> Claim(IReadOnlyCollection<string> kinds, string worker, TimeSpan lease, CancellationToken stop)
        => (await Claim(taken => taken.Count == 0 ? kinds : [], worker, lease, stop)).SingleOrDefault();

    /// <summary>Takes all that there is a place for, in one write.</summary>
    /// <param name="free">The kinds that one more may be taken of, beside those taken so far.</param>
    public async Task<IReadOnlyList<Claim>> Claim(Func<IReadOnlyList<Claim>, IReadOnlyCollection<string>> free, string worker, TimeSpan lease, CancellationToken stop)
    {
        // A read first, so that a server without work writes nothing.
        if (free([]) is not { Count: > 0 } any || await db.One<string>("SELECT id FROM task WHERE due_at <= @now AND kind IN @kinds LIMIT 1", new { kinds = any, now = clock.GetUtcNow() }, stop) is null)
            return [];
        return await db.Write(async tx =>
        {
            var taken = new List<Claim>();
            while (free(taken) is { Count: > 0 } kinds && await Take(tx, kinds, worker, lease) is { } task)
                if (task.CancelAsked)
                    await End(tx, task.Id, WorkState.Cancelled, null, null);
                else if (task.Attempt > task.MaxAttempts)
                    await End(tx, task.Id, WorkState.Failed, $"The worker was lost while it did the task, in {Say.Count(task.MaxAttempts, "attempt")} of {task.MaxAttempts}.", "worker_lost");
                else
                    taken.Add(new(task, worker));
            return taken;
        }, stop);
    }

    public async Task<bool> Renew(Claim claim, TimeSpan lease, double? progress, string? message, CancellationToken stop)
    {
        var asked = await db.Write(tx =>
        {
            signals.ChangedWith(tx, claim.Task.Id);
            return tx.One<long?>("""
                UPDATE task
                   SET due_at = @until, progress = coalesce(@progress, progress), message = coalesce(@message, message)
                 WHERE id = @Id AND fence = @Fence AND state = 'running'
                RETURNING cancel_asked
                """, new { claim.Task.Id, claim.Fence, until = clock.GetUtcNow() + lease, progress, message });
        }, stop);
        return asked == 0;
    }

    public Task Complete(Claim claim, Func<Tx, Task<object?>> effect, CancellationToken stop) => db.Write(async tx =>
    {
        var held = new { claim.Task.Id, claim.Fence, now = clock.GetUtcNow() };
        // The end comes first: it holds the row, so that nobody takes the task over while the effect is written.
        var ended = await tx.Run("""
            UPDATE task
               SET state = 'done', progress = 1, error = NULL, error_code = NULL, due_at = NULL, ended_at = @now
             WHERE id = @Id AND fence = @Fence AND state = 'running' AND cancel_asked = 0
            """, held);
        if (ended == 0)
            throw await tx.One<long?>("SELECT cancel_asked FROM task WHERE id = @Id AND fence = @Fence AND state = 'running'", held) == 1
                ? ProblemException.Conflict("task_cancelled", "The task was cancelled before its effect was kept.")
                : ProblemException.Conflict("lease_lost", "Another worker took this task over; what this one made is not kept.");
        var result = await effect(tx);
        if (result is WorkFailed failed)
            await tx.Run("UPDATE task SET state = 'failed', error = @Error, error_code = @Code WHERE id = @Id", new { claim.Task.Id, failed.Error, failed.Code });
        else if (result is not null)
            await tx.Run("UPDATE task SET result = @result WHERE id = @Id", new { claim.Task.Id, result = Small(result) });
        signals.ChangedWith(tx, claim.Task.Id);
    }, stop);

    public Task Fail(Claim claim, string error, bool again, string? code, CancellationToken stop) => db.Write(async tx =>
    {
        var now = clock.GetUtcNow();
        await tx.Run("""
            UPDATE task
               SET state      = CASE WHEN cancel_asked = 1 THEN 'cancelled' WHEN @again = 1 AND attempt < max_attempts THEN 'waiting' ELSE 'failed' END,
                   due_at     = CASE WHEN cancel_asked = 0 AND @again = 1 AND attempt < max_attempts THEN @due END,
                   ended_at   = CASE WHEN cancel_asked = 0 AND @again = 1 AND attempt < max_attempts THEN ended_at ELSE @now END,
                   error      = CASE WHEN cancel_asked = 1 THEN error ELSE @error END,
                   error_code = CASE WHEN cancel_asked = 1 THEN error_code ELSE @code END,
                   worker     = NULL
             WHERE id = @Id AND fence = @Fence AND state = 'running'
            """, new { claim.Task.Id, claim.Fence, again, now, due = now + backoff.After(claim.Task.Attempt), error, code });
        signals.ChangedWith(tx, claim.Task.Id);
    }, stop);

    public Task GiveBack(Claim claim, CancellationToken stop) => db.Write(async tx =>
    {
        await tx.Run("""
            UPDATE task
               SET state = 'waiting', attempt = attempt - 1, due_at = @now, worker = NULL
             WHERE id = @Id AND fence = @Fence AND state = 'running'
            """, new { claim.Task.Id, claim.Fence, now = clock.GetUtcNow() });
        tx.AfterCommit(signals.Due.Ring);
        signals.ChangedWith(tx, claim.Task.Id);
    }, stop);

    /// <summary>Makes everything due that this worker held before its process died; the attempts count.</summary>
    public Task<int> TakeBack(string worker, CancellationToken stop)
        => db.Run("UPDATE task SET state = 'waiting', due_at = @now, worker = NULL WHERE state = 'running' AND due_at IS NOT NULL AND worker = @worker", new { worker, now = clock.GetUtcNow() }, stop);

    private Task<WorkTask?> Take(Tx tx, IReadOnlyCollection<string> kinds, string worker, TimeSpan lease)
    {
        var now = clock.GetUtcNow();
        return tx.One<WorkTask>($"""
            UPDATE task
               SET state = 'running', worker = @worker, fence = fence + 1, attempt = attempt + 1, due_at = @until, started_at = @now, progress = NULL, message = NULL
             WHERE id = (SELECT id FROM task WHERE due_at <= @now AND kind IN @kinds ORDER BY due_at, id LIMIT 1 {tx.Dialect.SkipLocked})
            RETURNING {Columns}
            """, new { kinds, worker, now, until = now + lease });
    }

    private async Task End(Tx tx, string id, WorkState state, string? error, string? code)
    {
        await tx.Run("""
            UPDATE task
               SET state = @state, error = coalesce(@error, error), error_code = coalesce(@code, error_code), attempt = attempt - 1, due_at = NULL, worker = NULL, ended_at = @now
             WHERE id = @id
            """, new { id, state, error, code, now = clock.GetUtcNow() });
        signals.ChangedWith(tx, id);
    }

    private static string Small(object json)
    {
        var text = JsonSerializer.Serialize(json, json.GetType(), Json.Options);
        return text.Length <= LargestJson ? text : throw new InvalidOperationException($"A task's JSON has {text.Length} characters; what is large belongs into the blob store.");
    }
}
