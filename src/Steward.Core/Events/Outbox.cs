using Steward.Storage;

namespace Steward.Events;

/// <summary>
/// Writes events beside the deed. Every event takes its number from one counter row, whose lock PostgreSQL holds until
/// the commit: deeds that publish commit one after another, in the order of their numbers, and one cursor per listener
/// is enough. (A sequence would hand out numbers that commit in another order, and a cursor would pass the late ones.)
/// Publish last in a transaction, so that this lock is short.
/// </summary>
internal sealed class Outbox(EventStore store, EventBell bell) : IEvents
{
    private volatile bool _known;

    public async Task Publish<T>(Tx tx, T happened) where T : IEvent
    {
        // A listener that is new to this store hears what is published from now on, also before its pump has started.
        if (!_known)
            await store.Introduce(tx);
        await store.Append(tx, T.Name, Json.Write(happened));
        tx.AfterCommit(() =>
        {
            _known = true;
            bell.Ring();
        });
    }
}

/// <summary>Rings when this process has published; other processes are found by looking every second.</summary>
internal sealed class EventBell
{
    private readonly Bell _bell = new();

    public Task Next => _bell.Next;

    public void Ring() => _bell.Ring();
}
