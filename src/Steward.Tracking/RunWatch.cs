using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;

namespace Steward.Tracking;

/// <summary>Follows a run until it is over, the watcher leaves or the server stops.</summary>
internal sealed class RunWatch(Studies studies, RunsLive live, IHostApplicationLifetime host, TimeProvider clock)
{
    // Another server on the same records may change the run: nobody wakes us then.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5), Calm = TimeSpan.FromMilliseconds(300);

    /// <summary>The run as it is now, then again whenever it changed; the last one is over. At most three a second.</summary>
    public async IAsyncEnumerable<Study> Follow(string project, string id, [EnumeratorCancellation] CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, host.ApplicationStopping);
        while (!ends.IsCancellationRequested)
        {
            var change = live.Next(id);
            if (await studies.Find(project, id, ends.Token) is not { } now)
                yield break;
            yield return now;
            if (now.Run.IsOver)
                yield break;
            await Task.WhenAny(change, Task.Delay(Look, clock, ends.Token));
            await Task.Delay(Calm, clock, ends.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
