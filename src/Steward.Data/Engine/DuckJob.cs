using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Steward.Data.Connections;
using Steward.Data.Tables;
using Steward.Storage;

namespace Steward.Data.Engine;

/// <summary>One SELECT over tables, as data: the same in this process and in a child.</summary>
/// <param name="Sql">What people or the program wrote.</param>
/// <param name="Tables">What it may read.</param>
/// <param name="Memory">Bytes for the engine.</param>
internal sealed record DuckJob(string Sql, IReadOnlyList<DuckTable> Tables, long Memory)
{
    /// <summary>So many rows of the answer are wanted; 0 to write them all to files.</summary>
    public int Rows { get; init; }

    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    public int Threads { get; init; }
}

/// <param name="Select">Its rows.</param>
/// <param name="Files">What that reads.</param>
internal sealed record DuckTable(string Schema, string Name, IReadOnlyList<TableColumn> Columns, string Select, IReadOnlyList<string> Files)
{
    public static DuckTable Of(OpenTable table) => new(table.Name.Schema, table.Name.Name, table.Columns, Views.Rows(table), [.. table.Files.Select(file => file.Path)]);
}

/// <summary>What a job left in its folder.</summary>
internal sealed record DuckMade(IReadOnlyList<MadeFile> Files, IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<Origin>> Origins);

/// <param name="Name">Below <c>out</c> in the job's folder.</param>
internal sealed record MadeFile(string Name, long Rows, IReadOnlyList<ColumnStatistics> Statistics);

