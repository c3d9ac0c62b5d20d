using DuckDB.NET.Data;

namespace Steward.Training;

/// <summary>Parquet files to and from CSV, by DuckDB; rows keep their order.</summary>
internal static class BatchFiles
{
    public static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>A CSV file of the same rows in a folder of ours.</summary>
    public static string ToCsv(string parquet, string folder, CancellationToken stop)
    {
        if (!File.Exists(parquet))
            throw ProblemException.NotFound("file", Names.Shorten(parquet, 200), "Name a CSV or Parquet file.");
        var csv = Path.Combine(folder, "rows.csv");
        Run($"COPY (SELECT * FROM read_parquet({Text(parquet)})) TO {Text(csv)} (HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%f')", parquet, folder, stop);
        return csv;
    }

    /// <summary>Replaces a CSV file by a Parquet file of the same rows. Columns of a Parquet input keep their types.</summary>
    public static void ToParquet(string csv, string input, BatchAnswer answer, string folder, CancellationToken stop)
    {
        var types = answer.Columns.Append("model").Select(name => (name, Type: name is "prediction" ? "DOUBLE" : name is "confidence" ? "FLOAT" : "VARCHAR"));
        if (IsParquet(input))
            types = Types(input).Concat(types);
        var parquet = Path.Combine(folder, "rows.parquet");
        Run($"COPY (SELECT * FROM read_csv({Text(csv)}, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = true, sample_size = -1, types = {{{string.Join(", ", types.Select(one => $"{Text(one.name)}: {Text(one.Type)}"))}}})) TO {Text(parquet)} (FORMAT parquet, COMPRESSION zstd)", input, folder, stop);
        File.Move(parquet, csv, overwrite: true);
    }

    private static List<(string, string)> Types(string parquet)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM read_parquet({Text(parquet)})";
        using var reader = command.ExecuteReader();
        var types = new List<(string, string)>();
        while (reader.Read())
            types.Add((reader.GetString(0), reader.GetString(1)));
        return types;
    }

    private static void Run(string sql, string input, string folder, CancellationToken stop)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        using var cancel = stop.Register(command.Cancel);
        command.CommandText = $"SET temp_directory = {Text(Path.Combine(folder, "spill"))}; SET memory_limit = '1GiB'; SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'; {sql}";
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DuckDBException error)
        {
            stop.ThrowIfCancellationRequested();
            throw ProblemException.Invalid("file_broken", $"'{Names.Shorten(Path.GetFileName(input))}' cannot be read or written: {Names.Shorten(error.Message, 300)}", "Look at the file, and at the room on the disk.");
        }
    }

    private static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
