using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>
/// Merges rows into a table by key, by writing anew the parts that hold one of the keys. Rows with a known key take the place of theirs and stay
/// in its window; the others are added. A column that the rows do not have keeps its value.
/// </summary>
internal sealed class Merging(TableName name, IReadOnlyList<TableColumn> columns, IReadOnlyList<OpenFile> there, IReadOnlyList<StagedFile> rows, IReadOnlyList<string> key, IReadOnlyList<string> files, string folder)
{
    public ((string Path, Inspected Found)? File, IReadOnlyList<FilePart> Parts, IReadOnlyList<string> Removed) Run(long memory, CancellationToken stop)
    {
        var source = rows[0].Columns;
        Check(source);
        var types = columns.ToDictionary(column => column.Name, column => column.Type);
        var near = there.Where(file => rows.Any(one => Pruning.MayMeet(key, types, one.Statistics, file.Statistics))).SelectMany(file => file.Parts.Select(part => (File: file, Part: part))).ToList();
        using var duck = new Duck(folder, [.. files, .. near.Select(one => one.File.Path).Distinct()], memory);
        duck.Run($"CREATE VIEW source AS {Views.Rows(source, [.. rows.Zip(files, (row, path) => new OpenFile(path, row.Rows, row.Columns, [new("", 0, row.Rows, null)]))])}", stop);
        OnceEach(duck, stop);
        // Only the parts that hold a key are read in full.
        var touched = duck.All($"SELECT DISTINCT _part FROM ({Views.Parts([.. columns.Where(column => key.Contains(column.Name))], near)}) t SEMI JOIN source s ON {On("t", "s")} ORDER BY _part", row => near[row.GetInt32(0)], stop);
        duck.Run($"CREATE VIEW target AS {Views.Parts(columns, touched)}", stop);
        var all = columns.Concat(source.Where(column => !types.ContainsKey(column.Name))).ToList();
        var beyond = touched.Count;
        var merged = $"""
            SELECT t._part, t._row, {string.Join(", ", all.Select(Merged))}
              FROM target t LEFT JOIN (SELECT *, true AS _comes FROM source) s ON {On("t", "s")}
            UNION ALL
            SELECT {beyond}, row_number() OVER (), {string.Join(", ", all.Select(column => Added(column, source)))}
              FROM source s ANTI JOIN target t ON {On("t", "s")}
            """;
        var path = Path.Combine(folder, $"{Names.NewId()}.parquet");
        var found = Parquet.Write(duck, $"SELECT {Sql.Names(all.Select(column => column.Name))} FROM ({merged}) ORDER BY _part, _row", path, all, stop);
        var parts = touched.Select((one, i) => new FilePart(touched.Take(i).Sum(before => before.Part.Rows), one.Part.Rows, one.Part.Window)).ToList();
        var kept = touched.Sum(one => one.Part.Rows);
        if (found.Rows > kept)
            parts.Add(new(kept, found.Rows - kept, rows[0].Parts[0].Window));
        return found.Rows == 0 ? (null, [], []) : ((path, found), parts, [.. touched.Select(one => one.Part.Id)]);

        string Merged(TableColumn column)
        {
            var own = Sql.Name(column.Name);
            var type = types.GetValueOrDefault(column.Name, column.Type);
            if (!source.Any(one => one.Name == column.Name))
                return $"t.{own}";
            return $"CASE WHEN s._comes THEN CAST(s.{own} AS {type}) ELSE {(types.ContainsKey(column.Name) ? $"t.{own}" : $"NULL::{type}")} END AS {own}";
        }
    }

    private static string Added(TableColumn column, IReadOnlyList<TableColumn> source)
        => source.Any(one => one.Name == column.Name) ? $"CAST(s.{Sql.Name(column.Name)} AS {column.Type})" : $"NULL::{column.Type}";

    private void Check(IReadOnlyList<TableColumn> source)
    {
        if (rows.Any(file => !file.Columns.SequenceEqual(source)))
            throw ProblemException.Invalid("columns_differ", "The files of one merge have different columns.", "Write them by one SELECT.");
        if (key.Count == 0 || key.FirstOrDefault(one => source.All(column => column.Name != one) || columns.All(column => column.Name != one)) is not null)
            throw ProblemException.Invalid("key_invalid", $"The key ({string.Join(", ", key)}) names no columns that both '{name}' and the rows that come have.", $"steward table show {name} shows its columns.");
    }

    private void OnceEach(Duck duck, CancellationToken stop)
    {
        var names = Sql.Names(key);
        if (duck.One<long>($"SELECT count(*) FROM source WHERE {string.Join(" OR ", key.Select(one => Sql.Name(one) + " IS NULL"))}", stop) is var empty and > 0)
            throw ProblemException.Invalid("key_empty", $"{Say.Count(empty, "row")} to merge into '{name}' {(empty == 1 ? "has" : "have")} no value in the key ({string.Join(", ", key)}).", "Leave those rows out, or give them a key.");
        if (duck.All($"SELECT concat_ws(', ', {names}) FROM source GROUP BY {names} HAVING count(*) > 1 LIMIT 1", row => row.GetString(0), stop) is [var twice])
            throw ProblemException.Invalid("key_twice", $"Two rows to merge into '{name}' have the same key ({string.Join(", ", key)}): {Names.Shorten(twice)}.", "Choose one of them first, for example with row_number().");
    }

    private string On(string one, string other) => string.Join(" AND ", key.Select(column => $"{one}.{Sql.Name(column)} = {other}.{Sql.Name(column)}"));
}
