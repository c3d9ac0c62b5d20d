using Steward.Data.Connections;
using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>Rows that come from a database into Parquet files, so many rows each: never all of them in memory.</summary>
internal static class RowKeeping
{
    private const string Table = "incoming";
    private const int MostRows = 500_000, MostDecimals = 10;

    /// <summary>The files as they are finished.</summary>
    public static async IAsyncEnumerable<(string Path, Inspected Found)> Of(IAsyncEnumerable<RowBatch> rows, string folder, long memory, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var duck = new Duck(folder, [], memory);
        var (columns, held) = ((IReadOnlyList<TableColumn>?)null, 0L);
        await foreach (var batch in rows.WithCancellation(stop))
        {
            if (columns is null)
            {
                columns = Columns(batch.Columns);
                duck.Run($"CREATE TABLE {Table} ({string.Join(", ", columns.Select(column => $"{Sql.Name(column.Name)} {column.Type}"))})", stop);
            }

            Exact(batch);
            duck.Append(Table, batch);
            if ((held += batch.Rows) < MostRows)
                continue;
            yield return Write(columns);
            held = 0;
        }

        if (held > 0)
            yield return Write(columns!);

        (string, Inspected) Write(IReadOnlyList<TableColumn> all)
        {
            var path = Path.Combine(folder, $"{Names.NewId()}.parquet");
            var found = Parquet.Write(duck, $"SELECT * FROM {Table}", path, all, stop);
            duck.Run($"TRUNCATE {Table}", stop);
            return (path, found);
        }
    }

    private static List<TableColumn> Columns(IReadOnlyList<SourceColumn> columns)
    {
        if (columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProblemException.Invalid("column_twice", $"Two columns of the answer are called '{Names.Shorten(twice.Key)}'.", "Give one of them another name with AS.");
        return [.. columns.Select(column => new TableColumn(column.Name, column.Type switch
        {
            ColumnType.Bool => "BOOLEAN",
            ColumnType.Int => "BIGINT",
            ColumnType.Double => "DOUBLE",
            ColumnType.Decimal => $"DECIMAL(38,{MostDecimals})",
            ColumnType.Date => "DATE",
            ColumnType.Time => "TIMESTAMP",
            ColumnType.Bytes => "BLOB",
            ColumnType.Uuid => "UUID",
            _ => "VARCHAR",
        }))];
    }

    /// <summary>A number is kept as it is or refused, never rounded.</summary>
    private static void Exact(RowBatch batch)
    {
        for (var i = 0; i < batch.Columns.Count; i++)
            if (batch.Columns[i].Type is ColumnType.Decimal)
                for (var row = 0; row < batch.Rows; row++)
                    if (!batch.IsNull(i, row) && batch.Values<decimal>(i)[row] is var value && value.Scale > MostDecimals && decimal.Round(value, MostDecimals) != value)
                        throw ProblemException.Invalid("number_too_fine", $"'{Names.Shorten(batch.Columns[i].Name)}' holds {value}; at most {MostDecimals} decimals are kept exactly.", "Round it, or cast it to double precision, in the query.");
    }
}
