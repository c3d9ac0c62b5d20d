using DuckDB.NET.Data;
using Steward.Data.Tables;

namespace Steward.Data.Engine;

/// <summary>What differs between two snapshots of a table. Files that both are made of are not read.</summary>
internal static class Differing
{
    public static TableDiff Between(OpenTable from, OpenTable to, IReadOnlyList<string> key, int most, string folder, long memory, CancellationToken stop)
    {
        var shared = from.Files.SelectMany(file => file.Parts).Select(part => part.Id).Intersect(to.Files.SelectMany(file => file.Parts).Select(part => part.Id)).ToHashSet();
        var columns = to.Columns.Where(column => from.Columns.Any(before => before.Name == column.Name)).ToList();
        if (key.FirstOrDefault(name => columns.All(column => column.Name != name)) is { } unknown)
            throw ProblemException.Invalid("key_invalid", $"'{Names.Shorten(unknown)}' is no column that both snapshots have.", $"steward table show {to.Snapshot.Table} shows its columns.");
        var (before, after) = (Without(from, shared), Without(to, shared));
        using var duck = new Duck(folder, before.Concat(after).Select(file => file.Path).Distinct(), memory);
        duck.Run($"CREATE VIEW a AS {Views.Rows(columns, before)}; CREATE VIEW b AS {Views.Rows(columns, after)}", stop);
        var names = columns.Select(column => column.Name).ToList();
        var values = names.Where(name => !key.Contains(name)).ToList();
        if (key.Count == 0)
            return Answer("SELECT * FROM b EXCEPT ALL SELECT * FROM a", "SELECT * FROM a EXCEPT ALL SELECT * FROM b", null);
        var on = string.Join(" AND ", key.Select(name => $"a.{Sql.Name(name)} IS NOT DISTINCT FROM b.{Sql.Name(name)}"));
        return Answer(
            $"SELECT b.* FROM b ANTI JOIN a ON {on}",
            $"SELECT a.* FROM a ANTI JOIN b ON {on}",
            values.Count == 0 ? null : $"SELECT {Sql.Names(names, "a.")}, {string.Join(", ", names.Select(name => $"b.{Sql.Name(name)} AS {Sql.Name("after " + name)}"))} FROM a JOIN b ON {on} WHERE {string.Join(" OR ", values.Select(name => $"a.{Sql.Name(name)} IS DISTINCT FROM b.{Sql.Name(name)}"))}");

        TableDiff Answer(string added, string removed, string? changed) => new(
            from.Snapshot, to.Snapshot, columns, Count(added), Count(removed), changed is null ? 0 : Count(changed),
            First(added), First(removed), changed is null ? [] : [.. First(changed).SelectMany(pair => (IReadOnlyList<string?>[])[[.. pair.Take(names.Count)], [.. pair.Skip(names.Count)]])]);

        long Count(string sql) => duck.One<long>($"SELECT count(*) FROM ({sql})", stop);

        List<IReadOnlyList<string?>> First(string sql) => duck.All<IReadOnlyList<string?>>($"SELECT left(COLUMNS(*)::VARCHAR, 500) FROM ({sql}) ORDER BY ALL LIMIT {most}", Values, stop);
    }

    private static List<string?> Values(DuckDBDataReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(at => row.IsDBNull(at) ? null : row.GetString(at))];

    private static List<OpenFile> Without(OpenTable table, HashSet<string> shared)
        => [.. table.Files.Select(file => file with { Parts = [.. file.Parts.Where(part => !shared.Contains(part.Id))] }).Where(file => file.Parts.Count > 0)];
}
