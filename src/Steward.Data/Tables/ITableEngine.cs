using Steward.Data.Connections;
using Steward.Work;

namespace Steward.Data.Tables;

/// <summary>
/// DuckDB over open snapshots: nothing durable lives in it. A table of the reading is called by its name,
/// <c>silver.orders</c>. Text that people wrote runs in a locked-down process of its own, ours in this one.
/// </summary>
public interface ITableEngine
{
    /// <summary>Runs one SELECT and stages its rows; where its columns come from is read from its plan.</summary>
    Task<MadeTable> Make(TableReading from, MakeOrder order, CancellationToken stop = default);

    /// <summary>Stages rows that come from elsewhere.</summary>
    Task<MadeTable> Make(IAsyncEnumerable<RowBatch> rows, TableWindow? window, CancellationToken stop = default);

    /// <summary>Runs one SELECT and gives the first rows of its answer.</summary>
    Task<QueryAnswer> Query(TableReading from, string sql, QueryLimits limits, CancellationToken stop = default);

    /// <summary>Runs one SELECT of the program's own and gives all its rows as they come, so many at a time.</summary>
    IAsyncEnumerable<RowBatch> Rows(TableReading from, string sql, int size = 1000, CancellationToken stop = default);

    /// <summary>The change that merges staged rows into a table by key: rows with a known key take the place of theirs, others are added. Commit it; on <c>table_conflict</c>, ask again.</summary>
    /// <param name="from">The snapshot that the rows were made from; the newest when they depend on none.</param>
    Task<TableChange> Merge(string project, TableName table, IReadOnlyList<StagedFile> rows, IReadOnlyList<string> key, int? from = null, CancellationToken stop = default);

    /// <summary>The change that writes many small files into few, nothing else; null when there is nothing to gain.</summary>
    Task<TableChange?> Compact(string project, TableName table, CancellationToken stop = default);

    /// <summary>What differs between two snapshots of one table, by key; by whole rows without one.</summary>
    Task<TableDiff> Diff(string project, TableName table, int from, int to, IReadOnlyList<string> key, int most, CancellationToken stop = default);
}

/// <param name="Sql">One SELECT.</param>
/// <param name="Ours">The program wrote it: it runs in this process.</param>
public sealed record MakeOrder(string Sql, bool Ours = false)
{
    /// <summary>The window its rows belong to.</summary>
    public TableWindow? Window { get; init; }

    /// <summary>One file for each value of these columns, at most 1,000.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    public JobLimits Limits { get; init; } = new() { Memory = 2L << 30, Time = TimeSpan.FromMinutes(30) };
}

/// <summary>Rows that were made and staged.</summary>
public sealed record MadeTable(IReadOnlyList<StagedFile> Files, IReadOnlyList<TableColumn> Columns, IReadOnlyList<ColumnOrigin> Origins, long Rows);

public sealed record QueryLimits
{
    /// <summary>The program wrote the SQL: it runs in this process.</summary>
    public bool Ours { get; init; }

    public int Rows { get; init; } = 1000;

    public long Memory { get; init; } = 1L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);
}

/// <param name="Rows">Values as text in the order of the columns, null for null.</param>
/// <param name="IsCut">There are more.</param>
public sealed record QueryAnswer(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, bool IsCut);

/// <summary>Whole counts, and the first rows of each kind as text.</summary>
/// <param name="Changed">Pairs: the row before, the row after.</param>
public sealed record TableDiff(
    TableSnapshot From, TableSnapshot To, IReadOnlyList<TableColumn> Columns, long AddedCount, long RemovedCount, long ChangedCount,
    IReadOnlyList<IReadOnlyList<string?>> Added, IReadOnlyList<IReadOnlyList<string?>> Removed, IReadOnlyList<IReadOnlyList<string?>> Changed);
