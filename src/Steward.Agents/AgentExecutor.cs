using System.Runtime.CompilerServices;
using Steward.Work;

namespace Steward.Agents;

/// <summary>An engine whose machines call in: the agents of one project that have all of some labels.</summary>
internal sealed class AgentExecutor(string name, string project, IReadOnlyList<string> needs, AgentStore agents, AgentWork work, AgentLogs logs, AgentBell bell, TimeProvider clock) : IExecutor
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    public string Name => name;

    public string Kind => "agent";

    /// <summary>By name: where it lies there is that machine's affair.</summary>
    public ChildProgram Program { get; } = new(["steward"]);

    public async Task<EngineFacts> Look(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var able = (await agents.All(project, stop)).Where(agent => agent.RevokedAt is null && needs.All(agent.Labels.Contains)).ToList();
        return able.Count == 0
            ? throw new ProblemException(ProblemKind.Unavailable, "engine_unreachable", $"No agent of '{project}' has the labels {string.Join(", ", needs)}.", $"Make one: steward agent token NAME {string.Join(' ', needs.Select(label => $"--label {label}"))}")
            : new(able.Max(agent => agent.Version) ?? "none yet", [.. able.Select(agent => new EnginePlace(agent.Name, agent.IsHere(now) ? "up" : "away", agent.IsHere(now) ? 1 : 0, agent.AtOnce, 0))], []);
    }

    public ChildFolder Folder(string what) => throw new ProblemException(ProblemKind.Conflict, "engine_shares_nothing", $"The agents of '{name}' share no folder with this server.", "Give the task what it needs by its arguments, or choose another engine.");

    public async Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        if (spec.After.Count > 0)
            throw ProblemException.Invalid("engine_cannot", "Jobs for agents do not wait for each other.", "Submit the second when the first is over.");
        var id = spec.Id ?? Names.NewId();
        await work.Add(id, project, name, needs, spec, stop);
        return new(name, id);
    }

    public async Task<JobStatus?> Observe(Job job, CancellationToken stop)
        => job.Engine == name && await work.Find(job.Id, name, stop) is (var spec, var tasks) ? new JobStatus(tasks, spec.Labels) : null;

    public async Task<JobStatus> Wait(Job job, CancellationToken stop)
    {
        while (true)
        {
            var ring = bell.Next;
            var status = await Observe(job, stop) ?? throw Unknown(job);
            if (status.IsOver)
                return status;
            await Bell.Wait(ring, Glance, clock, stop);
        }
    }

    public async Task Cancel(Job job, CancellationToken stop)
    {
        if (await Observe(job, stop) is null)
            return;
        await work.Cancel(job.Id, stop);
        await Wait(job, stop);
    }

    public async IAsyncEnumerable<LogLine> Logs(Job job, int task, bool follow, [EnumeratorCancellation] CancellationToken stop)
    {
        if (job.Engine != name || await work.Find(job.Id, name, stop) is not (var spec, var tasks))
            throw Unknown(job);
        if (task < 0 || task >= tasks.Count)
            throw ProblemException.NotFound("task of the job", $"{task}");
        for (var seen = 0L; ;)
        {
            var ring = bell.Next;
            // Looked at before the lines are: what came before the end is all read.
            var over = (await Observe(job, stop))!.Tasks[task].IsOver;
            (var news, seen) = await logs.Since(job.Id, task, seen, spec.Limits.LogLines, stop);
            foreach (var line in news)
                yield return line;
            if (over || !follow)
                yield break;
            await Bell.Wait(ring, Glance, clock, stop);
        }
    }

    private static ProblemException Unknown(Job job) => ProblemException.NotFound("job", Names.Shorten(job.Id));
}
