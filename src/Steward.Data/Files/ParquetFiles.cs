using Steward.Data.Engine;
using Steward.Data.Tables;
using Steward.Work;

namespace Steward.Data.Files;

/// <summary>Parquet that comes from outside: a foreign binary file, so it is read in a process of its own.</summary>
internal static class ParquetFiles
{
    private const int MostBad = 10_000;
    private static readonly JobLimits Limits = new() { Memory = 2L << 30 };

    public static async Task<FileSchema> LookAtParquet(this TableEngine engine, string path, string name, CancellationToken stop)
    {
        var columns = await Columns(engine, path, name, stop);
        return new()
        {
            Format = FileFormat.Parquet,
            Columns = [.. Headers.Plain(Headers.Unique(columns.Select(column => column.Name))).Zip(columns, (plain, column) => new FileColumn(plain, column.Type) { From = plain == column.Name ? null : column.Name, Evidence = $"{column.Type}, because the file says so" })],
        };
    }

    public static async Task<CheckedFile> CheckParquet(this TableEngine engine, SourceFile file, FileSchema schema, BadRows bad, string folder, CancellationToken stop)
    {
        var columns = await Columns(engine, file.Path, file.Name, stop);
        var from = schema.Columns.ToDictionary(column => column, column => columns.FirstOrDefault(one => one.Name == (column.From ?? column.Name)));
        if (schema.OnChange is OnSchemaChange.Stop && (from.Values.Any(one => one is null) || columns.Any(one => !from.ContainsValue(one))))
            throw Changed(file, "columns are new or missing");
        foreach (var (column, there) in from)
            if (there is not null && there.Type != column.Type && TableSchemas.Wide(there.Type, column.Type) != column.Type)
                throw Changed(file, $"column '{column.Name}' is {there.Type} there and {column.Type} in the schema");
        var required = schema.Columns.Where(column => column.Required && from[column] is not null).ToList();
        var isBad = required.Count == 0 ? "false" : string.Join(" OR ", required.Select(column => $"{Sql.Name(from[column]!.Name)} IS NULL"));
        var select = string.Join(", ", schema.Columns.Select(column => $"{(from[column] is { } there ? $"CAST({Sql.Name(there.Name)} AS {column.Type})" : $"NULL::{column.Type}")} AS {Sql.Name(column.Name)}"));
        var source = Source(file.Path, columns);
        var rows = long.Parse((await engine.Ask(source, "SELECT count(*) FROM source.file", 1, Limits, stop)).Rows[0][0]!, null);
        var before = bad.Count;
        if (required.Count > 0)
        {
            var which = string.Concat(required.Select(column => $" WHEN {Sql.Name(from[column]!.Name)} IS NULL THEN {Sql.Text(column.Name)}"));
            var found = await engine.Ask(source, $"SELECT file_row_number + 1, CASE{which} END, left(to_json(file)::VARCHAR, 500) FROM source.file WHERE {isBad} ORDER BY 1", MostBad, Limits, stop);
            if (found.IsCut)
                throw ProblemException.Invalid("too_many_bad_rows", $"More than {found.Rows.Count:N0} rows of '{file.Name}' have no value where one is required; nothing was kept.", "Correct the file, or require less.");
            foreach (var row in found.Rows)
                bad.Add(new(file.Name, long.Parse(row[0]!, null), row[1], "a value is required here", row[2]!));
        }

        var made = await engine.MakeIn(source, $"SELECT {select} FROM source.file WHERE NOT ({isBad})", folder, Limits, stop);
        return new(file, file.Path, default, new FileInfo(file.Path).Length, rows, bad.Count - before, new([], []), []) { Digest = await DigestOf(file.Path, stop), Parquet = made };
    }

    private static async Task<IReadOnlyList<TableColumn>> Columns(TableEngine engine, string path, string name, CancellationToken stop)
    {
        try
        {
            return (await engine.Ask(Source(path, []), "SELECT * EXCLUDE (file_row_number) FROM source.file", 1, Limits, stop)).Columns;
        }
        catch (ProblemException problem) when (problem.Code is "sql_failed" or "child_failed")
        {
            throw ProblemException.Invalid("file_unreadable", $"'{name}' cannot be read as Parquet: {problem.Message}", "Write the file anew.");
        }
    }

    private static DuckTable Source(string path, IReadOnlyList<TableColumn> columns) => new("source", "file", [.. columns, new("file_row_number", "BIGINT")], $"SELECT * FROM read_parquet({Sql.Text(path)}, hive_partitioning = false, file_row_number = true)", [path]);

    private static ProblemException Changed(SourceFile file, string why)
        => ProblemException.Conflict("schema_changed", $"'{file.Name}' has other columns than its schema ({why}); nothing was kept.", "Look at the file; to go on, choose on_change: ignore or evolve.");

    private static async Task<Digest> DigestOf(string path, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(path);
        return Digest.FromHash(await System.Security.Cryptography.SHA256.HashDataAsync(bytes, stop));
    }
}
