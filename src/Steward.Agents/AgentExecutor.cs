using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Steward.Agents.Running;
using Steward.Work;

namespace Steward.Agents;

/// <summary>An engine whose machines call in: the agents of one project that have all of some labels.</summary>
internal sealed class AgentExecutor(string name, string project, IReadOnlyList<string> needs, AgentStore agents, AgentWork work, AgentFiles files, AgentLogs logs, AgentBell bell, string root, TimeProvider clock) : IExecutor
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, byte> _folders = new();
    private readonly ConcurrentDictionary<string, Carried> _carried = new();

    public string Name => name;

    public string Kind => "agent";

    /// <summary>By name: each agent runs the program that it is itself.</summary>
    public ChildProgram Program { get; } = new([AgentSettings.Ours]) { Environment = new Dictionary<string, string>() };

    public async Task<EngineFacts> Look(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var able = (await agents.All(project, stop)).Where(agent => agent.RevokedAt is null && needs.All(agent.Labels.Contains)).ToList();
        return able.Count == 0
            ? throw new ProblemException(ProblemKind.Unavailable, "engine_unreachable", $"No agent of '{project}' has the labels {string.Join(", ", needs)}.", $"Make one: steward agent token NAME {string.Join(' ', needs.Select(label => $"--label {label}"))}")
            : new(able.Max(agent => agent.Version) ?? "none yet", [.. able.Select(agent => new EnginePlace(agent.Name, agent.IsHere(now) ? "up" : "away", agent.IsHere(now) ? 1 : 0, agent.AtOnce, 0))], []);
    }

    /// <summary>On this server; what lies there goes to the agents with the job, and what tasks made is there when they are over.</summary>
    public ChildFolder Folder(string what)
    {
        var path = PrivateFolder.Make(Path.Combine(root, $"{Names.Check("folder", what)}-{Names.NewId()}"));
        _folders.TryAdd(path, 0);
        return new(path);
    }

    public async Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        if (spec.After.Count > 0)
            throw ProblemException.Invalid("engine_cannot", "Jobs for agents do not wait for each other.", "Submit the second when the first is over.");
        var id = spec.Id ?? Names.NewId();
        // Only what was made here is carried: any other folder is one of the agent's own machine.
        var folder = spec.Folder is { } path && _folders.ContainsKey(path) ? path : null;
        var carried = folder is null ? null : await files.Pack(folder, stop);
        if (folder is not null)
        {
            spec = spec with { Folder = null, Command = [.. spec.Command.Select(word => word.Replace(folder, GivenTask.FolderWord, StringComparison.Ordinal))] };
            _carried[id] = new(folder);
        }

        await work.Add(id, project, name, needs, spec, carried, stop);
        return new(name, id);
    }

    public async Task<JobStatus?> Observe(Job job, CancellationToken stop)
    {
        if (job.Engine != name || await work.Find(job.Id, name, stop) is not (var spec, var tasks))
            return null;
        if (_carried.TryGetValue(job.Id, out var carried))
            await carried.Bring(tasks.Count(task => task.IsOver), folder => files.Bring(job.Id, folder, stop));
        return new JobStatus(tasks, spec.Labels);
    }

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

    /// <summary>A job's folder here, and how many ends it has seen: what a task made came with its end.</summary>
    private sealed class Carried(string folder)
    {
        private readonly Lock _one = new();
        private Task _last = Task.CompletedTask;
        private int _ends;

        /// <summary>One after the other, whoever looks.</summary>
        public Task Bring(int ends, Func<string, Task> bring)
        {
            lock (_one)
                return _last = After(_last, ends, bring);
        }

        private async Task After(Task before, int ends, Func<string, Task> bring)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ends <= _ends || !Directory.Exists(folder))
                return;
            await bring(folder);
            _ends = ends;
        }
    }

    private static ProblemException Unknown(Job job) => ProblemException.NotFound("job", Names.Shorten(job.Id));
}