/// <summary>Runs jobs.</summary>
internal static class DuckRun
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };
    private const int LongestValue = 2000, LongestAnswer = 8 << 20, MostPartitions = 1000;

    public static DuckMade Make(DuckJob job, string folder, CancellationToken stop)
    {
        var output = Directory.CreateDirectory(Path.Combine(folder, "out")).FullName;
        using var duck = Open(job, folder);
        var sql = OneSelect(duck, job.Sql);
        var origins = job.Tables.Count == 0 ? [] : Origins(job, sql, folder);
        return Explained(() =>
        {
            var types = duck.All($"DESCRIBE {sql}", row => new TableColumn(row.GetString(0), row.GetString(1)), stop);
            if (types.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw ProblemException.Invalid("column_twice", $"Two columns of the answer are called '{twice.Key}'.", "Give one of them another name with AS.");
            var select = types.Any(column => Stored(column.Type) != column.Type)
                ? $"SELECT {string.Join(", ", types.Select(column => Stored(column.Type) == column.Type ? Sql.Name(column.Name) : $"CAST({Sql.Name(column.Name)} AS {Stored(column.Type)}) AS {Sql.Name(column.Name)}"))} FROM ({sql})"
                : sql;
            var columns = types.Select(column => column with { Type = Stored(column.Type) }).ToList();
            var files = job.PartitionBy.Count == 0 ? [] : Write(output, $", PARTITION_BY ({Sql.Names(job.PartitionBy)}), WRITE_PARTITION_COLUMNS true");
            // No rows fall into no partition: one empty file says what the columns are.
            files = files.Count > 0 ? files : Write(Path.Combine(output, "0.parquet"), "");
            if (files.Count > MostPartitions)
                throw ProblemException.Invalid("too_many_partitions", $"The rows fall into {files.Count:N0} partitions; at most {MostPartitions:N0} can be.", "Partition by columns with fewer values.");
            return new DuckMade(files, Inspector.Columns(duck, Path.Combine(output, files[0].Name), stop), origins);

            List<MadeFile> Write(string target, string how) => duck.All($"COPY ({select}) TO {Sql.Text(target)} (FORMAT parquet, RETURN_STATS{how})", row =>
            {
                var (file, rows, statistics) = Inspector.Written(row, columns);
                return new MadeFile(Path.GetRelativePath(output, file), rows, statistics);
            }, stop);
        }, stop);
    }

    public static QueryAnswer Query(DuckJob job, string folder, CancellationToken stop)
    {
        using var duck = Open(job, folder);
        var sql = OneSelect(duck, job.Sql);
        return Explained(() =>
        {
            var columns = duck.All($"DESCRIBE {sql}", row => new TableColumn(row.GetString(0), row.GetString(1)), stop);
            var (rows, size, cut) = (new List<IReadOnlyList<string?>>(), 0L, false);
            duck.Read($"SELECT left(COLUMNS(*)::VARCHAR, {LongestValue + 1}) FROM ({sql}) LIMIT {(job.Rows + 1).ToString(CultureInfo.InvariantCulture)}", row =>
            {
                if (rows.Count == job.Rows || size > LongestAnswer)
                    return !(cut = true);
                var values = Enumerable.Range(0, row.FieldCount).Select(at => row.IsDBNull(at) ? null : Cut(row.GetString(at))).ToList();
                size += values.Sum(value => value?.Length ?? 0);
                rows.Add(values);
                return true;
            }, stop);
            return new QueryAnswer(columns, rows, cut);
        }, stop);
    }

    /// <summary>Hands the rows on in batches, in types of <see cref="RowStream"/>.</summary>
    public static void Read(DuckJob job, string folder, int size, Action<RowBatch> take, CancellationToken stop)
    {
        using var duck = Open(job, folder);
        var sql = OneSelect(duck, job.Sql);
        Explained(() =>
        {
            var columns = duck.All($"DESCRIBE {sql}", row => new TableColumn(row.GetString(0), row.GetString(1)), stop);
            var outside = columns.Select(SourceColumn.Of).ToList();
            var batch = new RowBatch(outside, size);
            duck.Read($"SELECT {string.Join(", ", columns.Zip(outside, RowStream.Cast))} FROM ({sql})", row =>
            {
                for (var i = 0; i < outside.Count; i++)
                    RowStream.Put(batch, row, i, outside[i]);
                batch.EndRow();
                if (batch.Rows == size)
                {
                    take(batch);
                    batch = new(outside, size);
                }

                return true;
            }, stop);
            if (batch.Rows > 0)
                take(batch);
            return true;
        }, stop);
    }

    /// <summary>What DuckDB says becomes a problem of whoever wrote the SQL.</summary>
    public static T Explained<T>(Func<T> work, CancellationToken stop)
    {
        try
        {
            return work();
        }
        catch (DuckDBException error) when (!stop.IsCancellationRequested)
        {
            throw Problem(error);
        }
    }

    private static ProblemException Problem(DuckDBException error)
    {
        var said = error.Message.Split("\n\n")[0].Trim();
        if (said.StartsWith("Out of Memory", StringComparison.Ordinal))
            return ProblemException.Invalid("sql_memory", "The SQL needs more memory than it may have.", "Read fewer columns or rows, or aggregate before joining.");
        if (said.Contains("No space left", StringComparison.Ordinal))
            return FullDisk.Problem();
        if (said.StartsWith("Permission Error", StringComparison.Ordinal))
            return ProblemException.Denied("The SQL asks for a file, an address, an extension or a setting; it may read the tables of its project, and nothing else.", "steward table list");
        return ProblemException.Invalid("sql_failed", Names.Shorten(said.ReplaceLineEndings(" "), 500), "Correct the SQL; steward table list shows the tables, steward table show NAME their columns.");
    }

    private static Duck Open(DuckJob job, string folder)
    {
        var duck = new Duck(folder, job.Tables.SelectMany(table => table.Files).Distinct(), job.Memory, job.Threads);
        foreach (var table in job.Tables)
            duck.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(table.Schema)}; CREATE VIEW {Sql.Name(table.Schema)}.{Sql.Name(table.Name)} AS {table.Select}");
        return duck;
    }

    /// <summary>The one SELECT as DuckDB spells it, without comments and semicolons.</summary>
    private static string OneSelect(Duck duck, string sql)
    {
        var said = Parse(duck.One<string>($"SELECT json_serialize_sql({Sql.Text(sql)})::VARCHAR"));
        if (said.GetProperty("error").GetBoolean())
            throw ProblemException.Invalid("sql_invalid", Names.Shorten(said.GetProperty("error_message").GetString()!.ReplaceLineEndings(" "), 500), "Write one SELECT.");
        if (said.GetProperty("statements").GetArrayLength() != 1)
            throw ProblemException.Invalid("sql_invalid", "There is more than one statement.", "Write one SELECT.");
        return duck.One<string>($"SELECT json_deserialize_sql(json_serialize_sql({Sql.Text(sql)}))").TrimEnd(';', ' ', '\n');
    }

    /// <summary>Planned over empty tables of the same columns: the plan then names them.</summary>
    private static List<IReadOnlyList<Origin>> Origins(DuckJob job, string sql, string folder)
    {
        using var duck = new Duck(folder, [], 256L << 20, threads: 1);
        foreach (var table in job.Tables)
            duck.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(table.Schema)}; CREATE TABLE {Sql.Name(table.Schema)}.{Sql.Name(table.Name)} ({string.Join(", ", table.Columns.Select(column => $"{Sql.Name(column.Name)} {column.Type}"))})");
        var plan = Parse(duck.One<string>($"SELECT json_serialize_plan({Sql.Text(sql)}, optimize := false)::VARCHAR"));
        if (plan.GetProperty("error").GetBoolean())
            return [];
        try
        {
            return [.. Lineage.Of(plan.GetProperty("plans")[0]).Select(column => column.ToList())];
        }
        catch (NotSupportedException)
        {
            var all = job.Tables.SelectMany(table => table.Columns.Select(column => new Origin($"{table.Schema}.{table.Name}", column.Name))).ToList();
            return [.. duck.All($"DESCRIBE {sql}", _ => all)];
        }
    }

    /// <summary>What Parquet keeps without loss: sums of whole numbers are HUGEINT, which it would keep as floating numbers.</summary>
    private static string Stored(string type) => type switch
    {
        "HUGEINT" or "UHUGEINT" => "DECIMAL(38,0)",
        "TIMESTAMP_S" or "TIMESTAMP_MS" => "TIMESTAMP",
        "INTERVAL" or "BIT" or "JSON" or "TIME WITH TIME ZONE" or "\"NULL\"" => "VARCHAR",
        _ when type.StartsWith("ENUM(", StringComparison.Ordinal) => "VARCHAR",
        _ => type,
    };

    /// <summary>Plans are deep: each operator lies within the one that reads it.</summary>
    private static JsonElement Parse(string text) => JsonSerializer.Deserialize<JsonElement>(text, Deep);

    private static string Cut(string value) => value.Length > LongestValue ? value[..LongestValue] + "…" : value;
}
