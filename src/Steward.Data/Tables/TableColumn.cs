namespace Steward.Data.Tables;

/// <param name="Name">As SQL writes it, lower-case.</param>
/// <param name="Type">DuckDB's word: <c>BIGINT</c>, <c>DECIMAL(18,2)</c>, <c>TIMESTAMP</c>.</param>
public sealed record TableColumn(string Name, string Type);

/// <summary>What a file (or a whole snapshot) holds in one column; least and greatest as text, null where there is none or the type has no order.</summary>
public sealed record ColumnStatistics(string Name, string? Min, string? Max, long Nulls);

/// <summary>The rows of a half-open stretch of time, [start, end), UTC.</summary>
public sealed record TableWindow(DateTimeOffset Start, DateTimeOffset End)
{
    public override string ToString() => $"[{Start.UtcDateTime:yyyy-MM-dd HH:mm}, {End.UtcDateTime:yyyy-MM-dd HH:mm})";
}

/// <summary>A column was made from columns of another table's snapshot.</summary>
/// <param name="Column">Ours.</param>
/// <param name="From">The snapshot read, <c>bronze.sales@4</c>.</param>
/// <param name="FromColumn">Its column.</param>
public sealed record ColumnOrigin(string Column, string From, string FromColumn);
