using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Data.Tables;

/// <summary>
/// One change within one transaction. The table's row is held first, so that writers of one table take turns; then
/// what the change depended on is looked at again.
/// </summary>
internal sealed class TableCommit(IAudit audit, IEvents events, TimeProvider clock)
{
    private const int MostFiles = 5000, LongestReason = 300;

    public async Task<TableSnapshot> Make(Tx tx, Who who, TableChange change)
    {
        Check(change);
        var table = await Hold(tx, change);
        await NothingItDependsOnIsDifferent(tx, table, change);
        var columns = await Schema(tx, table, change);
        await FilesAreThere(tx, change);
        var version = table.Version + 1;
        var gone = await Remove(tx, table, change, version);
        var come = await Add(tx, table, change, version);
        var (start, end) = Stretch(change, gone);
        var made = new TableSnapshot(
            change.Project, table.Name, version, change.Kind, table.RowCount + come.Rows - gone.Sum(part => part.RowCount), table.Bytes + come.Bytes - Bytes(gone), table.Parts + come.Parts - gone.Count,
            come.Rows, gone.Sum(part => part.RowCount), start, end, columns, change.Reason, change.Task, who.Name, await Now(tx, table), null);
        await Keep(tx, table, change, made);
        await audit.Write(tx, who, "table.changed", change.Project, made.Reference, new { change.Kind, made.AddedRows, made.RemovedRows, change.Window, change.Task });
        await events.Publish(tx, new TableChanged(change.Project, table.Name, version, change.Kind, start, end, who.Name));
        return made;
    }

    /// <summary>Never before the snapshot before, also when the clock jumped back: what was newest when stays true.</summary>
    private async Task<DateTimeOffset> Now(Tx tx, TableRow table)
    {
        var (now, last) = (clock.Now(), await tx.One<DateTimeOffset?>("SELECT made_at FROM table_snapshot WHERE table_id = @Id AND version = @Version", table));
        return last > now ? last.Value : now;
    }

    private static void Check(TableChange change)
    {
        Names.Check("project", change.Project);
        if (change.Reason.Length > 0)
            Names.Text("reason", change.Reason, LongestReason);
        if (change.Kind is not ChangeKind.Append && change.From is null)
            throw new ArgumentException("This kind of change depends on what was there: it names the snapshot it was made from.", nameof(change));
        if ((change.Kind is ChangeKind.ReplaceWindow) != (change.Window is not null))
            throw new ArgumentException("A window is named by the change that replaces it, and by no other.", nameof(change));
        if (change.Files.Count > MostFiles)
            throw ProblemException.Invalid("too_many_files", $"One change of '{change.Table}' would add {change.Files.Count:N0} files; at most {MostFiles:N0} can be.", "Partition by columns with fewer values.");
        if (change.Window is { } window && (window.Start >= window.End || change.Files.SelectMany(file => file.Parts).Any(part => part.Window is not { } own || own.Start < window.Start || own.End > window.End)))
            throw ProblemException.Invalid("window_invalid", $"The rows that come are not all of the window {window} that is replaced.", "Stage them with their window.");
    }

    private static async Task<TableRow> Hold(Tx tx, TableChange change)
    {
        var name = change.Table.ToString();
        await tx.Run("""
            INSERT INTO data_table (id, project, name, version, schema_version, row_count, bytes, parts, key_columns)
            VALUES (@id, @Project, @name, 0, 0, 0, 0, 0, '[]')
            ON CONFLICT (project, name) DO NOTHING
            """, new { id = Names.NewId(), change.Project, name });
        return (await tx.One<TableRow>($"SELECT {TableRow.Columns} FROM data_table WHERE project = @Project AND name = @name {tx.Dialect.ForUpdate}", new { change.Project, name }))!;
    }

    /// <summary>A change conflicts exactly with the changes since its own snapshot that touched what it read.</summary>
    private static async Task NothingItDependsOnIsDifferent(Tx tx, TableRow table, TableChange change)
    {
        if (change.From is not { } from || from == table.Version)
            return;
        if (from > table.Version)
            throw ProblemException.Invalid("snapshot_not_found", $"There is no snapshot {table.Name}@{from}.", $"steward table history {table.Name}");
        var since = change.Kind switch
        {
            ChangeKind.ReplaceAll => await tx.One<long?>("SELECT min(version) FROM table_snapshot WHERE table_id = @Id AND version > @from AND kind <> 'compact'", new { table.Id, from }),
            ChangeKind.ReplaceWindow => await tx.One<long?>("""
                SELECT min(s.version)
                  FROM table_snapshot s
                 WHERE s.table_id = @Id AND s.version > @from AND s.kind <> 'compact'
                   AND (s.kind = 'replaceAll'
                        OR (s.kind = 'replaceWindow' AND s.window_start < @End AND s.window_end > @Start)
                        OR EXISTS (SELECT 1 FROM table_part p WHERE p.table_id = @Id AND p.since = s.version AND p.window_start < @End AND p.window_end > @Start)
                        OR EXISTS (SELECT 1 FROM table_part p WHERE p.table_id = @Id AND p.until = s.version AND p.window_start < @End AND p.window_end > @Start))
                """, new { table.Id, from, change.Window!.Start, change.Window.End }),
            ChangeKind.Merge => await MayHoldAKey(tx, table, change, from),
            _ => null, // an append depends on nothing, a compaction only on the parts it names
        };
        if (since is { } other)
            throw Conflict(table, $"{table.Name}@{other} changed what this change depends on, which was made from {table.Name}@{from}");
    }

