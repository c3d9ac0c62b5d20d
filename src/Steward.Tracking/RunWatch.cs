using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;

namespace Steward.Tracking;

/// <summary>Follows a run until it is over, the watcher leaves or the server stops.</summary>
internal sealed class RunWatch(Studies studies, RunsLive live, IHostApplicationLifetime host, TimeProvider clock)
{
    // Another server on the same records may change the run: nobody wakes us then.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5), Calm = TimeSpan.FromMilliseconds(300);

    /// <summary>The run as it is now, then again whenever it changed; the last one is over. At most three a second.</summary>
    public async IAsyncEnumerable<Study> Follow(string project, string id, [EnumeratorCancellation] CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, host.ApplicationStopping);
        while (!ends.IsCancellationRequested)
        {
            var change = live.Next(id);
            var now = await Look(project, id, ends.Token);
            if (now is not null)
                yield return now;
            if (now is null or { Run.IsOver: true })
                yield break;
            await Task.WhenAny(change, Task.Delay(Turn, clock, ends.Token));
            await Task.Delay(Calm, clock, ends.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Null when there is nothing to see any more, or nobody to see it.</summary>
    private async Task<Study?> Look(string project, string id, CancellationToken stop)
    {
        try
        {
            return await studies.Find(project, id, stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
