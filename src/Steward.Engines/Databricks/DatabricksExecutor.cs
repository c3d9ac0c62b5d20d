using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Steward.Outside;
using Steward.Work;

namespace Steward.Engines.Databricks;

/// <summary>
/// Jobs as one-time runs of a Databricks workspace. The command runs as a process of the machine that Databricks gave its
/// task, under a host of ours (task.py) that needs Python alone; its log and its last word come through a volume.
/// </summary>
internal sealed partial class DatabricksExecutor : Cluster, IPinned, IDisposable
{
    private const int CallsAtOnce = 8, MostPages = 200, Tries = 3;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500), BetweenAsking = TimeSpan.FromSeconds(3);
    private readonly DatabricksSettings _settings;
    private readonly DatabricksApi _api;
    private readonly JobVolume _volume;
    private readonly Runtimes _runtimes;
    private readonly ConcurrentDictionary<(string Job, long Run), TaskEnd> _ends = new();

    public DatabricksExecutor(string name, DatabricksSettings settings, Secrets secrets, Reach reach, PinFile pins, TimeProvider clock) : base(name, settings.Patience, clock)
    {
        _settings = settings;
        _api = new(DatabricksApi.Address(settings.Workspace)!, settings.Token, secrets, reach, clock, why => EngineProblem.Silent(name, why), why => EngineProblem.Refused(name, why));
        _volume = new(_api, settings.Volume);
        _runtimes = new(name, settings.Runtime, pins, _api, clock);
        Program = new([settings.Program]) { Environment = new Dictionary<string, string>(ChildProgram.Ours().Environment.Where(one => one.Key != "DOTNET_ROOT")) };
    }

    public override string Kind => "databricks";

    public override ChildProgram Program { get; }

    public override async Task<EngineFacts> Look(CancellationToken stop)
    {
        _ = await _api.Get("/api/2.2/jobs/runs/list?limit=1", stop) ?? throw EngineProblem.Refused(Name, $"{_api.Host} is no workspace of Databricks.");
        _ = await _volume.List(_settings.Volume, stop) ?? throw EngineProblem.Refused(Name, $"there is no folder {_settings.Volume}, or this token may not see it.");
        string[] notes = ["Processors are not set aside: a task has those of its machine.", .. _settings.Folder is null ? ["It shares no folder with this server."] : Array.Empty<string>()];
        if (_settings.Cluster is not { } cluster)
            return new("Jobs API 2.2", [new(await _runtimes.Exact(stop) is { } runtime ? $"new clusters ({runtime})" : "serverless", "up", 0, 0, 0)], notes);
        var found = await _api.Get($"/api/2.1/clusters/get?cluster_id={cluster}", stop) ?? throw EngineProblem.Refused(Name, $"there is no cluster {cluster}.");
        return new($"Jobs API 2.2, Databricks Runtime {(string?)found["spark_version"]}",
            [new((string?)found["cluster_name"] ?? cluster, ((string?)found["state"] ?? "unknown").ToLowerInvariant(), 1 + ((int?)found["num_workers"] ?? 0), (int)((double?)found["cluster_cores"] ?? 0), ((long?)found["cluster_memory_mb"] ?? 0) << 20)], notes);
    }

    public override ChildFolder Folder(string what) => new(PrivateFolder.Make(Path.Combine(
        _settings.Folder ?? throw new ProblemException(ProblemKind.Conflict, "engine_shares_nothing", $"The engine '{Name}' shares no folder with this server.", "Name one that clusters and server see under the same path as its folder in engines.yaml, or choose another engine."), $"{Names.Check("folder", what)}-{Names.NewId()}")));

    public Task<EnginePin> Pin(CancellationToken stop) => _runtimes.Pin(stop);

    public override async Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        if (spec.After.Count > 0)
            throw EngineProblem.Cannot(Name, "does not let jobs wait for jobs", "Submit the second when the first is done.");
        if (SubmitRuns.Runs(spec.Tasks) > spec.AtOnce)
            throw EngineProblem.Cannot(Name, $"cuts {spec.Tasks} tasks into {SubmitRuns.Runs(spec.Tasks)} runs of {SubmitRuns.MostTasks} that go side by side, more than the {spec.AtOnce} at once that are asked for", $"Let {SubmitRuns.Runs(spec.Tasks)} or more run at once, or submit fewer tasks.");
        if (spec.Folder is { } folder && (_settings.Folder is null || !(folder + "/").StartsWith(_settings.Folder + "/", StringComparison.Ordinal)))
            throw EngineProblem.Cannot(Name, $"does not see the folder {Names.Shorten(folder)}", "Use one below its folder in engines.yaml, or none.");
        var job = JobFile.Of(spec.Id ?? Names.NewId(), spec, _settings) with { Runtime = await _runtimes.Exact(stop) };
        await _volume.Create(job, stop);
        try
        {
            await Taken(job, stop);
        }
        catch (ProblemException refused) when (refused.Code != EngineProblem.Unreachable)
        {
            await _volume.Remove(job.Id, CancellationToken.None);
            throw;
        }

        return new(Name, job.Id);
    }

    public override async Task<JobStatus?> Observe(Job job, CancellationToken stop)
        => !IsOurs(job) ? null : Remembered(job.Id) is { } known ? known : (await Look(job.Id, stop))?.Status;

    public override async Task Cancel(Job job, CancellationToken stop)
    {
        if (!IsOurs(job) || Remembered(job.Id) is not null || await Look(job.Id, stop) is not { Status.IsOver: false } found)
            return;
        await _volume.Cancel(job.Id, stop);
        foreach (var run in found.Runs)
            await CancelRun(run, stop);
        await Wait(job, stop);
    }

    public override async IAsyncEnumerable<LogLine> Logs(Job job, int task, bool follow, [EnumeratorCancellation] CancellationToken stop)
    {
        if (!IsOurs(job) || await Look(job.Id, stop) is not { } found)
            throw Unknown(job);
        CheckTask(found.File.Tasks, task);
        var ring = follow ? null : new LogRing(found.File.LogLines, found.File.LogCharacters);
        for (var (attempt, next, asked) = (0L, 0, Clock.GetTimestamp()); ;)
        {
            var over = !follow || found.Status.Tasks[task].IsOver;
            if (found.Attempts.GetValueOrDefault(task) is { } newest)
            {
                // A failure is not repeated, its word is: the log is that of the attempt it is about.
                var run = (await End(job.Id, newest, stop))?.Run ?? newest.Run;
                if (run != attempt)
                    (attempt, next) = (run, 0);
                var (parts, ended) = await _volume.Parts(job.Id, task, attempt, next, stop);
                foreach (var part in parts)
                {
                    next = part + 1;
                    foreach (var line in await _volume.Lines(job.Id, task, attempt, part, stop))
                        if (ring is null)
                            yield return line;
                        else
                            ring.Add(line);
                }

                // Its own last word is there sooner than what Databricks makes of it.
                asked = ended ? 0 : asked;
            }

            if (over)
                break;
            await Task.Delay(BetweenLooks, Clock, stop);
            if (asked != 0 && Clock.GetElapsedTime(asked) < BetweenAsking && found.Attempts.ContainsKey(task))
                continue;
            found = await Look(job.Id, stop) ?? throw Unknown(job);
            asked = Clock.GetTimestamp();
        }

        foreach (var line in ring?.Since(0).News ?? [])
            yield return line;
    }

    public void Dispose() => _api.Dispose();

    private async Task<Seen?> Look(string job, CancellationToken stop)
    {
        if (await _volume.Find(job, stop) is not { } file)
            return null;
        var runs = await _volume.Runs(job, stop) ?? await Taken(file, stop);
        var attempts = new Dictionary<int, RunTask>();
        foreach (var run in runs)
            foreach (var task in await Tasks(run, stop) ?? [])
                if (task.Index < file.Tasks && (!attempts.TryGetValue(task.Index, out var other) || other.Attempt <= task.Attempt))
                    attempts[task.Index] = task;
        if (attempts.Count == 0)
            return null; // Databricks forgets runs after 60 days
        var cancelled = attempts.Values.Any(task => task is { Life: "SKIPPED" } or { Result: "CANCELED" or "UPSTREAM_CANCELED" }) && await _volume.IsCancelled(job, stop);
        var states = new JobTask[file.Tasks];
        await Parallel.ForEachAsync(Enumerable.Range(0, file.Tasks), new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = stop }, async (index, own) => states[index] = attempts.GetValueOrDefault(index) is { } task ? await Judge(job, task, cancelled, own) : new(index, JobState.Waiting));
        var status = new JobStatus(states, file.Labels);
        if (status.IsOver)
        {
            Remember(job, status);
            foreach (var task in attempts.Values)
                _ends.TryRemove((job, task.Run), out _);
        }

        return new(file, runs, status, attempts);
    }

    private async Task<JobTask> Judge(string job, RunTask task, bool cancelled, CancellationToken stop)
    {
        var said = await End(job, task, stop);
        var begun = said is null && task.HasWord && await _volume.HasBegun(job, task.Index, task.Run, stop);
        var error = said is null && !begun && task is { HasWord: true, Result: "FAILED" } ? (string?)(await _api.Get($"/api/2.2/jobs/runs/get-output?run_id={task.Run}", stop))?["error"] : null;
        return task.Judge(said, begun, error, cancelled);
    }

    /// <summary>The word of a task that did not simply succeed, asked for once.</summary>
    private async Task<TaskEnd?> End(string job, RunTask task, CancellationToken stop)
    {
        if (!task.HasWord)
            return null;
        if (_ends.TryGetValue((job, task.Run), out var known))
            return known;
        return await _volume.EndOf(job, task.Index, task.Run, stop) is { } said ? _ends[(job, task.Run)] = said : null;
    }

    /// <summary>All tasks of a run, page by page; null when the workspace does not know it.</summary>
    private async Task<List<RunTask>?> Tasks(long run, CancellationToken stop)
    {
        var (tasks, next) = (new List<RunTask>(), "");
        for (var page = 0; page < MostPages; page++)
        {
            if (await _api.Get($"/api/2.2/jobs/runs/get?run_id={run}{(next.Length > 0 ? $"&page_token={Uri.EscapeDataString(next)}" : "")}", stop) is not { } found)
                return null;
            tasks.AddRange((found["tasks"]?.AsArray() ?? []).OfType<JsonNode>().Select(RunTask.Read).OfType<RunTask>());
            next = (string?)found["next_page_token"] ?? "";
            if (next.Length == 0)
                break;
        }

        return tasks;
    }

    /// <summary>
    /// The runs of a job, written down. A submission may have been taken without an answer, or by a server that fell before
    /// it wrote: asked again with the same token, Databricks answers with the run that it has.
    /// </summary>
    private async Task<List<long>> Taken(JobFile job, CancellationToken stop)
    {
        await _volume.PutScript(stop);
        var runs = new List<long>();
        try
        {
            foreach (var body in SubmitRuns.Of(job, _settings, _volume.Script, _volume.Folder(job.Id)))
                runs.Add(await Taken(body, stop));
        }
        catch (ProblemException)
        {
            foreach (var run in runs)
                await CancelRun(run, CancellationToken.None);
            throw;
        }

        await _volume.Keep(job.Id, runs, stop);
        return runs;
    }

    private async Task<long> Taken(JsonObject body, CancellationToken stop)
    {
        for (var tried = 1; ; tried++)
            try
            {
                return (long?)(await _api.Post("/api/2.2/jobs/runs/submit", body, stop))["run_id"] ?? throw EngineProblem.Refused(Name, "it took a run and gave it no number.");
            }
            catch (ProblemException silent) when (silent.Code == EngineProblem.Unreachable && tried < Tries)
            {
                await Task.Delay(BetweenLooks * tried, Clock, stop);
            }
    }

    /// <summary>One that is over, or forgotten, needs no cancelling.</summary>
    private async Task CancelRun(long run, CancellationToken stop)
    {
        try
        {
            await _api.Post("/api/2.2/jobs/runs/cancel", new JsonObject { ["run_id"] = run }, stop);
        }
        catch (ProblemException gone) when (gone.Code != EngineProblem.Unreachable)
        {
            // how it stands is asked next
        }
    }

    private bool IsOurs(Job job) => job.Engine == Name && OurId().IsMatch(job.Id);

    private sealed record Seen(JobFile File, IReadOnlyList<long> Runs, JobStatus Status, IReadOnlyDictionary<int, RunTask> Attempts);

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.NonBacktracking)]
    private static partial Regex OurId();
}
