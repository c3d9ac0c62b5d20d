using System.Globalization;
using DuckDB.NET.Data;

namespace Steward.Training;

/// <summary>Parquet files to and from what is scored, by DuckDB; rows keep their order, columns their types.</summary>
internal static class BatchFiles
{
    /// <summary>A first column of what is written for ourselves: no line of it is ever empty.</summary>
    public const string Mark = "#";

    public static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names and types.</summary>
    public static List<(string Name, string Type)> Columns(string parquet, string folder, CancellationToken stop)
    {
        if (!File.Exists(parquet))
            throw ProblemException.NotFound("file", Names.Shorten(parquet, 200), "Name a CSV or Parquet file.");
        var types = new List<(string, string)>();
        Run($"DESCRIBE SELECT * FROM {Rows(parquet)}", parquet, folder, reader =>
        {
            while (reader.Read())
                types.Add((reader.GetString(0), reader.GetString(1)));
        }, stop);
        return types;
    }

    public static long Count(string parquet, string folder, CancellationToken stop)
    {
        var count = 0L;
        Run($"SELECT count(*) FROM {Rows(parquet)}", parquet, folder, reader => count = reader.Read() ? reader.GetInt64(0) : 0, stop);
        return count;
    }

    /// <summary>A CSV file of these columns alone, in a folder of ours.</summary>
    /// <param name="values">Columns that the file does not have, the same in every row.</param>
    public static string ToCsv(string parquet, IEnumerable<string> columns, IReadOnlyDictionary<string, string> values, string folder, CancellationToken stop)
    {
        var csv = Path.Combine(folder, "rows.csv");
        var select = columns.Select(name => values.TryGetValue(name, out var value) ? $"{Text(value)} AS {Name(name)}" : Name(name)).Prepend($"0 AS {Name(Mark)}");
        Write($"SELECT {string.Join(", ", select)} FROM {Rows(parquet)}", csv, false, parquet, folder, stop);
        return csv;
    }

    /// <summary>Rows of a Parquet file with the answers beside them, row by row.</summary>
    /// <param name="keep">What is taken of the rows; everything when null.</param>
    public static void Beside(string parquet, string answers, IReadOnlyList<string>? keep, BatchAnswer answer, string to, bool toParquet, string folder, CancellationToken stop)
    {
        var types = answer.Types.Prepend((Mark, "VARCHAR")).ToList();
        var rows = keep is null ? "i.*" : string.Join(", ", keep.Select(name => $"i.{Name(name)}"));
        // One thread: the two files are read side by side, in their order.
        Write($"SELECT {rows}, {string.Join(", ", answer.Types.Select(one => $"a.{Name(one.Name)}"))} FROM {Rows(parquet)} i POSITIONAL JOIN {FromCsv(answers, types)} a", to, toParquet, parquet, folder, stop, threads: 1);
    }

    /// <summary>A Parquet file of a CSV file; types that the answers do not say are found in the rows.</summary>
    public static void ToParquet(string csv, string input, BatchAnswer answer, string to, string folder, CancellationToken stop)
        => Write($"SELECT * FROM {FromCsv(csv, answer.Types)}", to, true, input, folder, stop);

    /// <summary>Lists of a recommender, a row for each place: the key, <c>place</c> from 1, <c>item</c>, <c>score</c>, <c>model</c>.</summary>
    public static void Places(string lists, IReadOnlyList<string> keep, int top, string to, string folder, CancellationToken stop) => Write($"""
        SELECT {string.Join("", keep.Select(name => $"{Name(name)}, "))}place::INTEGER AS place, items[place] AS item, scores[place] AS score, model
          FROM (SELECT {string.Join("", keep.Select(name => $"{Name(name)}, "))}model, from_json(items, '["VARCHAR"]') AS items, from_json(scores, '["FLOAT"]') AS scores,
                       unnest(range(1, least(len(from_json(items, '["VARCHAR"]')), {top.ToString(CultureInfo.InvariantCulture)}) + 1)) AS place
                  FROM {Rows(lists)})
        """, to, true, lists, folder, stop, threads: 1);

    /// <summary>Writes a SELECT of ours into a file, Parquet or CSV.</summary>
    /// <param name="about">The file that is named when it cannot be done.</param>
    public static void Write(string select, string to, bool parquet, string about, string folder, CancellationToken stop, int threads = 0)
        => Run($"COPY ({select}) TO {Text(to)} ({(parquet ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%f'")})", about, folder, null, stop, threads);

    /// <summary>Rows of a Parquet file, one after the other as they lie in it.</summary>
    public static IEnumerable<IReadOnlyList<string?>> Read(string parquet, IReadOnlyList<string> columns, string folder, CancellationToken stop)
    {
        using var duck = Open(folder, 1);
        using var command = duck.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(name => $"{Name(name)}::VARCHAR"))} FROM {Rows(parquet)}";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            stop.ThrowIfCancellationRequested();
            yield return [.. Enumerable.Range(0, columns.Count).Select(at => reader.IsDBNull(at) ? null : reader.GetString(at))];
        }
    }

    // Partition columns are in the names of folders, not in the rows: they stay there.
    private static string Rows(string parquet) => $"read_parquet({Text(parquet)}, hive_partitioning = false)";

    private static string FromCsv(string csv, IEnumerable<(string Name, string Type)> types)
        => $"read_csv({Text(csv)}, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = true, sample_size = -1, max_line_size = 20000000, types = {{{string.Join(", ", types.Select(one => $"{Text(one.Name)}: {Text(one.Type)}"))}}})";

    private static void Run(string sql, string input, string folder, Action<DuckDBDataReader>? rows, CancellationToken stop, int threads = 0)
    {
        using var duck = Open(folder, threads);
        using var command = duck.CreateCommand();
        using var cancel = stop.Register(command.Cancel);
        command.CommandText = sql;
        try
        {
            using var reader = command.ExecuteReader();
            rows?.Invoke(reader);
        }
        catch (DuckDBException error)
        {
            stop.ThrowIfCancellationRequested();
            throw ProblemException.Invalid("file_broken", $"'{Names.Shorten(Path.GetFileName(input))}' cannot be read or written: {Names.Shorten(error.Message.Replace(input, Path.GetFileName(input), StringComparison.Ordinal).ReplaceLineEndings(" "), 300)}", "Look at the file, and at the room on the disk.");
        }
    }

    private static DuckDBConnection Open(string folder, int threads)
    {
        var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"SET temp_directory = {Text(Path.Combine(folder, "spill"))}; SET memory_limit = '1GiB'; SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'"
            + (threads > 0 ? $"; SET threads = {threads.ToString(CultureInfo.InvariantCulture)}" : "");
        command.ExecuteNonQuery();
        return duck;
    }

    private static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Name(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
