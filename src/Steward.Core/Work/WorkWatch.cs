using System.Runtime.CompilerServices;

namespace Steward.Work;

/// <summary>Follows one task from change to change.</summary>
internal sealed class WorkWatch(ILedger ledger, WorkSignals signals, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), StillThere = TimeSpan.FromSeconds(15);

    /// <summary>The task as it is now and after every change, until it is over; the same once more every 15 s, so that a dead connection is noticed.</summary>
    public async IAsyncEnumerable<WorkTask> Follow(WorkTask task, [EnumeratorCancellation] CancellationToken stop)
    {
        var told = clock.GetTimestamp();
        yield return task;
        while (!task.IsOver)
        {
            var change = signals.Change(task.Id);
            if (await ledger.Find(task.Id, stop) is not { } now)
                yield break;
            if (now != task || clock.GetElapsedTime(told) >= StillThere)
            {
                (task, told) = (now, clock.GetTimestamp());
                yield return task;
            }
            else
                await Bell.Wait(change, Look, clock, stop);
        }
    }
}
