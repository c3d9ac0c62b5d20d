using System.Collections.Concurrent;

namespace Steward.Work;

/// <summary>The embedded engine: jobs are processes of this machine, watched by this server, and end with it.</summary>
internal sealed class ProcessExecutor(WorkFolder folder, Reaper reaper, ChildProgram program, TimeProvider clock) : IExecutor, IAsyncDisposable
{
    private const int Remembered = 200;
    private readonly ConcurrentDictionary<string, ProcessJob> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _over = new();
    private readonly ProcessTable _table = new(folder.Prefix);
    private volatile bool _stopped;

    public string Name => "process";

    public ChildProgram Program => program;

    public Task<EngineFacts> Look(CancellationToken stop) => Task.FromResult(new EngineFacts(
        typeof(ProcessExecutor).Assembly.GetName().Version!.ToString(3),
        [new(Environment.MachineName, "up", 1, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)], []));

    public ChildFolder Folder(string what) => new(folder.New(Names.Check("folder", what)));

    public Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        var before = spec.After.Select(Known).ToList();
        if (_stopped)
            throw new ProblemException(ProblemKind.Unavailable, "stopping", "The server is stopping and starts no more jobs.", "Try again when it is back.");
        reaper.Stand();
        var id = spec.Id ?? Names.NewId();
        var job = new ProcessJob([.. Enumerable.Range(spec.FirstIndex, spec.Tasks).Select(index => new ProcessRun(index, spec, $"{folder.Prefix}{id}/{index}", () => folder.New("job"), _table, clock))], spec.Labels);
        _jobs[id] = job;
        _ = Finish(id, job, before, spec.AtOnce);
        return Task.FromResult(new Job(Name, id));
    }

    public Task<JobStatus?> Observe(Job job, CancellationToken stop) => Task.FromResult(Find(job)?.Status);

    public async Task<JobStatus> Wait(Job job, CancellationToken stop)
    {
        var found = Known(job);
        await found.Over.WaitAsync(stop);
        return found.Status;
    }

    public async Task Cancel(Job job, CancellationToken stop)
    {
        if (Find(job) is not { } found)
            return;
        found.End(JobState.Cancelled, "It was cancelled.");
        await found.Over.WaitAsync(stop);
    }

    public IAsyncEnumerable<LogLine> Logs(Job job, int task, bool follow, CancellationToken stop)
    {
        var found = Known(job);
        return task >= 0 && task < found.Runs.Count
            ? found.Runs[task].Log.Read(follow, stop)
            : throw ProblemException.NotFound("task of the job", task.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        foreach (var job in _jobs.Values)
            job.End(JobState.Cancelled, "The server stopped.");
        await Task.WhenAll(_jobs.Values.Select(job => job.Over));
    }

    private async Task Finish(string id, ProcessJob job, List<ProcessJob> before, int atOnce)
    {
        await Task.WhenAny(Task.WhenAll(before.Select(one => one.Over)), job.Ended);
        if (before.Any(one => !one.Status.Succeeded))
            job.End(JobState.Cancelled, "A job that had to succeed first did not.");
        await job.Run(atOnce);
        _over.Enqueue(id);
        while (_over.Count > Remembered && _over.TryDequeue(out var oldest))
            _jobs.TryRemove(oldest, out _);
    }

    private ProcessJob? Find(Job job) => job.Engine == Name ? _jobs.GetValueOrDefault(job.Id) : null;

    private ProcessJob Known(Job job) => Find(job) ?? throw ProblemException.NotFound("job", Names.Shorten(job.Id), "Only the last jobs since the server started are known.");
}

/// <summary>The tasks of one job, some of them at once.</summary>
internal sealed class ProcessJob(IReadOnlyList<ProcessRun> runs, IReadOnlyDictionary<string, string> labels)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously), _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ProcessRun> Runs => runs;

    public Task Over => _over.Task;

    /// <summary>Somebody ended it, perhaps before it began.</summary>
    public Task Ended => _ended.Task;

    public JobStatus Status => new([.. runs.Select(run => run.Status)], labels);

    public async Task Run(int atOnce)
    {
        try
        {
            await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (run, _) => await run.Run());
        }
        finally
        {
            _over.SetResult();
        }
    }

    public void End(JobState state, string reason)
    {
        // The last ones first: those that wait must not start because the ones before them end.
        foreach (var run in runs.Reverse())
            run.End(state, reason);
        _ended.TrySetResult();
    }
}
