using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>
/// Writes many small files into few. The rows of each part stay together and in order, and the catalog keeps which of them belong
/// to which window: a window can still be replaced alone.
/// </summary>
internal static class Compaction
{
    /// <summary>Smaller files are written together, up to about this size.</summary>
    public const long Wanted = 64L << 20;

    /// <summary>Parts that go with one change: it holds the table while it writes their records.</summary>
    private const int MostParts = 4000;

    public static List<List<(OpenFile File, OpenPart Part)>> Choose(OpenTable table)
    {
        var (groups, now, size, parts) = (new List<List<(OpenFile, OpenPart)>>(), new List<OpenFile>(), 0L, 0);
        foreach (var file in table.Files.Where(file => Bytes(file) < Wanted / 2))
        {
            if (size + Bytes(file) > Wanted || parts + file.Parts.Count > MostParts)
                Close();
            now.Add(file);
            (size, parts) = (size + Bytes(file), parts + file.Parts.Count);
        }

        Close();
        var some = 0;
        return [.. groups.TakeWhile((group, i) => (some += group.Count) <= MostParts || i == 0)];

        void Close()
        {
            if (now.Count > 1)
                groups.Add([.. now.SelectMany(file => file.Parts.Select(part => (file, part)))]);
            (now, size, parts) = ([], 0, 0);
        }
    }

    public static (string Path, Inspected Found, IReadOnlyList<FilePart> Parts) Write(OpenTable table, List<(OpenFile File, OpenPart Part)> group, string folder, long memory, CancellationToken stop)
    {
        using var duck = new Duck(folder, group.Select(one => one.File.Path).Distinct(), memory);
        var path = Path.Combine(folder, $"{Names.NewId()}.parquet");
        var rows = Views.Parts(table.Columns, group);
        var found = Parquet.Write(duck, $"SELECT {Sql.Names(table.Columns.Select(column => column.Name))} FROM ({rows}) ORDER BY _part, _row", path, table.Columns, stop);
        var parts = new List<FilePart>();
        foreach (var (_, part) in group)
            parts.Add(new(parts.Sum(one => one.Rows), part.Rows, part.Window));
        return found.Rows == parts.Sum(part => part.Rows)
            ? (path, found, parts)
            : throw new InvalidDataException($"{found.Rows} rows were written together from parts of {parts.Sum(part => part.Rows)}.");
    }

    private static long Bytes(OpenFile file) => new FileInfo(file.Path).Length;
}

/// <summary>Writes one Parquet file of our own.</summary>
internal static class Parquet
{
    public static Inspected Write(Duck duck, string select, string path, IReadOnlyList<TableColumn> columns, CancellationToken stop) => DuckRun.Explained(() =>
    {
        var (_, rows, statistics) = duck.All($"COPY ({select}) TO {Sql.Text(path)} (FORMAT parquet, RETURN_STATS)", row => Inspector.Written(row, columns), stop)[0];
        return new Inspected(rows, Inspector.Columns(duck, path, stop), statistics);
    }, stop);
}
