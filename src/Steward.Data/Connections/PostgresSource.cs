using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Steward.Outside;

namespace Steward.Data.Connections;

/// <summary>Tables of a PostgreSQL database; rows come in by binary COPY.</summary>
internal sealed class PostgresSource(NpgsqlDataSource source, bool readOnly) : ITableSource
{
    private const string Incoming = "steward_incoming";

    public bool Writes => !readOnly;

    /// <summary>The database, at an address that was checked and stays.</summary>
    public static async Task<NpgsqlDataSource> Open(ConnectionPlan plan, string? password, Reach reach, CancellationToken stop)
    {
        var address = (await reach.Addresses(plan.Host!, stop))[0];
        var seconds = (int)Math.Ceiling(plan.Timeout.TotalSeconds);
        var built = new NpgsqlDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = address.ToString(), Port = plan.Port, Database = plan.Database, Username = plan.User, Password = password, Timeout = Math.Min(seconds, 60), CommandTimeout = 0, MaxPoolSize = 8,
                ApplicationName = "steward", IncludeErrorDetail = false, PersistSecurityInfo = false, Timezone = "UTC",
                SslMode = plan.Tls switch { TlsMode.Off => SslMode.Disable, TlsMode.Require => SslMode.Require, _ => SslMode.VerifyFull },
            },
        };
        if (plan.Tls is not TlsMode.Off)
            built.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = plan.Host);
        return built.Build();
    }

    public async Task<IReadOnlyList<string>> Tables(CancellationToken stop)
    {
        await using var command = source.CreateCommand("""
            SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_temp%' AND n.nspname NOT LIKE 'pg\_toast%'
               AND has_table_privilege(c.oid, 'SELECT')
             ORDER BY 1
            """);
        var found = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            found.Add(rows.GetString(0));
        return found;
    }

    public async Task<IReadOnlyList<SourceColumn>> Columns(string table, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        return [.. (await Columns(connection, table, stop) ?? throw SqlNames.NoTable(table)).Select(one => one.Column)];
    }

    public async IAsyncEnumerable<RowBatch> Read(TableQuery query, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        // A batch of one: a second statement, which could end the transaction and write, is refused before it is sent.
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SET TRANSACTION READ ONLY"));
        var command = new NpgsqlBatchCommand(query.Sql);
        foreach (var (name, value) in query.Values ?? new Dictionary<string, object?>())
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        batch.BatchCommands.Add(command);
        await using var rows = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop);
        var columns = (await rows.GetColumnSchemaAsync(stop)).Select(column => new SourceColumn(column.ColumnName, TypeOf(column.DataTypeName ?? "text"))).ToList();
        await foreach (var read in RowReader.Batches(rows, columns, query.BatchRows, stop))
            yield return read;
    }

    public async Task<long?> Write(string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, WriteOnce? once, CancellationToken stop)
    {
        if (readOnly)
            throw FileStores.ReadOnly("This database");
        SqlNames.CheckKey(columns, how);
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (once is not null && await IsThere(connection, once, stop))
            return null;
        var (name, all) = (SqlNames.QuoteTable(table), SqlNames.List(columns.Select(column => column.Name)));
        var there = await Columns(connection, table, stop);
        if (there is null)
        {
            await Run(connection, $"CREATE TABLE {name} ({Declared(columns)}{(how.KeyColumns.Count > 0 ? $", PRIMARY KEY ({SqlNames.List(how.KeyColumns)})" : "")})", stop);
            there = [.. columns.Select(column => (column, Word(column.Type)))];
        }
        else if (how is TableWrite.Replace)
            await Run(connection, $"DELETE FROM {name}", stop);

        // Binary COPY takes the very types of a table: into narrower ones, and over rows that are there, the rows come by a table of this transaction.
        var wire = columns.Select(column => column with { Type = Fit(column, there) }).ToList();
        var direct = how is not TableWrite.Upsert && wire.All(column => there.Any(one => one.Column.Name == column.Name && one.Word == Word(column.Type)));
        if (!direct)
            await Run(connection, $"CREATE TEMP TABLE {Incoming} ({Declared(wire)}) ON COMMIT DROP", stop);
        var written = await Copy(connection, direct ? name : Incoming, all, wire, rows, stop);
        if (!direct)
            await Run(connection, $"INSERT INTO {name} AS {SqlNames.Target} ({all}) SELECT {all} FROM {Incoming} {(how is TableWrite.Upsert upsert ? SqlNames.OnConflict(columns, upsert) : "")}", stop);
        await transaction.CommitAsync(stop);
        return written;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>Looks at the mark and sets it, in the transaction of the write.</summary>
    private static async Task<bool> IsThere(NpgsqlConnection connection, WriteOnce once, CancellationToken stop)
    {
        if (await Columns(connection, WriteOnce.Table, stop) is null)
        {
            // Two that make a table at once stand in each other's way, even with IF NOT EXISTS.
            await Run(connection, $"SELECT pg_advisory_xact_lock(hashtext('{WriteOnce.Table}'))", stop);
            await Run(connection, WriteOnce.Create, stop);
        }

        return await once.IsThere(connection, "FOR UPDATE", stop);
    }

    private static async Task<List<(SourceColumn Column, string Word)>?> Columns(NpgsqlConnection connection, string table, CancellationToken stop)
    {
        var (schema, name) = SqlNames.Split(table);
        await using var command = new NpgsqlCommand("""
            SELECT a.attname, format_type(a.atttypid, NULL)
              FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relname = @name AND (CASE WHEN @schema = '' THEN pg_table_is_visible(c.oid) ELSE n.nspname = @schema END)
               AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
             ORDER BY a.attnum
            """, connection);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("schema", schema ?? "");
        var found = new List<(SourceColumn, string)>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            found.Add((new(rows.GetString(0), TypeOf(rows.GetString(1))), rows.GetString(1)));
        return found.Count > 0 ? found : null;
    }

    /// <summary>The type a column is sent as: its own, or JSON where text goes into a column of JSON.</summary>
    private static ColumnType Fit(SourceColumn column, List<(SourceColumn Column, string Word)> there)
    {
        var wanted = there.Where(one => one.Column.Name == column.Name).Select(one => (ColumnType?)one.Column.Type).FirstOrDefault() ?? throw ProblemException.Invalid("column_missing", $"The table has no column '{Names.Shorten(column.Name)}'.", "Add the column, or leave it out.");
        return wanted == column.Type || (column.Type, wanted) is (ColumnType.Text, ColumnType.Json)
            ? wanted
            : throw ProblemException.Invalid("column_differs", $"The column '{Names.Shorten(column.Name)}' holds {column.Type.ToString().ToLowerInvariant()}, and the table wants {wanted.ToString().ToLowerInvariant()}.", "Cast it before it is written.");
    }

    private static string Declared(IEnumerable<SourceColumn> columns) => string.Join(", ", columns.Select(column => $"{SqlNames.Quote(column.Name)} {Word(column.Type)}"));

    private static async Task<long> Copy(NpgsqlConnection connection, string into, string all, List<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, CancellationToken stop)
    {
        var written = 0L;
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {into} ({all}) FROM STDIN (FORMAT BINARY)", stop);
        await foreach (var batch in rows.WithCancellation(stop))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                await copy.StartRowAsync(stop);
                for (var i = 0; i < columns.Count; i++)
                    await (batch.IsNull(i, row) ? copy.WriteNullAsync(stop) : columns[i].Type switch
                    {
                        ColumnType.Bool => copy.WriteAsync(batch.Values<bool>(i)[row], NpgsqlDbType.Boolean, stop),
                        ColumnType.Int => copy.WriteAsync(batch.Values<long>(i)[row], NpgsqlDbType.Bigint, stop),
                        ColumnType.Double => copy.WriteAsync(batch.Values<double>(i)[row], NpgsqlDbType.Double, stop),
                        ColumnType.Decimal => copy.WriteAsync(batch.Values<decimal>(i)[row], NpgsqlDbType.Numeric, stop),
                        ColumnType.Date => copy.WriteAsync(batch.Values<DateOnly>(i)[row], NpgsqlDbType.Date, stop),
                        ColumnType.Time => copy.WriteAsync(DateTime.SpecifyKind(batch.Values<DateTime>(i)[row], DateTimeKind.Utc), NpgsqlDbType.TimestampTz, stop),
                        ColumnType.Bytes => copy.WriteAsync(batch.Values<byte[]>(i)[row], NpgsqlDbType.Bytea, stop),
                        ColumnType.Uuid => copy.WriteAsync(batch.Values<Guid>(i)[row], NpgsqlDbType.Uuid, stop),
                        ColumnType.Json => copy.WriteAsync(batch.Values<string>(i)[row], NpgsqlDbType.Jsonb, stop),
                        _ => copy.WriteAsync(batch.Values<string>(i)[row], NpgsqlDbType.Text, stop),
                    });
            }

            written += batch.Rows;
        }

        await copy.CompleteAsync(stop);
        return written;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static string Word(ColumnType type) => type switch
    {
        ColumnType.Bool => "boolean",
        ColumnType.Int => "bigint",
        ColumnType.Double => "double precision",
        ColumnType.Decimal => "numeric",
        ColumnType.Date => "date",
        ColumnType.Time => "timestamptz",
        ColumnType.Bytes => "bytea",
        ColumnType.Uuid => "uuid",
        ColumnType.Json => "jsonb",
        _ => "text",
    };

    private static ColumnType TypeOf(string word) => word.Split('(')[0] switch
    {
        "boolean" => ColumnType.Bool,
        "bigint" or "integer" or "smallint" => ColumnType.Int,
        "double precision" or "real" => ColumnType.Double,
        "numeric" => ColumnType.Decimal,
        "date" => ColumnType.Date,
        var time when time.StartsWith("timestamp", StringComparison.Ordinal) => ColumnType.Time,
        "bytea" => ColumnType.Bytes,
        "uuid" => ColumnType.Uuid,
        "json" or "jsonb" => ColumnType.Json,
        _ => ColumnType.Text,
    };
}
