using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Steward.Data.Connections;

/// <summary>
/// Tables of a SQLite file. Its types are read from how the columns were declared: BOOLEAN, DATE, TIMESTAMP, UUID, DECIMAL
/// and JSON are kept as text or numbers in the file. SQL cannot reach another file: attaching is turned off.
/// </summary>
internal sealed class SqliteSource(string file, bool readOnly, TimeSpan timeout) : ITableSource
{
    public bool Writes => !readOnly;

    public async Task<IReadOnlyList<string>> Tables(CancellationToken stop)
    {
        await using var connection = await Open(write: false, stop);
        await using var command = Command(connection, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
        var found = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            found.Add(rows.GetString(0));
        return found;
    }

    public async Task<IReadOnlyList<SourceColumn>> Columns(string table, CancellationToken stop)
    {
        await using var connection = await Open(write: false, stop);
        return await Columns(connection, table, stop) ?? throw SqlNames.NoTable(table);
    }

    public async IAsyncEnumerable<RowBatch> Read(TableQuery query, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var connection = await Open(write: false, stop);
        await using var command = Command(connection, query.Sql);
        foreach (var (name, value) in query.Values ?? new Dictionary<string, object?>())
            command.Parameters.AddWithValue("@" + name, Plain(value) ?? DBNull.Value);
        await using var rows = await command.ExecuteReaderAsync(stop);
        var columns = Enumerable.Range(0, rows.FieldCount).Select(i => new SourceColumn(rows.GetName(i), TypeOf(rows.GetDataTypeName(i)))).ToList();
        await foreach (var read in RowReader.Batches(rows, columns, query.BatchRows, stop))
            yield return read;
    }

    public async Task<long?> Write(string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, WriteOnce? once, CancellationToken stop)
    {
        if (readOnly)
            throw FileStores.ReadOnly("This database");
        SqlNames.CheckKey(columns, how);
        await using var connection = await Open(write: true, stop);
        await using var transaction = connection.BeginTransaction(deferred: false);
        if (once is not null)
        {
            await Run(connection, WriteOnce.Create, stop);
            if (await once.IsThere(connection, "", stop))
                return null;
        }

        var name = SqlNames.QuoteTable(table);
        var there = await Columns(connection, table, stop);
        if (there is null)
            await Run(connection, $"CREATE TABLE {name} ({string.Join(", ", columns.Select(column => $"{SqlNames.Quote(column.Name)} {Word(column.Type)}"))}{(how.KeyColumns.Count > 0 ? $", PRIMARY KEY ({SqlNames.List(how.KeyColumns)})" : "")})", stop);
        else if (columns.FirstOrDefault(column => there.All(one => one.Name != column.Name)) is { } missing)
            throw ProblemException.Invalid("column_missing", $"The table has no column '{Names.Shorten(missing.Name)}'.", "Add the column, or leave it out.");
        else if (how is TableWrite.Replace)
            await Run(connection, $"DELETE FROM {name}", stop);
        await using var insert = Command(connection, $"INSERT INTO {name} AS {SqlNames.Target} ({SqlNames.List(columns.Select(column => column.Name))}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))}) {(how is TableWrite.Upsert upsert ? SqlNames.OnConflict(columns, upsert) : "")}");
        var values = columns.Select((_, i) => insert.Parameters.Add($"@p{i}", SqliteType.Text)).ToList();
        values.ForEach(value => value.ResetSqliteType());
        var written = 0L;
        await foreach (var batch in rows.WithCancellation(stop))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                for (var i = 0; i < columns.Count; i++)
                    values[i].Value = Plain(batch.Value(i, row)) ?? DBNull.Value;
                insert.ExecuteNonQuery();
            }

            written += batch.Rows;
        }

        transaction.Commit();
        return written;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static object? Plain(object? value) => value switch
    {
        bool yes => yes ? 1L : 0L,
        decimal exact => exact.ToString(CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        Guid id => id.ToString(),
        _ => value,
    };

    private static async Task<List<SourceColumn>?> Columns(SqliteConnection connection, string table, CancellationToken stop)
    {
        await using var command = Command(connection, "SELECT name, type FROM pragma_table_info(@table) ORDER BY cid");
        command.Parameters.AddWithValue("@table", table);
        var found = new List<SourceColumn>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            found.Add(new(rows.GetString(0), TypeOf(rows.GetString(1))));
        return found.Count > 0 ? found : null;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand(); // in the transaction, when there is one
        command.CommandText = sql;
        return command;
    }

    private static async Task Run(SqliteConnection connection, string sql, CancellationToken stop)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static string Word(ColumnType type) => type switch
    {
        ColumnType.Bool => "BOOLEAN",
        ColumnType.Int => "INTEGER",
        ColumnType.Double => "REAL",
        ColumnType.Decimal => "DECIMAL_TEXT", // text affinity: a number would become a double
        ColumnType.Date => "DATE_TEXT",
        ColumnType.Time => "TIMESTAMP_TEXT",
        ColumnType.Bytes => "BLOB",
        ColumnType.Uuid => "UUID_TEXT",
        ColumnType.Json => "JSON_TEXT",
        _ => "TEXT",
    };

    private static ColumnType TypeOf(string declared) => declared.ToUpperInvariant() switch
    {
        "DECIMAL_TEXT" => ColumnType.Decimal,
        "DATE_TEXT" => ColumnType.Date,
        "TIMESTAMP_TEXT" => ColumnType.Time,
        "UUID_TEXT" => ColumnType.Uuid,
        "JSON_TEXT" => ColumnType.Json,
        "BOOLEAN" or "BOOL" => ColumnType.Bool,
        var word when word.Contains("INT", StringComparison.Ordinal) => ColumnType.Int,
        var word when word.Contains("REAL", StringComparison.Ordinal) || word.Contains("FLOA", StringComparison.Ordinal) || word.Contains("DOUB", StringComparison.Ordinal) => ColumnType.Double,
        "BLOB" => ColumnType.Bytes,
        _ => ColumnType.Text,
    };

    private async Task<SqliteConnection> Open(bool write, CancellationToken stop)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = write ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadOnly,
            DefaultTimeout = (int)Math.Ceiling(timeout.TotalSeconds),
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(stop);
        raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_ATTACHED, 0);
        return connection;
    }
}
