using Steward.Storage;

namespace Steward.Events;

/// <summary>All SQL about events.</summary>
internal sealed class EventStore(Db db, TimeProvider clock, IEnumerable<Listener> listeners)
{
    /// <summary>Listener ids and the event names each of them hears.</summary>
    public ILookup<string, string> Heard { get; } = listeners.OrderBy(one => one.Id, StringComparer.Ordinal).ToLookup(one => one.Id, one => one.EventName);

    /// <summary>Begins a cursor at the newest event for every listener that has none.</summary>
    public async Task Introduce(Tx tx)
    {
        foreach (var listener in Heard)
            await tx.Run("""
                INSERT INTO event_cursor (listener, position, held_until, fence, tries, due_at)
                SELECT @Key, value, 0, 0, 0, 0 FROM event_counter WHERE id = 'event'
                ON CONFLICT (listener) DO NOTHING
                """, new { listener.Key });
    }

    public Task Introduce(CancellationToken stop) => db.Write(Introduce, stop);

    public async Task Append(Tx tx, string name, string body)
    {
        var seq = await tx.One<long>("UPDATE event_counter SET value = value + 1 WHERE id = 'event' RETURNING value");
        await tx.Run("INSERT INTO event (seq, name, body, at) VALUES (@seq, @name, @body, @at)", new { seq, name, body, at = clock.GetUtcNow() });
    }

    /// <summary>Whether anything waits for this listener; a read, so that an idle server writes nothing.</summary>
    public async Task<bool> Waits(string listener, CancellationToken stop) => await db.One<long?>("""
        SELECT e.seq
          FROM event e
          JOIN event_cursor c ON c.listener = @listener
         WHERE e.name IN @names AND e.seq > c.position
         ORDER BY e.seq
         LIMIT 1
        """, new { listener, names = Heard[listener] }, stop) is not null;

    /// <summary>Takes the listener for this server; null while another one holds it, or before its next try is due.</summary>
    public Task<Cursor?> Claim(string listener, string holder, TimeSpan lease, CancellationToken stop) => db.Write(async tx =>
    {
        var now = clock.GetUtcNow();
        var taken = await tx.Run("""
            UPDATE event_cursor
               SET holder = @holder, held_until = @until, fence = fence + 1
             WHERE listener = @listener AND (holder = @holder OR held_until <= @now) AND due_at <= @now
            """, new { listener, holder, now, until = now + lease });
        return taken == 0 ? null : await tx.One<Cursor>("SELECT listener, position, fence, tries FROM event_cursor WHERE listener = @listener", new { listener });
    }, stop);

    public async Task<bool> Renew(Cursor held, TimeSpan lease, CancellationToken stop) => await db.Run(
        "UPDATE event_cursor SET held_until = @until WHERE listener = @Listener AND fence = @Fence",
        new { held.Listener, held.Fence, until = clock.GetUtcNow() + lease }, stop) == 1;

    public Task<List<Happened>> Next(Cursor held, int most, CancellationToken stop) => db.All<Happened>("""
        SELECT seq, name, body
          FROM event
         WHERE name IN @names AND seq > @Position
         ORDER BY seq
         LIMIT @most
        """, new { held.Position, names = Heard[held.Listener], most }, stop);

    /// <summary>Moves on; false when another server tells this listener now.</summary>
    public async Task<bool> Advance(Cursor held, Happened heard, CancellationToken stop) => await db.Run("""
        UPDATE event_cursor
           SET position = @Seq, tries = 0, error = NULL
         WHERE listener = @Listener AND fence = @Fence
        """, new { held.Listener, held.Fence, heard.Seq }, stop) == 1;

    public Task TryLater(Cursor held, string error, TimeSpan after, CancellationToken stop) => db.Run("""
        UPDATE event_cursor
           SET tries = tries + 1, due_at = @due, error = @error, held_until = 0
         WHERE listener = @Listener AND fence = @Fence
        """, new { held.Listener, held.Fence, error, due = clock.GetUtcNow() + after }, stop);

    public Task Park(Cursor held, Happened refused, string error, CancellationToken stop) => db.Write(async tx =>
    {
        var ours = await tx.Run("""
            UPDATE event_cursor
               SET position = @Seq, tries = 0, error = NULL
             WHERE listener = @Listener AND fence = @Fence
            """, new { held.Listener, held.Fence, refused.Seq });
        if (ours == 1)
            await tx.Run("""
                INSERT INTO event_parked (id, listener, seq, name, body, error, tries, parked_at)
                VALUES (@id, @Listener, @Seq, @Name, @Body, @error, @tries, @now)
                """, new { id = Names.NewId(), held.Listener, refused.Seq, refused.Name, refused.Body, error, tries = held.Tries + 1, now = clock.GetUtcNow() });
    }, stop);

    public Task Release(Cursor held) => db.Run(
        "UPDATE event_cursor SET held_until = 0 WHERE listener = @Listener AND fence = @Fence", new { held.Listener, held.Fence });

    public Task<List<ParkedEvent>> Parked(int most, CancellationToken stop) => db.All<ParkedEvent>("""
        SELECT id, listener, name, body, error, tries, parked_at
          FROM event_parked
         ORDER BY parked_at DESC, id DESC
         LIMIT @most
        """, new { most }, stop);

    /// <summary>Deletes events older than <paramref name="before"/>, except those that a listener of this server has still to hear.</summary>
    public Task Prune(DateTimeOffset before, CancellationToken stop) => db.Write(async tx =>
    {
        var byName = Heard.SelectMany(listener => listener, (listener, name) => (listener.Key, name)).ToLookup(pair => pair.name, pair => pair.Key);
        await tx.Run("DELETE FROM event WHERE at < @before AND name NOT IN @names", new { before, names = byName.Select(name => name.Key) });
        foreach (var name in byName)
            await tx.Run("""
                DELETE FROM event
                 WHERE at < @before AND name = @Key
                   AND seq <= (SELECT min(position) FROM event_cursor WHERE listener IN @ids)
                """, new { before, name.Key, ids = name.AsEnumerable() });
    }, stop);
}

/// <summary>Where a listener stands, held by this server. What an older holder writes is refused by the fence.</summary>
internal sealed record Cursor(string Listener, long Position, long Fence, int Tries);

internal sealed record Happened(long Seq, string Name, string Body);

/// <summary>An event that a listener could not hear after many tries.</summary>
/// <param name="Body">The event, as JSON text.</param>
/// <param name="Error">What the listener said last.</param>
public sealed record ParkedEvent(string Id, string Listener, string Name, string Body, string Error, int Tries, DateTimeOffset ParkedAt);
