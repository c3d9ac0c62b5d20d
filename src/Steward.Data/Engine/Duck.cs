using System.Globalization;
using DuckDB.NET.Data;
using Steward.Data.Connections;

namespace Steward.Data.Engine;

/// <summary>
/// One in-memory DuckDB, gone when disposed. From the first statement on it reads the files it was given and what lies in its own
/// folder, and nothing else: no other file, no network, no extension, and no setting can be changed any more.
/// </summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection _connection;

    /// <param name="folder">Private: results are written and large work is spilled there.</param>
    /// <param name="files">What may be read beside it.</param>
    /// <param name="memory">Bytes.</param>
    /// <param name="prepare">Runs before the doors close; for our own statements.</param>
    public Duck(string folder, IEnumerable<string> files, long memory, int threads = 0, string prepare = "")
    {
        _connection = new("DataSource=:memory:");
        _connection.Open();
        Run($"""
            SET memory_limit = '{(memory >> 20).ToString(CultureInfo.InvariantCulture)}MiB';
            SET temp_directory = {Sql.Text(Path.Combine(folder, "spill"))};
            SET threads = {(threads > 0 ? threads : Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)};
            SET TimeZone = 'UTC';
            {prepare}
            SET allowed_paths = [{string.Join(", ", files.Select(Sql.Text))}];
            SET allowed_directories = [{Sql.Text(folder + "/")}];
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET allow_community_extensions = false;
            SET enable_external_access = false;
            SET lock_configuration = true;
            """);
    }

    public void Run(string sql, CancellationToken stop = default) => Read(sql, _ => true, stop);

    public T One<T>(string sql, CancellationToken stop = default)
    {
        T? found = default;
        Read(sql, row =>
        {
            found = row.IsDBNull(0) ? default : (T)Convert.ChangeType(row.GetValue(0), Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), CultureInfo.InvariantCulture);
            return false;
        }, stop);
        return found!;
    }

    public List<T> All<T>(string sql, Func<DuckDBDataReader, T> row, CancellationToken stop = default)
    {
        var all = new List<T>();
        Read(sql, one =>
        {
            all.Add(row(one));
            return true;
        }, stop);
        return all;
    }

    /// <summary>Hands the rows of the last statement on, one by one, while <paramref name="row"/> wants more.</summary>
    public void Read(string sql, Func<DuckDBDataReader, bool> row, CancellationToken stop = default)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        using var cancel = stop.Register(command.Cancel);
        try
        {
            using var rows = command.ExecuteReader();
            do
                while (rows.Read())
                    if (!row((DuckDBDataReader)rows))
                        return;
            while (rows.NextResult());
        }
        catch (Exception error) when (stop.IsCancellationRequested && error is DuckDBException or OperationCanceledException)
        {
            throw new OperationCanceledException(stop);
        }
    }

    /// <summary>Appends rows to a table of this DuckDB, whose columns are <see cref="RowKeeping"/>'s.</summary>
    public void Append(string table, RowBatch batch)
    {
        using var appender = _connection.CreateAppender(table);
        for (var row = 0; row < batch.Rows; row++)
        {
            var one = appender.CreateRow();
            for (var i = 0; i < batch.Columns.Count; i++)
                _ = batch.IsNull(i, row) ? one.AppendNullValue() : batch.Columns[i].Type switch
                {
                    ColumnType.Bool => one.AppendValue(batch.Values<bool>(i)[row]),
                    ColumnType.Int => one.AppendValue(batch.Values<long>(i)[row]),
                    ColumnType.Double => one.AppendValue(batch.Values<double>(i)[row]),
                    ColumnType.Decimal => one.AppendValue(batch.Values<decimal>(i)[row]),
                    ColumnType.Date => one.AppendValue(batch.Values<DateOnly>(i)[row]),
                    ColumnType.Time => one.AppendValue(batch.Values<DateTime>(i)[row]),
                    ColumnType.Bytes => one.AppendValue(batch.Values<byte[]>(i)[row]),
                    ColumnType.Uuid => one.AppendValue(batch.Values<Guid>(i)[row]),
                    _ => one.AppendValue(batch.Values<string>(i)[row]),
                };
            one.EndRow();
        }
    }

    public void Dispose() => _connection.Dispose();
}
