using Steward.Storage;

namespace Steward.Data.Tables;

/// <summary>All SQL about tables.</summary>
internal sealed class TableStore(Db db, TimeProvider clock)
{
    private const string Snapshot = """
        s.project, t.name AS "table", s.version, s.kind, s.row_count AS "rows", s.bytes, s.parts, s.added_rows, s.removed_rows,
        s.window_start, s.window_end, s.schema_version, s.reason, s.task, s.made_by AS "by", s.made_at AS "at", s.expired_at
        """;

    private const string Part = "id, blob, first_row, row_count, window_start, window_end";

    public Task<TableSnapshot?> Find(string project, TableReference table, CancellationToken stop) => db.One<TableSnapshot>($"""
        SELECT {Snapshot}
          FROM table_snapshot s
          JOIN data_table t ON t.id = s.table_id
         WHERE t.project = @project
           AND t.name = @name
           {(table.Version is null ? "" : "AND s.version = @Version")}
           {(table.At is null ? "" : "AND s.made_at <= @At")}
         ORDER BY s.version DESC
         LIMIT 1
        """, new { project, name = table.Table.ToString(), table.Version, table.At }, stop);

    public Task<List<TableSnapshot>> Newest(string project, CancellationToken stop) => db.All<TableSnapshot>($"""
        SELECT {Snapshot}
          FROM data_table t
          JOIN table_snapshot s ON s.table_id = t.id AND s.version = t.version
         WHERE t.project = @project
         ORDER BY t.name
        """, new { project }, stop);

    /// <summary>The newest snapshots of these tables, all of one moment: what a transaction wrote into several is there in all or in none.</summary>
    public Task<List<TableSnapshot>> Newest(string project, IReadOnlyCollection<TableName> tables, CancellationToken stop) => db.All<TableSnapshot>($"""
        SELECT {Snapshot}
          FROM data_table t
          JOIN table_snapshot s ON s.table_id = t.id AND s.version = t.version
         WHERE t.project = @project AND t.name IN @names
        """, new { project, names = tables.Select(table => table.ToString()).ToList() }, stop);

    public Task<List<TableSnapshot>> History(string project, TableName table, int before, int most, CancellationToken stop) => db.All<TableSnapshot>($"""
        SELECT {Snapshot}
          FROM data_table t
          JOIN table_snapshot s ON s.table_id = t.id
         WHERE t.project = @project AND t.name = @name AND s.version < @before
         ORDER BY s.version DESC
         LIMIT @most
        """, new { project, name = table.ToString(), before, most }, stop);

    public Task<TableRow?> Table(string project, TableName table, CancellationToken stop) => db.One<TableRow>($"""
        SELECT {TableRow.Columns} FROM data_table WHERE project = @project AND name = @name
        """, new { project, name = table.ToString() }, stop);

    public async Task<IReadOnlyList<TableColumn>> Columns(string tableId, int schema, CancellationToken stop)
        => Json.Read<List<TableColumn>>((await db.One<string>("SELECT columns FROM table_schema WHERE table_id = @tableId AND version = @schema", new { tableId, schema }, stop))!);

    public async Task<IReadOnlyList<ColumnOrigin>> Origins(string tableId, int version, CancellationToken stop) => await db.All<ColumnOrigin>("""
        SELECT column_name AS "column", made_from AS "from", from_column
          FROM table_origin
         WHERE table_id = @tableId AND version = @version
         ORDER BY column_name, made_from, from_column
        """, new { tableId, version }, stop);

    /// <summary>What a snapshot is made of, in the order it came.</summary>
    public Task<List<PartRow>> Parts(string tableId, int version, TableWindow? within, CancellationToken stop) => db.All<PartRow>($"""
        SELECT {Part}
          FROM table_part
         WHERE table_id = @tableId AND since <= @version AND (until IS NULL OR until > @version)
           {(within is null ? "" : "AND (window_start IS NULL OR (window_start < @End AND window_end > @Start))")}
         ORDER BY since, blob, first_row
        """, new { tableId, version, within?.Start, within?.End }, stop);

    /// <summary>Whether all these parts are of the snapshot.</summary>
    public async Task<bool> Holds(string tableId, int version, IReadOnlyCollection<string> parts, CancellationToken stop)
    {
        foreach (var some in parts.Chunk(500))
            if (await db.One<long>("SELECT count(*) FROM table_part WHERE table_id = @tableId AND id IN @some AND since <= @version AND (until IS NULL OR until > @version)", new { tableId, some, version }, stop) < some.Length)
                return false;
        return true;
    }

    public async Task<Dictionary<Digest, FileRow>> Files(IEnumerable<Digest> blobs, CancellationToken stop)
    {
        var found = new Dictionary<Digest, FileRow>();
        foreach (var some in blobs.Distinct().Chunk(500))
            foreach (var file in await db.All<FileRow>("SELECT blob, bytes, row_count, columns, statistics FROM table_file WHERE blob IN @some", new { some }, stop))
                found[file.Blob] = file;
        return found;
    }

    public Task<int> Hold(Lease lease, CancellationToken stop) => db.Run(
        "INSERT INTO table_lease (id, table_id, version, project, held_until) VALUES (@Id, @TableId, @Version, @Project, @HeldUntil)", lease, stop);

    public Task<int> LetGo(IReadOnlyList<string> leases, CancellationToken stop) => db.Run("DELETE FROM table_lease WHERE id IN @leases", new { leases }, stop);

    /// <summary>Files of these bytes are about to be used: no clean-up touches them for a day.</summary>
    public Task<int> Staged(FileRow file, CancellationToken stop) => db.Run("""
        INSERT INTO table_file (blob, bytes, row_count, columns, statistics, staged_at)
        VALUES (@Blob, @Bytes, @RowCount, @Columns, @Statistics, @now)
        ON CONFLICT (blob) DO UPDATE SET row_count = excluded.row_count, columns = excluded.columns, statistics = excluded.statistics, staged_at = excluded.staged_at
        """, new { file.Blob, file.Bytes, file.RowCount, file.Columns, file.Statistics, now = clock.GetUtcNow() }, stop);

    /// <summary>The same for a file that came to be imported, of which nothing is known yet; what is known of these bytes stays.</summary>
    public Task<int> Came(Digest blob, long bytes, DateTimeOffset at, CancellationToken stop) => db.Run("""
        INSERT INTO table_file (blob, bytes, row_count, columns, statistics, staged_at)
        VALUES (@blob, @bytes, 0, '[]', '[]', @at)
        ON CONFLICT (blob) DO UPDATE SET staged_at = excluded.staged_at
        """, new { blob, bytes, at }, stop);
}

internal sealed record TableRow(string Id, string Project, string Name, int Version, int SchemaVersion, long RowCount, long Bytes, int Parts, string KeyColumns, string? FileSchema)
{
    public const string Columns = "id, project, name, version, schema_version, row_count, bytes, parts, key_columns, file_schema";

    public IReadOnlyList<string> Key => Json.Read<List<string>>(KeyColumns);
}

internal sealed record PartRow(string Id, Digest Blob, long FirstRow, long RowCount, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd)
{
    public TableWindow? Window => WindowStart is { } start && WindowEnd is { } end ? new(start, end) : null;
}

internal sealed record FileRow(Digest Blob, long Bytes, long RowCount, string Columns, string Statistics)
{
    public static FileRow Of(StagedFile file) => new(file.Blob, file.Bytes, file.Rows, Json.Write(file.Columns), Json.Write(file.Statistics));
}

internal sealed record Lease(string Id, string TableId, int Version, string Project, DateTimeOffset HeldUntil);