    /// <summary>The first snapshot since whose rows may have a key of the merge, told by the statistics of its files.</summary>
    private static async Task<int?> MayHoldAKey(Tx tx, TableRow table, TableChange change, int from)
    {
        var came = await tx.All<NewFile>("""
            SELECT p.since, f.statistics
              FROM table_part p
              JOIN table_file f ON f.blob = p.blob
              JOIN table_snapshot s ON s.table_id = p.table_id AND s.version = p.since
             WHERE p.table_id = @Id AND p.since > @from AND s.kind <> 'compact'
             ORDER BY p.since
            """, new { table.Id, from });
        var keys = change.Files.Select(file => file.Statistics).ToList();
        var types = change.Files.SelectMany(file => file.Columns).DistinctBy(column => column.Name).ToDictionary(column => column.Name, column => column.Type);
        return came.FirstOrDefault(one => keys.Any(ours => Pruning.MayMeet(change.Key, types, ours, Json.Read<List<ColumnStatistics>>(one.Statistics))))?.Since;
    }

    /// <summary>The schema's version afterwards.</summary>
    private static async Task<int> Schema(Tx tx, TableRow table, TableChange change)
    {
        IReadOnlyList<TableColumn> now = table.SchemaVersion == 0 ? [] : Json.Read<List<TableColumn>>((await tx.One<string>("SELECT columns FROM table_schema WHERE table_id = @Id AND version = @SchemaVersion", table))!);
        var after = change.Kind is ChangeKind.Compact ? now : change.Files.Aggregate(now, (sum, file) => TableSchemas.After(table.Name, sum, file.Columns, change.OnSchemaChange, change.Kind is ChangeKind.ReplaceAll));
        if (after.Count == 0)
            throw ProblemException.Invalid("columns_missing", $"The table '{table.Name}' is new, and nothing says which columns it has.", "Write at least one file, even one without rows.");
        if (table.SchemaVersion > 0 && after.SequenceEqual(now))
            return table.SchemaVersion;
        if (change.From is { } from && from > 0 && from < table.Version && await tx.One<int>("SELECT schema_version FROM table_snapshot WHERE table_id = @Id AND version = @from", new { table.Id, from }) != table.SchemaVersion)
            throw Conflict(table, $"the columns have changed since {table.Name}@{from}, and this change would change them, too");
        await tx.Run("INSERT INTO table_schema (table_id, version, project, columns) VALUES (@Id, @next, @Project, @columns)", new { table.Id, next = table.SchemaVersion + 1, table.Project, columns = Json.Write(after) });
        return table.SchemaVersion + 1;
    }

    /// <summary>Holds the rows of the files, so that no clean-up takes them before they are named.</summary>
    private static async Task FilesAreThere(Tx tx, TableChange change)
    {
        foreach (var some in change.Files.Select(file => file.Blob).Distinct().OrderBy(blob => blob.Hex, StringComparer.Ordinal).Chunk(500))
            if ((await tx.All<string>($"SELECT blob FROM table_file WHERE blob IN @some ORDER BY blob {tx.Dialect.ForUpdate}", new { some })).Count < some.Length)
                throw ProblemException.Conflict("staged_gone", $"What was staged for '{change.Table}' is there no more: it waited longer than a day.", "Write it again.");
    }

    private static async Task<List<GonePart>> Remove(Tx tx, TableRow table, TableChange change, int version)
    {
        const string Going = "p.id, p.blob, p.row_count, p.window_start, p.window_end, f.bytes, f.row_count AS file_rows";
        var live = $"SELECT {Going} FROM table_part p JOIN table_file f ON f.blob = p.blob WHERE p.table_id = @Id AND p.until IS NULL";
        var gone = change.Kind switch
        {
            ChangeKind.ReplaceAll => await tx.All<GonePart>(live, table),
            ChangeKind.ReplaceWindow => await tx.All<GonePart>(live + " AND p.window_start < @End AND p.window_end > @Start", new { table.Id, change.Window!.Start, change.Window.End }),
            _ => [],
        };
        if (gone.FirstOrDefault(part => change.Window is { } window && (part.WindowStart < window.Start || part.WindowEnd > window.End)) is { } larger)
            throw ProblemException.Invalid("window_overlaps", $"The table '{table.Name}' holds rows of {new TableWindow(larger.WindowStart!.Value, larger.WindowEnd!.Value)}, which reaches beyond {change.Window}: they cannot be replaced in part.", "Replace the whole of that window.");
        foreach (var some in change.Removed.Chunk(500))
            gone.AddRange(await tx.All<GonePart>(live + " AND p.id IN @some", new { table.Id, some }));
        if (change.Removed.Count > 0 && gone.Count != change.Removed.Count)
            throw Conflict(table, $"rows that this change has rewritten were changed since {table.Name}@{change.From}");
        foreach (var some in gone.Select(part => part.Id).Chunk(500))
            await tx.Run("UPDATE table_part SET until = @version WHERE id IN @some", new { version, some });
        return gone;
    }

