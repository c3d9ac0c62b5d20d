using System.Data.Common;
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
    /// <param name="once">Null when it does not matter how often. Otherwise null is given back when it was written before.</param>
    Task<long?> Write(string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, WriteOnce? once, CancellationToken stop = default);
}

/// <summary>A mark that the database keeps with what was written, in the same transaction, in its table <c>steward_written</c>.</summary>
/// <param name="Writer">Who writes: a step of a pipeline.</param>
/// <param name="Part">What of it: a window.</param>
/// <param name="Run">Counts up; an earlier run that wakes after a later one is refused with <c>window_taken</c>.</param>
/// <param name="Mark">Of what is written: the same again is not written.</param>
public sealed record WriteOnce(string Writer, string Part, long Run, string Mark)
{
    internal const string Table = "steward_written";

    internal const string Create = $"CREATE TABLE IF NOT EXISTS {Table} (writer text NOT NULL, part text NOT NULL, run bigint NOT NULL, mark text NOT NULL, PRIMARY KEY (writer, part))";

    private const string Claim = $"INSERT INTO {Table} (writer, part, run, mark) VALUES (@writer, @part, 0, '') ON CONFLICT (writer, part) DO NOTHING";

    private const string Look = $"SELECT run, mark FROM {Table} WHERE writer = @writer AND part = @part";

    private const string Keep = $"UPDATE {Table} SET run = @run, mark = @mark WHERE writer = @writer AND part = @part";

    /// <summary>Whether it is there already; else the mark is set, in the transaction that the connection is in.</summary>
    /// <param name="held">What keeps the row that is looked at from others until then: <c>FOR UPDATE</c>, or nothing where one alone writes.</param>
    internal async Task<bool> IsThere(DbConnection connection, string held, CancellationToken stop)
    {
        await using (var claim = Said(connection, Claim))
            await claim.ExecuteNonQueryAsync(stop);
        await using (var look = Said(connection, $"{Look} {held}"))
        await using (var row = await look.ExecuteReaderAsync(stop))
            if (await row.ReadAsync(stop) && IsThere(row.GetInt64(0), row.GetString(1)))
                return true;
        await using var keep = Said(connection, Keep);
        await keep.ExecuteNonQueryAsync(stop);
        return false;
    }

    private bool IsThere(long run, string mark) => run > Run
        ? throw ProblemException.Conflict("window_taken", "A later run of this window has written already; what this one brings is not kept.")
        : mark == Mark;

    private DbCommand Said(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in new (string, object)[] { ("@writer", Writer), ("@part", Part), ("@run", Run), ("@mark", Mark) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

public static class TableSources
{
    /// <summary>Writes however often it was written before.</summary>
    public static async Task<long> Write(this ITableSource source, string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, CancellationToken stop = default)
        => (await source.Write(table, columns, rows, how, null, stop))!.Value;
}

#pragma warning disable CA1720 // these are types
public enum ColumnType { Bool, Int, Double, Decimal, Text, Date, Time, Bytes, Uuid, Json }
#pragma warning restore CA1720

/// <param name="Type">What its values are here; what the database calls it is its own business.</param>
public sealed record SourceColumn(string Name, ColumnType Type)
{
    /// <summary>What a column of a table of ours is outside.</summary>
    public static SourceColumn Of(Tables.TableColumn column) => new(column.Name, column.Type switch
    {
        "BOOLEAN" => ColumnType.Bool,
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => ColumnType.Int,
        "FLOAT" or "DOUBLE" => ColumnType.Double,
        "UBIGINT" or "HUGEINT" or "UHUGEINT" => ColumnType.Decimal,
        "DATE" => ColumnType.Date,
        "BLOB" => ColumnType.Bytes,
        "UUID" => ColumnType.Uuid,
        "JSON" => ColumnType.Json,
        var type when type.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnType.Decimal,
        var type when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => ColumnType.Time,
        _ => ColumnType.Text,
    });
}

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
    public sealed record Upsert(IReadOnlyList<string> Key) : TableWrite
    {
        /// <summary>A column by which an older row does not take the place of a newer one.</summary>
        public string? Newer { get; init; }
    }

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

    /// <summary>What the table that is written is called within its statement.</summary>
    public const string Target = "there";

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
    public static string OnConflict(IReadOnlyList<SourceColumn> columns, TableWrite.Upsert how)
    {
        var rest = columns.Select(column => column.Name).Except(how.Key, StringComparer.Ordinal).ToList();
        var newer = how.Newer is { } at ? $" WHERE {Target}.{Quote(at)} IS NULL OR {Target}.{Quote(at)} <= excluded.{Quote(at)}" : "";
        return $"ON CONFLICT ({List(how.Key)}) {(rest.Count == 0 ? "DO NOTHING" : "DO UPDATE SET " + string.Join(", ", rest.Select(name => $"{Quote(name)} = excluded.{Quote(name)}")) + newer)}";
    }

    public static void CheckKey(IReadOnlyList<SourceColumn> columns, TableWrite how)
    {
        if (how is TableWrite.Upsert { Newer: { } at } && columns.All(column => column.Name != at))
            throw ProblemException.Invalid("column_missing", $"The column '{Names.Shorten(at)}' that says which row is newer is not among those that are written.", "Name a column that is there.");
        if (how is TableWrite.Upsert { Key.Count: 0 })
            throw ProblemException.Invalid("key_missing", "Rows are to replace those with the same key, and no key is named.", "Name the columns of the key.");
        if (how.KeyColumns.FirstOrDefault(name => columns.All(column => column.Name != name)) is { } missing)
            throw ProblemException.Invalid("key_missing", $"The column '{Names.Shorten(missing)}' of the key is not among those that are written.", "Name a column that is there.");
    }
}
