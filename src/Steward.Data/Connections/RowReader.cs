using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Steward.Data.Connections;

/// <summary>Rows of an open reader in batches.</summary>
internal static class RowReader
{
    public static async IAsyncEnumerable<RowBatch> Batches(DbDataReader rows, IReadOnlyList<SourceColumn> columns, int size, [EnumeratorCancellation] CancellationToken stop)
    {
        var batch = new RowBatch(columns, size);
        while (await rows.ReadAsync(stop))
        {
            for (var i = 0; i < columns.Count; i++)
                if (rows.IsDBNull(i))
                    batch.SetNull(i);
                else
                    Put(batch, rows, i, columns);
            batch.EndRow();
            if (batch.Rows < size)
                continue;
            yield return batch;
            batch = new(columns, size);
        }

        if (batch.Rows > 0)
            yield return batch;
    }

    private static void Put(RowBatch batch, DbDataReader rows, int i, IReadOnlyList<SourceColumn> columns)
    {
        switch (columns[i].Type)
        {
            case ColumnType.Bool:
                batch.Set(i, rows.GetBoolean(i));
                break;
            case ColumnType.Int:
                batch.Set(i, rows.GetFieldType(i) == typeof(long) ? rows.GetInt64(i) : Convert.ToInt64(rows.GetValue(i), CultureInfo.InvariantCulture));
                break;
            case ColumnType.Double:
                batch.Set(i, rows.GetFieldType(i) == typeof(double) ? rows.GetDouble(i) : Convert.ToDouble(rows.GetValue(i), CultureInfo.InvariantCulture));
                break;
            case ColumnType.Decimal:
                batch.Set(i, rows.GetDecimal(i));
                break;
            case ColumnType.Date:
                batch.Set(i, rows.GetFieldValue<DateOnly>(i));
                break;
            case ColumnType.Time:
                batch.Set(i, DateTime.SpecifyKind(rows.GetDateTime(i), DateTimeKind.Utc));
                break;
            case ColumnType.Bytes:
                batch.Set(i, rows.GetFieldValue<byte[]>(i));
                break;
            case ColumnType.Uuid:
                batch.Set(i, rows.GetGuid(i));
                break;
            default:
                batch.Set(i, rows.GetValue(i) as string ?? throw ProblemException.Invalid("column_type_unknown", $"The column '{Names.Shorten(columns[i].Name)}' is of a type that is not read here.", "Cast it to text in the query."));
                break;
        }
    }
}