    private static async Task<(long Rows, long Bytes, int Parts)> Add(Tx tx, TableRow table, TableChange change, int version)
    {
        var parts = change.Files.SelectMany(file => file.Parts.Where(part => part.Rows > 0).Select(part => (file, part))).ToList();
        foreach (var (file, part) in parts)
            await tx.Run("""
                INSERT INTO table_part (id, table_id, project, blob, first_row, row_count, window_start, window_end, since)
                VALUES (@key, @Id, @Project, @Blob, @FirstRow, @Rows, @start, @end, @version)
                """, new { key = Names.NewId(), table.Id, table.Project, file.Blob, part.FirstRow, part.Rows, start = part.Window?.Start, end = part.Window?.End, version });
        return (parts.Sum(one => one.part.Rows), parts.Sum(one => Share(one.file.Bytes, one.part.Rows, one.file.Rows)), parts.Count);
    }

    private static async Task Keep(Tx tx, TableRow table, TableChange change, TableSnapshot made)
    {
        await tx.Run("""
            INSERT INTO table_snapshot (table_id, version, project, kind, row_count, bytes, parts, added_rows, removed_rows, window_start, window_end, schema_version, reason, task, made_by, made_at)
            VALUES (@Id, @Version, @Project, @Kind, @Rows, @Bytes, @Parts, @AddedRows, @RemovedRows, @WindowStart, @WindowEnd, @SchemaVersion, @Reason, @Task, @By, @At)
            """, new { table.Id, made.Version, made.Project, made.Kind, made.Rows, made.Bytes, made.Parts, made.AddedRows, made.RemovedRows, made.WindowStart, made.WindowEnd, made.SchemaVersion, made.Reason, made.Task, made.By, made.At });
        await tx.Run("""
            UPDATE data_table
               SET version = @Version, schema_version = @SchemaVersion, row_count = @Rows, bytes = @Bytes, parts = @Parts,
                   key_columns = coalesce(@key, key_columns), file_schema = coalesce(@FileSchema, file_schema)
             WHERE id = @Id
            """, new { table.Id, made.Version, made.SchemaVersion, made.Rows, made.Bytes, made.Parts, key = change.Key.Count > 0 ? Json.Write(change.Key) : null, change.FileSchema });
        foreach (var origin in change.Origins.Distinct())
            await tx.Run("INSERT INTO table_origin (table_id, version, column_name, made_from, from_column, project) VALUES (@Id, @Version, @Column, @From, @FromColumn, @Project)",
                new { table.Id, made.Version, origin.Column, origin.From, origin.FromColumn, made.Project });
    }

    /// <summary>The window of the change: the one replaced, else from the first to the last of the rows that came or went.</summary>
    private static (DateTimeOffset?, DateTimeOffset?) Stretch(TableChange change, List<GonePart> gone)
    {
        if (change.Window is { } window)
            return (window.Start, window.End);
        if (change.Kind is ChangeKind.Compact)
            return (null, null);
        var windows = change.Files.SelectMany(file => file.Parts).Select(part => part.Window).Concat(gone.Select(part => part.WindowStart is { } start ? new TableWindow(start, part.WindowEnd!.Value) : null)).OfType<TableWindow>().ToList();
        return windows.Count == 0 ? (null, null) : (windows.Min(one => one.Start), windows.Max(one => one.End));
    }

    private static long Bytes(List<GonePart> gone) => gone.Sum(part => Share(part.Bytes, part.RowCount, part.FileRows));

    private static long Share(long bytes, long rows, long all) => all == 0 ? 0 : (long)((decimal)bytes * rows / all);

    private static ProblemException Conflict(TableRow table, string why)
        => ProblemException.Conflict("table_conflict", $"Somebody else changed '{table.Name}' first: {why}. Nothing was kept.", "Make the change again from the newest snapshot.");

    private sealed record NewFile(int Since, string Statistics);

    private sealed record GonePart(string Id, Digest Blob, long RowCount, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, long Bytes, long FileRows);
}
