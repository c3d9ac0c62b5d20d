namespace Steward.Data.Tables;

/// <summary>Snapshots held open for reading: each whole, and none can be cleaned away meanwhile.</summary>
public sealed class TableReading : IAsyncDisposable
{
    private readonly Func<Task> _letGo;

    internal TableReading(string project, IReadOnlyList<OpenTable> tables, Func<Task> letGo) => (Project, Tables, _letGo) = (project, tables, letGo);

    public string Project { get; }

    public IReadOnlyList<OpenTable> Tables { get; }

    public async ValueTask DisposeAsync() => await _letGo();

    internal TableReading With(IReadOnlyList<OpenTable> tables) => new(Project, tables, _letGo);
}

/// <summary>One snapshot, open.</summary>
public sealed record OpenTable(TableSnapshot Snapshot, IReadOnlyList<TableColumn> Columns, IReadOnlyList<OpenFile> Files)
{
    public TableName Name { get; } = TableName.Parse(Snapshot.Table);

    /// <summary>A SELECT of exactly these rows, for a DuckDB that may read <see cref="Files"/>.</summary>
    public string Sql => Engine.Views.Rows(this);
}

/// <summary>A Parquet file on this machine, and which of its rows belong to the snapshot.</summary>
/// <param name="Rows">All its rows.</param>
/// <param name="Columns">As they are in the file, which may be older than the table's.</param>
public sealed record OpenFile(string Path, long Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyList<OpenPart> Parts)
{
    private readonly string _statistics = "[]";

    internal OpenFile(string path, FileRow file, IReadOnlyList<TableColumn> columns, IReadOnlyList<OpenPart> parts) : this(path, file.RowCount, columns, parts)
        => _statistics = file.Statistics;

    /// <summary>Of all its rows.</summary>
    public IReadOnlyList<ColumnStatistics> Statistics => Json.Read<List<ColumnStatistics>>(_statistics);

    /// <summary>All its rows belong to the snapshot.</summary>
    public bool IsWhole => Parts.Sum(part => part.Rows) == Rows;
}

/// <param name="Id">What a change names when it removes the part.</param>
public sealed record OpenPart(string Id, long FirstRow, long Rows, TableWindow? Window);
