using Microsoft.Extensions.Hosting;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Agents;

/// <summary>
/// Jobs for agents: who holds which task. A task is held under a lease that the agent renews by asking; when the lease is
/// over it goes to another, and what the earlier holder tells is refused by its fence.
/// </summary>
internal sealed class AgentWork(Db db, AgentStore agents, AgentBell bell, IHostApplicationLifetime server, TimeProvider clock)
{
    /// <summary>An agent that asks is kept waiting at most this long; proxies cut what is silent for longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public async Task Add(string id, string project, string engine, IReadOnlyList<string> needs, JobSpec spec, IReadOnlyList<TaskFile>? files, CancellationToken stop)
    {
        await db.Write(async tx =>
        {
            await tx.Run("""
                INSERT INTO agent_job (id, project, engine, needs, spec, at_once, is_open, carries, added_at)
                VALUES (@id, @project, @engine, @needs, @spec, @AtOnce, 1, @carries, @now)
                """, new { id, project, engine, needs = Json.Write(needs), spec = Json.Write(spec), spec.AtOnce, carries = files is null ? 0 : 1, now = clock.GetUtcNow() });
            await AgentFiles.Give(tx, project, id, files ?? []);
            for (var number = 0; number < spec.Tasks; number++)
                await tx.Run("INSERT INTO agent_task (project, job, number, state) VALUES (@project, @id, @number, 'waiting')", new { project, id, number });
            tx.AfterCommit(bell.Ring);
        }, stop);
    }

    /// <summary>The job with its tasks; null when this engine never had it.</summary>
    public async Task<(JobSpec Spec, List<JobTask> Tasks)?> Find(string id, string engine, CancellationToken stop)
    {
        if (await db.One<string>("SELECT spec FROM agent_job WHERE id = @id AND engine = @engine", new { id, engine }, stop) is not { } spec)
            return null;
        await Expire(id, stop);
        var rows = await db.All<TaskRow>("SELECT number, state, agent, fence, exit_code, reason, peak_memory FROM agent_task WHERE job = @id ORDER BY number", new { id }, stop);
        return (Json.Read<JobSpec>(spec), [.. rows.Select(row => new JobTask(row.Number, row.State, row.ExitCode, row.Reason, row.PeakMemory, (int)row.Fence, row.Agent))]);
    }

    /// <summary>What waits is over at once; what runs is told to its agent, or is over with its lease.</summary>
    public Task Cancel(string id, CancellationToken stop) => db.Write(async tx =>
    {
        await tx.Run("UPDATE agent_job SET cancel_asked = 1 WHERE id = @id", new { id });
        await tx.Run("UPDATE agent_task SET state = 'cancelled', reason = @reason WHERE job = @id AND state = 'waiting'", new { id, reason = "It was cancelled." });
        await CloseWhenOver(tx, id);
        tx.AfterCommit(bell.Ring);
    }, stop);

