using Steward.Audit;
using Steward.Blobs;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Data.Tables;

/// <summary>
/// Gives up old snapshots, and then the files that nothing needs any more: not a snapshot that is kept, not a reader, not
/// somebody who staged the same bytes within a day.
/// </summary>
internal sealed class Expiry(Db db, IShelf shelf, IAudit audit, TimeProvider clock)
{
    public static readonly TimeSpan Staging = TimeSpan.FromDays(1);

    private const int AtOnce = 1000;

    /// <summary>Snapshots older than the newest <paramref name="keep"/> that nobody reads now expire; how many did.</summary>
    public Task<int> Expire(Who who, string project, TableName table, int keep, CancellationToken stop) => db.Write(async tx =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var row = await tx.One<TableRow>($"SELECT {TableRow.Columns} FROM data_table WHERE project = @project AND name = @name {tx.Dialect.ForUpdate}", new { project, name = table.ToString() })
            ?? throw ProblemException.NotFound("table", table.ToString(), "steward table list shows those of the project.");
        var now = clock.GetUtcNow();
        var expired = await tx.Run("""
            UPDATE table_snapshot
               SET expired_at = @now
             WHERE table_id = @Id AND expired_at IS NULL AND version <= @last
               AND NOT EXISTS (SELECT 1 FROM table_lease l WHERE l.table_id = table_snapshot.table_id AND l.version = table_snapshot.version AND l.held_until > @now)
            """, new { row.Id, now, last = row.Version - keep });
        if (expired > 0)
            await audit.Write(tx, who, "table.expired", project, row.Name, new { expired, kept = keep });
        return expired;
    }, stop);

    /// <summary>Rings when there is something to clean up before its time.</summary>
    public Bell Soon { get; } = new();

    /// <summary>A file that came to be imported is needed no more, unless the same bytes were kept again since.</summary>
    public async Task GiveUp(Tx tx, Digest blob, DateTimeOffset cameAt)
    {
        await tx.Run("UPDATE table_file SET staged_at = 0 WHERE blob = @blob AND staged_at = @cameAt AND columns = '[]'", new { blob, cameAt });
        tx.AfterCommit(Soon.Ring);
    }

    /// <summary>Erases what nothing needs; how many files and bytes went.</summary>
    public async Task<Erased> CleanUp(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await db.Run("DELETE FROM table_lease WHERE held_until <= @now", new { now }, stop);
        await db.Run("""
            DELETE FROM table_part
             WHERE until IS NOT NULL
               AND NOT EXISTS (
                   SELECT 1
                     FROM table_snapshot s
                    WHERE s.table_id = table_part.table_id AND s.version >= table_part.since AND s.version < table_part.until
                      AND (s.expired_at IS NULL OR EXISTS (SELECT 1 FROM table_lease l WHERE l.table_id = s.table_id AND l.version = s.version)))
            """, null, stop);
        var erased = new Erased(0, 0);
        foreach (var file in await db.All<FileSize>("""
            SELECT f.blob, f.bytes
              FROM table_file f
             WHERE f.staged_at < @before AND NOT EXISTS (SELECT 1 FROM table_part p WHERE p.blob = f.blob)
             LIMIT @AtOnce
            """, new { before = now - Staging, AtOnce }, stop))
            if (await db.Write(tx => Erase(tx, file.Blob, now - Staging, stop), stop))
                erased = new(erased.Files + 1, erased.Bytes + file.Bytes);
        return erased;
    }

    /// <summary>The file's row is held while its bytes go: who stages the same bytes waits, then writes them anew.</summary>
    private async Task<bool> Erase(Tx tx, Digest blob, DateTimeOffset before, CancellationToken stop)
    {
        if (await tx.One<DateTimeOffset?>($"SELECT staged_at FROM table_file WHERE blob = @blob {tx.Dialect.ForUpdate}", new { blob }) is not { } staged || staged >= before)
            return false;
        // A statement of its own: it sees what was committed while the row was waited for.
        if (await tx.One<long>("SELECT count(*) FROM table_part WHERE blob = @blob", new { blob }) > 0)
            return false;
        await tx.Run("DELETE FROM table_file WHERE blob = @blob", new { blob });
        await shelf.Erase(blob, stop);
        return true;
    }

    private sealed record FileSize(Digest Blob, long Bytes);
}

public sealed record Erased(int Files, long Bytes);
