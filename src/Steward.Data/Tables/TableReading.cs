namespace Steward.Data.Tables;

/// <summary>Snapshots held open for reading: each whole, and none can be cleaned away meanwhile.</summary>
public abstract class TableReading : IAsyncDisposable
{
    public required string Project { get; init; }

    public required IReadOnlyList<OpenTable> Tables { get; init; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>One snapshot, open.</summary>
public sealed record OpenTable(TableSnapshot Snapshot, IReadOnlyList<TableColumn> Columns, IReadOnlyList<OpenFile> Files)
{
    public TableName Name { get; } = TableName.Parse(Snapshot.Table);
}

/// <summary>A Parquet file on this machine, and which of its rows belong to the snapshot.</summary>
/// <param name="IsWhole">All its rows do.</param>
public sealed record OpenFile(string Path, long Rows, bool IsWhole, IReadOnlyList<OpenPart> Parts);

/// <param name="Id">What a change names when it removes the part.</param>
public sealed record OpenPart(string Id, long FirstRow, long Rows, TableWindow? Window, IReadOnlyList<ColumnStatistics> Statistics);
