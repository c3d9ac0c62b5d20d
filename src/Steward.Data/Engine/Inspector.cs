using DuckDB.NET.Data;
using Steward.Data.Engine;

namespace Steward.Data.Tables;

/// <summary>What a Parquet file holds.</summary>
internal sealed record Inspected(long Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyList<ColumnStatistics> Statistics);

/// <summary>Looks into Parquet files that were made here.</summary>
internal static class Inspector
{
    public const int MostColumns = 2000;

    public static Inspected Look(string parquet, CancellationToken stop)
    {
        using var duck = new Duck(Path.GetDirectoryName(Path.GetFullPath(parquet))!, [], 256L << 20, threads: 1);
        var columns = Columns(duck, parquet, stop);
        var asked = string.Concat(columns.Select(column => Pruning.HasOrder(column.Type)
            ? $", min({Sql.Name(column.Name)})::VARCHAR, max({Sql.Name(column.Name)})::VARCHAR, count(*) - count({Sql.Name(column.Name)})"
            : $", NULL, NULL, count(*) - count({Sql.Name(column.Name)})"));
        return duck.All($"SELECT count(*){asked} FROM read_parquet({Sql.Text(parquet)}, hive_partitioning = false)", row => new Inspected(row.GetInt64(0), columns,
            [.. columns.Select((column, i) => new ColumnStatistics(column.Name, Text(row, (3 * i) + 1), Text(row, (3 * i) + 2), row.GetInt64((3 * i) + 3)))]), stop)[0];
    }

    public static IReadOnlyList<TableColumn> Columns(Duck duck, string parquet, CancellationToken stop)
    {
        var columns = duck.All($"DESCRIBE SELECT * FROM read_parquet({Sql.Text(parquet)}, hive_partitioning = false)", row => new TableColumn(row.GetString(0), row.GetString(1)), stop);
        if (columns.FirstOrDefault(column => column.Name is "filename" or "file_row_number") is { } taken)
            throw ProblemException.Invalid("column_reserved", $"A column cannot be called '{taken.Name}': the engine uses that name.", "Call it something else.");
        return columns.Count <= MostColumns ? columns : throw ProblemException.Invalid("too_many_columns", $"There are {columns.Count:N0} columns; at most {MostColumns:N0} can be.", "Choose those you need.");
    }

    /// <summary>What <c>COPY … (RETURN_STATS)</c> says about one file it wrote.</summary>
    public static (string File, long Rows, IReadOnlyList<ColumnStatistics> Statistics) Written(DuckDBDataReader row, IReadOnlyList<TableColumn> columns)
    {
        var said = (System.Collections.IDictionary)row.GetValue(row.GetOrdinal("column_statistics"));
        var found = new List<ColumnStatistics>();
        foreach (var column in columns)
            if (said[Sql.Name(column.Name)] is System.Collections.IDictionary facts)
            {
                var known = Pruning.HasOrder(column.Type) && facts["has_nan"] is not "true";
                found.Add(new(column.Name, known ? Short(facts["min"]) : null, known ? Short(facts["max"]) : null, facts["null_count"] is string nulls ? long.Parse(nulls, null) : 0));
            }

        return ((string)row.GetValue(row.GetOrdinal("filename")), Convert.ToInt64(row.GetValue(row.GetOrdinal("count")), null), found);
    }

    private static string? Text(DuckDBDataReader row, int at) => row.IsDBNull(at) ? null : Short(row.GetString(at));

    /// <summary>A long text is no statistic: cut short it would not bound anything.</summary>
    private static string? Short(object? text) => text is string { Length: <= 200 } kept ? kept : null;
}
