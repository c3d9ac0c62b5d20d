using System.Collections.Concurrent;

namespace Steward.Tracking;

/// <summary>Wakes the pages that watch a run when something about it changed in this process.</summary>
internal sealed class RunsLive
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _watched = new();

    /// <summary>Completes at the next change of the run. Ask first, read the run, then wait: so no change is missed.</summary>
    public Task Next(string run) => _watched.GetOrAdd(run, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes also those who watch its study.</summary>
    public void Wake(Run run)
    {
        Wake(run.Id);
        if (run.Parent is not null)
            Wake(run.Parent);
    }

    private void Wake(string run)
    {
        if (_watched.TryRemove(run, out var waiting))
            waiting.TrySetResult();
    }
}
