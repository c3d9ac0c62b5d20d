using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Kubernetes;

/// <summary>Jobs as Indexed Jobs of one namespace; how they stand is what their pods say.</summary>
internal sealed class KubernetesExecutor : Cluster
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private readonly KubernetesSettings _settings;
    private readonly KubeApi _api;

    public KubernetesExecutor(string name, KubernetesSettings settings, TimeProvider clock) : base(name, settings.Patience, clock)
    {
        _settings = settings;
        _api = new(name, KubeAccess.Of(settings));
        Program = new([settings.Program]) { Environment = new Dictionary<string, string>(ChildProgram.Ours().Environment.Where(one => one.Key != "DOTNET_ROOT")) };
    }

    public override string Kind => "kubernetes";

    public override ChildProgram Program { get; }

    private string Jobs => $"/apis/batch/v1/namespaces/{_settings.Namespace}/jobs";

    private string Pods => $"/api/v1/namespaces/{_settings.Namespace}/pods";

    public override async Task<EngineFacts> Look(CancellationToken stop)
    {
        var version = (string?)(await _api.Get("/version", stop))?["gitVersion"] ?? throw EngineProblem.Refused(Name, "it does not tell its version.");
        foreach (var (group, resource, part, verb) in new[] { ("batch", "jobs", "", "create"), ("batch", "jobs", "", "get"), ("batch", "jobs", "", "delete"), ("", "pods", "", "list"), ("", "pods", "log", "get") })
            if (!await May(group, resource, part, verb, stop))
                throw EngineProblem.Refused(Name, $"this server may not {verb} {resource}{(part.Length > 0 ? "/" + part : "")} in the namespace {_settings.Namespace}.");
        if (_settings.Queue is { } queue && await _api.Get($"/apis/kueue.x-k8s.io/v1beta1/namespaces/{_settings.Namespace}/localqueues/{queue}", stop) is null)
            throw EngineProblem.Refused(Name, $"there is no Kueue here, or no LocalQueue '{queue}' in the namespace {_settings.Namespace}.");
        return new(version.TrimStart('v'), [new(_settings.Namespace, "up", 0, 0, 0)], ["Output and errors of a task are one log, and its peak memory is not told."]);
    }

    public override ChildFolder Folder(string what)
        => new(PrivateFolder.Make(Path.Combine(_settings.Folder ?? throw EngineProblem.Cannot(Name, "shares no folder with this server", "Give it a claim and a folder in engines.yaml."), $"{Names.Check("folder", what)}-{Names.NewId()}"),
            // The group of the claim (fsGroup) reads and writes, too.
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute));

    public override async Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        if (spec.After.Count > 0)
            throw EngineProblem.Cannot(Name, "does not let jobs wait for jobs", "Submit the second when the first is done.");
        if (spec.Folder is { } folder && (_settings.Folder is null || !(folder + "/").StartsWith(_settings.Folder + "/", StringComparison.Ordinal)))
            throw EngineProblem.Cannot(Name, $"does not see the folder {Names.Shorten(folder)}", "Use one below the folder of its claim, or none.");
        var name = IndexedJob.NameOf(spec.Name, spec.Id ?? Names.NewId());
        var manifest = IndexedJob.Of(name, spec, _settings);
        try
        {
            _ = await _api.Create(Jobs, manifest, stop) ?? throw EngineProblem.Refused(Name, $"there is a job {name} already.");
        }
        catch (ProblemException silent) when (silent.Code == EngineProblem.Unreachable)
        {
            // It may have taken the job and not been able to say so.
            if (await _api.Get($"{Jobs}/{name}", CancellationToken.None) is null)
                throw;
        }

        return new(Name, name);
    }

    public override Job Named(JobSpec spec) => new(Name, IndexedJob.NameOf(spec.Name, spec.Id!));

    public override async Task<JobStatus?> Observe(Job job, CancellationToken stop)
    {
        if (job.Engine != Name || !Steward.Kubernetes.NameRules.IsLabel(job.Id))
            return null;
        if (Remembered(job.Id) is { } known)
            return known;
        // The job is read first: an attempt that it counts as over is then among the pods.
        if (await _api.Get($"{Jobs}/{job.Id}", stop) is not { } found || JobNote.Read(found) is not { } note)
            return null;
        var pods = await PodsOf(job.Id, stop);
        var status = new JobStatus([.. Enumerable.Range(0, note.Tasks).Select(index => Judge(index, found, note, pods[index]))], note.Labels);
        if (status.IsOver)
            Remember(job.Id, status);
        return status;
    }

    public override async Task Cancel(Job job, CancellationToken stop)
    {
        if (await Observe(job, stop) is not { IsOver: false } status)
            return;
        await _api.Delete($"{Jobs}/{job.Id}", stop);
        while (await _api.Get($"{Jobs}/{job.Id}", stop) is not null || (await PodsOf(job.Id, stop)).Count > 0)
            await Task.Delay(BetweenLooks, Clock, stop);
        Remember(job.Id, status with { Tasks = [.. status.Tasks.Select(task => task.IsOver ? task : task with { State = JobState.Cancelled, Reason = "It was cancelled." })] });
    }

    public override async IAsyncEnumerable<LogLine> Logs(Job job, int task, bool follow, [EnumeratorCancellation] CancellationToken stop)
    {
        if (await Observe(job, stop) is not { } status)
            throw Unknown(job);
        CheckTask(status.Tasks.Count, task);
        var lines = follow ? 0 : JobNote.Read(await _api.Get($"{Jobs}/{job.Id}", stop) ?? new JsonObject())?.LogLines ?? 0;
        for (var (pod, last) = ("", ""); ;)
        {
            var over = !follow || ((await Observe(job, stop))?.Tasks[task].IsOver ?? true);
            if (Newest((await PodsOf(job.Id, stop))[task]) is { } newest)
            {
                if (newest.Name != pod)
                    (pod, last) = (newest.Name, "");
                await foreach (var (at, line) in Lines(pod, follow, lines, last, status.Tasks.Count, stop))
                {
                    last = at;
                    yield return line;
                }
            }

            if (over)
                yield break;
            await Task.Delay(BetweenLooks, Clock, stop);
        }
    }

    private async IAsyncEnumerable<(string At, LogLine Line)> Lines(string pod, bool follow, int most, string after, int tasks, [EnumeratorCancellation] CancellationToken stop)
    {
        var since = after.Length > 0 ? $"&sinceTime={Uri.EscapeDataString(after)}" : "";
        await using var stream = await _api.Open($"{Pods}/{pod}/log?container={IndexedJob.Container}&timestamps=true{(follow ? "&follow=true" : $"&tailLines={most}")}{since}", stop);
        if (stream is null)
            yield break;
        if (follow)
        {
            await foreach (var line in PodLog.Read(stream, after, stop))
                yield return line;
            yield break;
        }

        // The newest lines only, however long they are.
        var ring = new LogRing(Math.Max(1, most), JobSpec.LogCharactersOf(tasks));
        await foreach (var (_, line) in PodLog.Read(stream, after, stop))
            ring.Add(line);
        foreach (var line in ring.Since(0).News)
            yield return (after, line);
    }

    private async Task<ILookup<int, PodTask>> PodsOf(string job, CancellationToken stop)
        => (await _api.List(Pods, $"batch.kubernetes.io/job-name={job}", stop)).Select(PodTask.Read).OfType<PodTask>().ToLookup(pod => pod.Index);

    private static PodTask? Newest(IEnumerable<PodTask> pods) => pods.OrderByDescending(pod => pod.Failures).ThenByDescending(pod => pod.Made).FirstOrDefault();

    /// <summary>The newest attempt's pod; what the job itself counted, where there is no pod to ask.</summary>
    private static JobTask Judge(int index, JsonNode job, JobNote note, IEnumerable<PodTask> pods)
    {
        var status = job["status"] ?? new JsonObject();
        var condition = status["conditions"]?.AsArray().FirstOrDefault(one => (string?)one?["type"] is "Complete" or "Failed" && (string?)one?["status"] == "True");
        if (Newest(pods) is { } pod)
        {
            var task = new JobTask(index, pod.State, pod.ExitCode, pod.Reason, Begun: pod.Failures + (pod.State is JobState.Waiting ? 0 : 1), Machine: pod.Machine);
            return task.State is JobState.Lost && condition is null && pod.Failures < note.Requeue && !IndexRange.Has((string?)status["failedIndexes"], index) ? task with { State = JobState.Waiting } : task;
        }

        if (IndexRange.Has((string?)status["completedIndexes"], index))
            return new(index, JobState.Succeeded, 0, Begun: 1);
        if (IndexRange.Has((string?)status["failedIndexes"], index))
            return new(index, JobState.Failed, Reason: "It failed; its pod is gone.", Begun: 1);
        if (condition is not null)
            return new(index, JobState.Cancelled, Reason: $"Kubernetes ended the job before it began: {Names.Shorten((string?)condition["message"] ?? (string?)condition["reason"])}");
        return new(index, JobState.Waiting, Reason: (bool?)job["spec"]?["suspend"] == true ? "It waits in its queue." : null);
    }

    private async Task<bool> May(string group, string resource, string part, string verb, CancellationToken stop)
    {
        var ask = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["namespace"] = _settings.Namespace, ["group"] = group, ["resource"] = resource, ["subresource"] = part, ["verb"] = verb } },
        };
        return (bool?)(await _api.Create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", ask, stop))?["status"]?["allowed"] == true;
    }
}

/// <summary>Indexes as a Job's status lists them: <c>0,3-5</c>.</summary>
internal static class IndexRange
{
    public static bool Has(string? ranges, int index)
    {
        foreach (var range in (ranges ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (range.Split('-') is [var first, .. var rest] && int.TryParse(first, out var from) && int.TryParse(rest is [var end] ? end : first, out var to) && from <= index && index <= to)
                return true;
        return false;
    }
}
