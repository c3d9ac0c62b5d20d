using System.Globalization;
using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>Snapshots as SQL over the exact files they are made of.</summary>
internal static class Views
{
    /// <summary>A SELECT of the snapshot's rows, with the table's columns whatever the age of the file.</summary>
    public static string Rows(OpenTable table) => Rows(table.Columns, table.Files);

    public static string Rows(IReadOnlyList<TableColumn> columns, IReadOnlyList<OpenFile> files)
    {
        var pieces = new List<string>();
        foreach (var alike in files.SelectMany(Layers).GroupBy(file => string.Join('\n', file.Columns)))
        {
            var select = "SELECT " + string.Join(", ", columns.Select(column => Read(column, alike.First().Columns)));
            var whole = alike.Where(file => file.IsWhole).ToList();
            if (whole.Count > 0)
                pieces.Add($"{select} FROM read_parquet([{string.Join(", ", whole.Select(file => Sql.Text(file.Path)))}], hive_partitioning = false)");
            pieces.AddRange(alike.Where(file => !file.IsWhole).Select(file => $"{select} FROM read_parquet({Sql.Text(file.Path)}, hive_partitioning = false, file_row_number = true) WHERE {Within(file.Parts)}"));
        }

        return pieces.Count > 0
            ? string.Join("\nUNION ALL\n", pieces)
            : $"SELECT {string.Join(", ", columns.Select(column => $"NULL::{column.Type} AS {Sql.Name(column.Name)}"))} WHERE false";
    }

    /// <summary>The rows of some parts, each with the place of its part in the list (<c>_part</c>) and its own in the file (<c>_row</c>).</summary>
    public static string Parts(IReadOnlyList<TableColumn> columns, IReadOnlyList<(OpenFile File, OpenPart Part)> parts)
    {
        var places = parts.Select((one, i) => (one.File, Case: $"({i}, {Sql.Text(one.File.Path)}, {one.Part.FirstRow}, {one.Part.FirstRow + one.Part.Rows})"));
        var pieces = places.GroupBy(one => string.Join('\n', one.File.Columns)).Select(alike => $"""
            SELECT p.part AS _part, f.file_row_number AS _row, {string.Join(", ", columns.Select(column => Read(column, alike.First().File.Columns, "f.")))}
              FROM read_parquet([{string.Join(", ", alike.Select(one => one.File.Path).Distinct().Select(Sql.Text))}], hive_partitioning = false, filename = true, file_row_number = true) f
              JOIN (VALUES {string.Join(", ", alike.Select(one => one.Case))}) p (part, path, first, beyond)
                ON p.path = f.filename AND f.file_row_number >= p.first AND f.file_row_number < p.beyond
            """).ToList();
        return pieces.Count > 0 ? string.Join("\nUNION ALL\n", pieces) : $"SELECT 0 AS _part, 0::BIGINT AS _row, * FROM ({Rows(columns, [])})";
    }

    private static string Read(TableColumn column, IReadOnlyList<TableColumn> file, string from = "")
    {
        var name = Sql.Name(column.Name);
        var there = file.FirstOrDefault(one => one.Name == column.Name);
        return there is null ? $"NULL::{column.Type} AS {name}" : there.Type == column.Type ? from + name : $"CAST({from}{name} AS {column.Type}) AS {name}";
    }

    /// <summary>Files of equal bytes are one file: the same rows may belong to several windows, and count as often. Each of these has a row once.</summary>
    private static IEnumerable<OpenFile> Layers(OpenFile file)
    {
        var layers = new List<List<OpenPart>>();
        foreach (var part in file.Parts.OrderBy(part => part.FirstRow))
            if (layers.Find(layer => layer[^1].FirstRow + layer[^1].Rows <= part.FirstRow) is { } free)
                free.Add(part);
            else
                layers.Add([part]);
        return layers.Select(parts => file with { Parts = parts });
    }

    /// <summary>Parts that lie side by side are one stretch.</summary>
    private static string Within(IReadOnlyList<OpenPart> parts)
    {
        var stretches = new List<(long First, long Beyond)>();
        foreach (var part in parts.OrderBy(part => part.FirstRow))
            if (stretches.Count > 0 && stretches[^1].Beyond == part.FirstRow)
                stretches[^1] = (stretches[^1].First, part.FirstRow + part.Rows);
            else
                stretches.Add((part.FirstRow, part.FirstRow + part.Rows));
        return string.Join(" OR ", stretches.Select(one => string.Create(CultureInfo.InvariantCulture, $"(file_row_number >= {one.First} AND file_row_number < {one.Beyond})")));
    }
}
