using System.Globalization;

namespace Steward.Data.Connections;

/// <summary>Tables of one database. The same promises for each: names as the database lists them, values in a few plain types, a write is all or nothing.</summary>
public interface ITableSource : IAsyncDisposable
{
    /// <summary>False where tables can only be read.</summary>
    bool Writes { get; }

    /// <summary>Tables and views that may be read, sorted; <c>schema.table</c> outside of the usual schema.</summary>
    Task<IReadOnlyList<string>> Tables(CancellationToken stop = default);

    /// <summary><c>table_not_found</c>.</summary>
    Task<IReadOnlyList<SourceColumn>> Columns(string table, CancellationToken stop = default);

    /// <summary>Rows in batches as they come, in a transaction that cannot write. Values go by parameters, never into the text.</summary>
    IAsyncEnumerable<RowBatch> Read(TableQuery query, CancellationToken stop = default);

    /// <summary>Writes rows in one transaction; how many. A table that is not there is made, with the key as its primary key.</summary>
    Task<long> Write(string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, CancellationToken stop = default);
}

#pragma warning disable CA1720 // these are types
public enum ColumnType { Bool, Int, Double, Decimal, Text, Date, Time, Bytes, Uuid, Json }
#pragma warning restore CA1720

/// <param name="Type">What its values are here; what the database calls it is its own business.</param>
public sealed record SourceColumn(string Name, ColumnType Type);

/// <param name="Sql">One statement that reads; values as <c>@name</c>.</param>
public sealed record TableQuery(string Sql, IReadOnlyDictionary<string, object?>? Values = null)
{
    /// <summary>Rows of a batch.</summary>
    public int BatchRows { get; init; } = 10_000;
}

/// <summary>How rows come into a table.</summary>
public abstract record TableWrite
{
    /// <summary>Beside what is there.</summary>
    public sealed record Append : TableWrite;

    /// <summary>In place of all that is there.</summary>
    public sealed record Replace : TableWrite;

    /// <summary>In place of the rows with the same key, beside the others.</summary>
    public sealed record Upsert(IReadOnlyList<string> Key) : TableWrite;

    internal IReadOnlyList<string> KeyColumns => this is Upsert upsert ? upsert.Key : [];
}

/// <summary>
/// Rows, column by column, each an array of its type: <c>bool[]</c>, <c>long[]</c>, <c>double[]</c>, <c>decimal[]</c>,
/// <c>string[]</c>, <c>DateOnly[]</c>, <c>DateTime[]</c> (UTC), <c>byte[][]</c>, <c>Guid[]</c>; JSON is text.
/// </summary>
public sealed class RowBatch
{
    private readonly Array[] _values;
    private readonly bool[][] _nulls;

    public RowBatch(IReadOnlyList<SourceColumn> columns, int capacity)
    {
        Columns = columns;
        Capacity = capacity;
        _values = [.. columns.Select(column => ColumnTypes.Array(column.Type, capacity))];
        _nulls = [.. columns.Select(_ => new bool[capacity])];
    }

    public IReadOnlyList<SourceColumn> Columns { get; }

    public int Capacity { get; }

    public int Rows { get; private set; }

    public T[] Values<T>(int column) => (T[])_values[column];

    public bool IsNull(int column, int row) => _nulls[column][row];

    public object? Value(int column, int row) => _nulls[column][row] ? null : _values[column].GetValue(row);

    /// <summary>Sets a value of the row that <see cref="EndRow"/> ends; left out, it is null.</summary>
    public void Set<T>(int column, T value) => ((T[])_values[column])[Rows] = value;

    public void SetNull(int column) => _nulls[column][Rows] = true;

    public void EndRow() => Rows++;

    /// <summary>Rows of values as they come, for small tables: <c>int</c> is a <c>long</c> here.</summary>
    public static RowBatch Of(IReadOnlyList<SourceColumn> columns, params IReadOnlyList<object?[]> rows)
    {
        var batch = new RowBatch(columns, Math.Max(1, rows.Count));
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
                if (row[i] is { } value)
                    batch._values[i].SetValue(columns[i].Type is ColumnType.Int ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : value, batch.Rows);
                else
                    batch.SetNull(i);
            batch.EndRow();
        }

        return batch;
    }
}

internal static class ColumnTypes
{
    public static Array Array(ColumnType type, int length) => type switch
    {
        ColumnType.Bool => new bool[length],
        ColumnType.Int => new long[length],
        ColumnType.Double => new double[length],
        ColumnType.Decimal => new decimal[length],
        ColumnType.Date => new DateOnly[length],
        ColumnType.Time => new DateTime[length],
        ColumnType.Bytes => new byte[length][],
        ColumnType.Uuid => new Guid[length],
        _ => new string[length],
    };
}

internal static class SqlNames
{
    private const int MostCharacters = 63;

    /// <summary>A name as SQL writes it, whatever it holds.</summary>
    public static string Quote(string name) => name.Length is > 0 and <= MostCharacters && !name.Any(char.IsControl)
        ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : throw ProblemException.Invalid("name_invalid", $"'{Names.Shorten(name)}' cannot be the name of a table or column: 1 to {MostCharacters} characters, none of them a control character.", "Choose a shorter name.");

    /// <summary><c>table</c> or <c>schema.table</c>.</summary>
    public static (string? Schema, string Table) Split(string table) => table.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (table[..dot], table[(dot + 1)..]) : (null, table);

    public static string QuoteTable(string table) => Split(table) is var (schema, name) && schema is null ? Quote(name) : $"{Quote(schema)}.{Quote(name)}";

    public static ProblemException NoTable(string table) => ProblemException.NotFound("table", Names.Shorten(table), "steward connect tables shows those of a connection.");

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>What an upsert does to a row that is there: every column that is not of the key.</summary>
    public static string OnConflict(IReadOnlyList<SourceColumn> columns, IReadOnlyList<string> key)
    {
        var rest = columns.Select(column => column.Name).Except(key, StringComparer.Ordinal).ToList();
        return $"ON CONFLICT ({List(key)}) {(rest.Count == 0 ? "DO NOTHING" : "DO UPDATE SET " + string.Join(", ", rest.Select(name => $"{Quote(name)} = excluded.{Quote(name)}")))}";
    }

    public static void CheckKey(IReadOnlyList<SourceColumn> columns, TableWrite how)
    {
        if (how is TableWrite.Upsert { Key.Count: 0 })
            throw ProblemException.Invalid("key_missing", "Rows are to replace those with the same key, and no key is named.", "Name the columns of the key.");
        if (how.KeyColumns.FirstOrDefault(name => columns.All(column => column.Name != name)) is { } missing)
            throw ProblemException.Invalid("key_missing", $"The column '{Names.Shorten(missing)}' of the key is not among those that are written.", "Name a column that is there.");
    }
}
