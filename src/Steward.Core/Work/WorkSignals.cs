using System.Collections.Concurrent;
using Steward.Storage;

namespace Steward.Work;

/// <summary>Wakes what waits for tasks in this process; what other processes do is found by looking.</summary>
internal sealed class WorkSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _watched = new(StringComparer.Ordinal);

    /// <summary>Rings when a task became due.</summary>
    public Bell Due { get; } = new();

    /// <summary>Rings when a task was asked to stop.</summary>
    public Bell Cancel { get; } = new();

    /// <summary>Completes at the next change of the task. Ask first, read the task, then wait: so no change is missed.</summary>
    public Task Change(string id) => _watched.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ChangedWith(Tx tx, string id) => tx.AfterCommit(() =>
    {
        if (_watched.TryRemove(id, out var waiting))
            waiting.TrySetResult();
    });
}
