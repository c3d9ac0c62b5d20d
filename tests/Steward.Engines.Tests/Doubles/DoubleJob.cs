using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Tests.Doubles;

/// <summary>The job controller's part: makes pods as the manifest says, judges each that failed by its failure policy, counts.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Nobody waits on its handle, so there is nothing to free.")]
internal sealed class DoubleJob(JsonObject manifest, IExecutor machine, bool suspended)
{
    private static readonly string[] Nodes = ["node-1", "node-2"];
    private readonly ConcurrentQueue<DoublePod> _pods = new();
    private readonly SortedSet<int> _completed = [], _failed = [];
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _deleted = new();
    private Task _work = Task.CompletedTask;
    private int _made;

    public JsonObject Manifest => manifest;

    public string Name { get; } = (string)manifest["metadata"]!["name"]!;

    public IEnumerable<DoublePod> Pods => _pods;

    public bool IsOver => _work.IsCompleted && !_deleted.IsCancellationRequested;

    public void Begin()
    {
        if (!suspended)
            _admitted.TrySetResult();
        _work = Task.Run(Run);
    }

    public void Admit() => _admitted.TrySetResult();

    /// <summary>Deleted: its pods first.</summary>
    public async Task End()
    {
        await _deleted.CancelAsync();
        await Task.WhenAll(_pods.Select(pod => pod.End()));
        await _work;
        _pods.Clear();
    }

    public Task Lose(string node, bool reallyEnds) => Task.WhenAll(_pods.Where(pod => pod.Node == node && !pod.IsOver).Select(pod => pod.Lose(reallyEnds)));

    public JsonObject Object()
    {
        var job = (JsonObject)manifest.DeepClone();
        job["spec"]!["suspend"] = !_admitted.Task.IsCompleted;
        if (_deleted.IsCancellationRequested)
            job["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        lock (_completed)
        {
            var status = new JsonObject { ["active"] = _pods.Count(pod => !pod.IsOver), ["succeeded"] = _completed.Count, ["completedIndexes"] = string.Join(',', _completed), ["failedIndexes"] = string.Join(',', _failed) };
            if (IsOver)
                status["conditions"] = new JsonArray(new JsonObject { ["type"] = _failed.Count == 0 ? "Complete" : "Failed", ["status"] = "True", ["reason"] = _failed.Count == 0 ? "CompletionsReached" : "FailedIndexes" });
            job["status"] = status;
        }

        return job;
    }

    private async Task Run()
    {
        var spec = manifest["spec"]!;
        try
        {
            await _admitted.Task.WaitAsync(_deleted.Token);
            await Parallel.ForEachAsync(Enumerable.Range(0, (int)spec["completions"]!), new ParallelOptions { MaxDegreeOfParallelism = (int)spec["parallelism"]!, CancellationToken = _deleted.Token }, async (index, stop) =>
            {
                for (var failures = 0; ; failures++)
                {
                    var pod = new DoublePod(manifest, index, failures, Nodes[Interlocked.Increment(ref _made) % Nodes.Length], machine);
                    _pods.Enqueue(pod);
                    await pod.Run();
                    stop.ThrowIfCancellationRequested();
                    var again = !pod.Succeeded && Verdict(pod) == "Count" && failures < (int)spec["backoffLimitPerIndex"]!;
                    if (again)
                        continue;
                    lock (_completed)
                        (pod.Succeeded ? _completed : _failed).Add(index);
                    return;
                }
            });
        }
        catch (OperationCanceledException)
        {
            // deleted
        }
    }

    /// <summary>The first rule that applies; without one a failure counts.</summary>
    private string Verdict(DoublePod pod)
    {
        foreach (var rule in manifest["spec"]!["podFailurePolicy"]!["rules"]!.AsArray())
            if (rule!["onPodConditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "DisruptionTarget" && pod.IsDisrupted) == true
                || rule["onExitCodes"] is { } codes && pod.ExitCode is { } exit && codes["values"]!.AsArray().Any(code => (int)code! == exit) == ((string?)codes["operator"] == "In"))
                return (string)rule["action"]!;
        return "Count";
    }
}