    /// <summary>New tasks and orders for an agent, as soon as there are some; empty after a while.</summary>
    public async Task<Orders> Take(Who who, string project, Asking asking, CancellationToken gone)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, server.ApplicationStopping);
        var until = clock.GetUtcNow() + LongestWait;
        var orders = new Orders([], []);
        for (var first = true; ; first = false)
        {
            var ring = bell.Next;
            // Who is idle writes once a poll: after the first look, only where a job is open there is something to write.
            if (first || await HasWork(project, gone))
                orders = await Look(who, project, asking, gone);
            var left = until - clock.GetUtcNow();
            if (orders.Tasks.Count > 0 || orders.Stop.Count > 0 || left <= TimeSpan.Zero)
                return orders;
            try
            {
                await Bell.Wait(ring, left < Glance ? left : Glance, clock, end.Token);
            }
            catch (OperationCanceledException) when (server.ApplicationStopping.IsCancellationRequested)
            {
                return orders;
            }
        }
    }

    private async Task<bool> HasWork(string project, CancellationToken stop)
        => await db.One<string>("SELECT id FROM agent_job WHERE project = @project AND is_open = 1 LIMIT 1", new { project }, stop) is not null;

    /// <summary>The orders there are now, perhaps none.</summary>
    public Task<Orders> Look(Who who, string project, Asking asking, CancellationToken stop) => db.Write(tx => Take(tx, who, project, asking), stop);

    public async Task<List<Heard>> Tell(Who who, string project, Telling telling, CancellationToken stop) => await db.Write(async tx =>
    {
        var (agent, _) = await agents.Seen(tx, who, project, telling.Session);
        var heard = new List<Heard>();
        foreach (var report in telling.Reports)
            heard.Add(new(report.Key, await Take(tx, project, agent, telling.Session, report)));
        tx.AfterCommit(bell.Ring);
        return heard;
    }, stop);

    /// <summary>Gives back what an agent holds when it ends in order.</summary>
    public Task End(Who who, string project, string session, CancellationToken stop) => db.Write(async tx =>
    {
        var (agent, _) = await agents.Seen(tx, who, project, session);
        await tx.Run("UPDATE agent_task SET lease_until = @now WHERE project = @project AND agent = @agent AND session = @session AND state = 'running'", new { project, agent, session, now = clock.GetUtcNow() });
        await tx.Run("UPDATE agent SET session = NULL, seen_at = NULL WHERE project = @project AND name = @agent", new { project, agent });
        tx.AfterCommit(bell.Ring);
    }, stop);

    private async Task<Orders> Take(Tx tx, Who who, string project, Asking asking)
    {
        var (agent, labels) = await agents.Seen(tx, who, project, asking.Session);
        await Expire(tx, "t.project = @project", new { project });
        var lease = clock.GetUtcNow() + Agent.Lease;
        await tx.Run("UPDATE agent_task SET lease_until = @lease WHERE session = @Session AND state = 'running'", new { lease, asking.Session });
        var mine = await tx.All<HeldRow>("""
            SELECT t.job, t.number, t.fence, j.spec, j.cancel_asked, j.carries
              FROM agent_task t
              JOIN agent_job j ON j.id = t.job
             WHERE t.session = @Session AND t.state = 'running'
            """, new { asking.Session });
        var holding = asking.Holding.ToHashSet();
        // Given before, but the answer never arrived: given again.
        var given = new List<GivenTask>();
        foreach (var row in mine.Where(row => !holding.Contains(row.Key)))
            given.Add(await Given(tx, row.Key, row.Spec, row.Carries));
        List<TaskKey> end = [.. holding.Except(mine.Select(row => row.Key)), .. mine.Where(row => row.CancelAsked && holding.Contains(row.Key)).Select(row => row.Key)];
        var free = Math.Min(asking.Free, AgentStore.MostAtOnce) - given.Count;
        if (free > 0)
            given.AddRange(await Claim(tx, project, agent, labels, asking.Session, lease, free));
        return new(given, end);
    }

    private static async Task<List<GivenTask>> Claim(Tx tx, string project, string agent, IReadOnlyList<string> labels, string session, DateTimeOffset lease, int free)
    {
        var given = new List<GivenTask>();
        var jobs = await tx.All<JobRow>("""
            SELECT j.id, j.needs, j.spec, j.carries,
                   j.at_once - (SELECT count(*) FROM agent_task t WHERE t.job = j.id AND t.state = 'running') AS room
              FROM agent_job j
             WHERE j.project = @project AND j.is_open = 1 AND j.cancel_asked = 0
             ORDER BY j.id
            """, new { project });
        foreach (var job in jobs.Where(job => job.Room > 0 && Json.Read<List<string>>(job.Needs).All(labels.Contains)))
        {
            if (free <= given.Count)
                break;
            // Written to, so that two who claim from one job come one after the other.
            await tx.Run("UPDATE agent_job SET is_open = 1 WHERE id = @Id", new { job.Id });
            var taken = await tx.All<TaskKey>("""
                UPDATE agent_task SET state = 'running', agent = @agent, session = @session, fence = fence + 1, lease_until = @lease, reason = NULL
                 WHERE job = @Id AND state = 'waiting'
                   AND number IN (SELECT number FROM agent_task WHERE job = @Id AND state = 'waiting' ORDER BY number LIMIT @most)
                 RETURNING job, number, fence
                """, new { job.Id, agent, session, lease, most = Math.Min(free - given.Count, job.Room) });
            foreach (var key in taken.OrderBy(key => key.Number))
                given.Add(await Given(tx, key, job.Spec, job.Carries));
        }

        return given;
    }

    private static async Task<GivenTask> Given(Tx tx, TaskKey key, string spec, bool carries)
        => new(key, Json.Read<JobSpec>(spec), carries ? await AgentFiles.Of(tx, key.Job, key.Number) : null);

    private static async Task<bool> Take(Tx tx, string project, string agent, string session, Report report)
    {
        var (job, number, fence) = (report.Key.Job, report.Key.Number, report.Key.Fence);
        var held = await tx.One<HeldRow>("""
            SELECT t.job, t.number, t.fence, j.spec, j.cancel_asked, j.carries
              FROM agent_task t
              JOIN agent_job j ON j.id = t.job
             WHERE t.project = @project AND t.job = @job AND t.number = @number AND t.fence = @fence AND t.agent = @agent AND t.session = @session AND t.state = 'running'
            """, new { project, job, number, fence, agent, session });
        if (held is null)
            return false;
        var spec = Json.Read<JobSpec>(held.Spec);
        await AgentLogs.Keep(tx, project, report, spec.Limits.LogLines);
        if (report.End is not { } end)
            return true;
        if (end.State is JobState.Lost && !held.CancelAsked && fence <= spec.Requeue)
            await Free(tx, job, number, end.Reason);
        else
        {
            if (await AgentFiles.Settle(tx, project, report.Key, spec.BringsAll, report.Files ?? []) is { } wrong)
                end = end with { State = JobState.Failed, Reason = wrong };
            await tx.Run("""
                UPDATE agent_task SET state = @State, exit_code = @ExitCode, reason = @reason, peak_memory = @PeakMemory, lease_until = NULL WHERE job = @job AND number = @number
                """, new { job, number, end.State, end.ExitCode, reason = end.Reason is null ? null : Names.Shorten(end.Reason, 500), end.PeakMemory });
        }

        await CloseWhenOver(tx, job);
        return true;
    }

    /// <summary>Most looks at a job find nobody late, and write nothing.</summary>
    private async Task Expire(string job, CancellationToken stop)
    {
        if (await db.One<long>("SELECT count(*) FROM agent_task WHERE job = @job AND state = 'running' AND lease_until <= @now", new { job, now = clock.GetUtcNow() }, stop) > 0)
            await db.Write(tx => Expire(tx, "t.job = @job", new { job }), stop);
    }

    /// <summary>Tasks whose agent was not heard of: cancelled when that was asked, else for another, as often as the job allows.</summary>
    private async Task Expire(Tx tx, string which, object values)
    {
        var now = clock.GetUtcNow();
        var late = (await tx.All<LateRow>($"""
            SELECT t.job, t.number, t.fence, t.agent, t.lease_until, j.spec, j.cancel_asked
              FROM agent_task t
              JOIN agent_job j ON j.id = t.job
             WHERE {which} AND j.is_open = 1 AND t.state = 'running'
            """, values)).Where(row => row.LeaseUntil <= now).ToList();
        foreach (var row in late)
        {
            var why = $"The agent {row.Agent} was gone before it ended.";
            if (row.CancelAsked)
                await tx.Run("UPDATE agent_task SET state = 'cancelled', reason = 'It was cancelled.', lease_until = NULL WHERE job = @Job AND number = @Number", new { row.Job, row.Number });
            else if (row.Fence <= Json.Read<JobSpec>(row.Spec).Requeue)
                await Free(tx, row.Job, row.Number, why);
            else
                await tx.Run("UPDATE agent_task SET state = 'lost', reason = @why, lease_until = NULL WHERE job = @Job AND number = @Number", new { row.Job, row.Number, why });
            await CloseWhenOver(tx, row.Job);
        }

        if (late.Count > 0)
            tx.AfterCommit(bell.Ring);
    }

    private static Task Free(Tx tx, string job, int number, string? why)
        => tx.Run("UPDATE agent_task SET state = 'waiting', agent = NULL, session = NULL, lease_until = NULL, reason = @why WHERE job = @job AND number = @number", new { job, number, why });

    private static Task CloseWhenOver(Tx tx, string id) => tx.Run("""
        UPDATE agent_job SET is_open = 0
         WHERE id = @id AND NOT EXISTS (SELECT 1 FROM agent_task WHERE job = @id AND state IN ('waiting', 'running'))
        """, new { id });

    private sealed record TaskRow
    {
        public int Number { get; init; }
        public JobState State { get; init; }
        public string? Agent { get; init; }
        public long Fence { get; init; }
        public int? ExitCode { get; init; }
        public string? Reason { get; init; }
        public long PeakMemory { get; init; }
    }

    private sealed record HeldRow(string Job, int Number, long Fence, string Spec, bool CancelAsked, bool Carries)
    {
        public TaskKey Key => new(Job, Number, Fence);
    }

    private sealed record LateRow(string Job, int Number, long Fence, string Agent, DateTimeOffset LeaseUntil, string Spec, bool CancelAsked);

    private sealed record JobRow(string Id, string Needs, string Spec, bool Carries, int Room);
}
