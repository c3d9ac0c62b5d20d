using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DuckDB.NET.Data;
using Steward.Data.Connections;
using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>Rows of a SELECT in batches, in the plain types that every database has; DuckDB runs a few batches ahead of who takes them.</summary>
internal static class RowStream
{
    private const int Ahead = 2;

    public static async IAsyncEnumerable<RowBatch> Of(DuckJob job, string folder, int size, [EnumeratorCancellation] CancellationToken stop)
    {
        var way = Channel.CreateBounded<RowBatch>(Ahead);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var work = Task.Run(() =>
        {
            try
            {
                DuckRun.Read(job, folder, size, batch => way.Writer.WriteAsync(batch, own.Token).AsTask().GetAwaiter().GetResult(), own.Token);
                way.Writer.Complete();
            }
            catch (Exception error)
            {
                way.Writer.Complete(error);
            }
        }, CancellationToken.None);
        try
        {
            await foreach (var batch in way.Reader.ReadAllAsync(stop))
                yield return batch;
        }
        finally
        {
            await own.CancelAsync();
            await work;
        }
    }

    /// <summary>The column in the one DuckDB type that stands for its own outside.</summary>
    public static string Cast(TableColumn column, SourceColumn outside) => $"CAST({Sql.Name(column.Name)} AS {outside.Type switch
    {
        ColumnType.Bool => "BOOLEAN",
        ColumnType.Int => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Decimal => column.Type.StartsWith("DECIMAL", StringComparison.Ordinal) ? column.Type : "DECIMAL(38,0)",
        ColumnType.Date => "DATE",
        ColumnType.Time => "TIMESTAMP",
        ColumnType.Bytes => "BLOB",
        ColumnType.Uuid => "UUID",
        _ => "VARCHAR",
    }}) AS {Sql.Name(column.Name)}";

    public static void Put(RowBatch batch, DuckDBDataReader row, int i, SourceColumn column)
    {
        if (row.IsDBNull(i))
        {
            batch.SetNull(i);
            return;
        }

        switch (column.Type)
        {
            case ColumnType.Bool:
                batch.Set(i, row.GetBoolean(i));
                break;
            case ColumnType.Int:
                batch.Set(i, row.GetInt64(i));
                break;
            case ColumnType.Double:
                batch.Set(i, row.GetDouble(i));
                break;
            case ColumnType.Decimal:
                batch.Set(i, Exact(row, i, column));
                break;
            case ColumnType.Date:
                batch.Set(i, row.GetFieldValue<DateOnly>(i));
                break;
            case ColumnType.Time:
                batch.Set(i, DateTime.SpecifyKind(row.GetDateTime(i), DateTimeKind.Utc));
                break;
            case ColumnType.Bytes:
                using (var bytes = row.GetStream(i))
                {
                    var value = new byte[bytes.Length];
                    bytes.ReadExactly(value);
                    batch.Set(i, value);
                }

                break;
            case ColumnType.Uuid:
                batch.Set(i, row.GetGuid(i));
                break;
            default:
                batch.Set(i, row.GetString(i));
                break;
        }
    }

    private static decimal Exact(DuckDBDataReader row, int i, SourceColumn column)
    {
        try
        {
            return row.GetDecimal(i);
        }
        catch (OverflowException)
        {
            throw ProblemException.Invalid("number_too_long", $"A value of '{Names.Shorten(column.Name)}' has more than 28 digits, which cannot be carried on exactly.", "Cast the column to DOUBLE or VARCHAR in the step before.");
        }
    }
}
