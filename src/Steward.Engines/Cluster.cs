using System.Collections.Concurrent;
using Steward.Work;

namespace Steward.Engines;

/// <summary>What engines on other machines have in common: their jobs go on without this server, they are asked from time to time, and they may not answer for a while.</summary>
internal abstract class Cluster(string name, TimeSpan patience, TimeProvider clock) : IExecutor
{
    private const int MostRemembered = 200;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(150), LastLook = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, JobStatus> _over = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public string Name { get; } = name;

    public abstract string Kind { get; }

    public abstract ChildProgram Program { get; }

    protected TimeProvider Clock { get; } = clock;

    public abstract Task<EngineFacts> Look(CancellationToken stop = default);

    public abstract Task<Job> Submit(JobSpec spec, CancellationToken stop = default);

    public virtual Job Named(JobSpec spec) => new(Name, spec.Id!);

    public abstract Task<JobStatus?> Observe(Job job, CancellationToken stop = default);

    public abstract Task Cancel(Job job, CancellationToken stop = default);

    public abstract IAsyncEnumerable<LogLine> Logs(Job job, int task = 0, bool follow = false, CancellationToken stop = default);

    public abstract ChildFolder Folder(string what);

    /// <summary>Looks less and less often, up to every few seconds. An engine that does not answer is asked again until the patience is over: its tasks may well go on.</summary>
    public async Task<JobStatus> Wait(Job job, CancellationToken stop)
    {
        var (wait, heard) = (FirstLook, Clock.GetTimestamp());
        while (true)
        {
            try
            {
                var status = await Observe(job, stop) ?? throw Unknown(job);
                heard = Clock.GetTimestamp();
                if (status.IsOver)
                    return status;
            }
            catch (ProblemException silent) when (silent.Code == EngineProblem.Unreachable && Clock.GetElapsedTime(heard) < patience)
            {
                // asked again below
            }

            await Task.Delay(wait, Clock, stop);
            wait = wait < LastLook ? wait * 1.2 : LastLook;
        }
    }

    /// <summary>How a job ended, when this server has seen it and not too many since: engines forget.</summary>
    protected JobStatus? Remembered(string id) => _over.GetValueOrDefault(id);

    protected void Remember(string id, JobStatus status)
    {
        if (_over.TryAdd(id, status))
            _order.Enqueue(id);
        while (_order.Count > MostRemembered && _order.TryDequeue(out var oldest))
            _over.TryRemove(oldest, out _);
    }

    protected ProblemException Unknown(Job job) => ProblemException.NotFound("job", Names.Shorten(job.Id), $"The engine '{Name}' keeps jobs for a time only.");

    protected static void CheckTask(int tasks, int task)
    {
        if (task < 0 || task >= tasks)
            throw ProblemException.NotFound("task of the job", task.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>What goes wrong with engines.</summary>
internal static class EngineProblem
{
    public const string Unreachable = "engine_unreachable";

    public static ProblemException Silent(string engine, string why) => new(ProblemKind.Unavailable, Unreachable, $"The engine '{engine}' does not answer: {why}", $"Look at it with: steward engine test {engine}");

    public static ProblemException Refused(string engine, string why) => ProblemException.Invalid("engine_refused", $"The engine '{engine}' refused: {why}", "Change what it refuses in engines.yaml, or ask who runs it.");

    public static ProblemException Cannot(string engine, string what, string tryThis) => ProblemException.Invalid("engine_cannot", $"The engine '{engine}' {what}.", tryThis);
}
