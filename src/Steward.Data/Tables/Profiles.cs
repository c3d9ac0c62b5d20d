using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Steward.Data.Engine;
using Steward.Work;

namespace Steward.Data.Tables;

/// <summary>What the columns of a snapshot hold, found in one pass over it. A snapshot never changes: what was found stays.</summary>
internal sealed class Profiles(ITables tables, IChildHosts hosts) : IDisposable
{
    private const int Bars = 20, Words = 5, MostColumns = 200, Kept = 200;
    private const long Memory = 512L << 20;
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Kept });

    public async Task<Profile> Of(TableSnapshot snapshot, CancellationToken stop)
    {
        var name = $"{snapshot.Project}/{snapshot.Reference}";
        if (_known.TryGetValue(name, out Profile? known))
            return known!;
        await using var reading = await tables.Open(snapshot.Project, [new(TableName.Parse(snapshot.Table), snapshot.Version)], stop);
        using var folder = hosts.Folder("sql");
        var profile = await Task.Run(() => Make(reading.Tables[0], folder.Path, stop), stop);
        return _known.Set(name, profile, new MemoryCacheEntryOptions { Size = 1 });
    }

    public void Dispose() => _known.Dispose();

    private static Profile Make(OpenTable table, string folder, CancellationToken stop)
    {
        using var duck = new Duck(folder, table.Files.Select(file => file.Path), Memory);
        duck.Run($"CREATE VIEW t AS {Views.Rows(table)}", stop);
        var columns = table.Columns.Take(MostColumns).ToList();
        var edges = columns.Select(column => Edges(column, table)).ToList();
        var asked = columns.Select((column, i) => Ask(Sql.Name(column.Name), column.Type, edges[i]));
        return duck.All($"SELECT count(*), {string.Join(", ", asked)} FROM t", row =>
        {
            var at = 1;
            var found = columns.Select((column, i) =>
            {
                var one = new ColumnProfile(column.Name, column.Type, row.GetInt64(at), row.GetInt64(at + 1), Text(at + 2), Text(at + 3), Text(at + 4), Text(at + 5), Counts(at + 6), edges[i], Top(at + 7));
                at += 8;
                return one;
            }).ToList();
            return new Profile(table.Snapshot.Reference, row.GetInt64(0), found, table.Columns.Count > MostColumns);

            string? Text(int place) => row.IsDBNull(place) ? null : row.GetValue(place) is string text ? text : Convert.ToString(row.GetValue(place), CultureInfo.InvariantCulture);

            IReadOnlyList<long> Counts(int place) => row.IsDBNull(place) ? [] : [.. row.GetFieldValue<List<long>>(place)];

            IReadOnlyList<string> Top(int place) => row.IsDBNull(place) ? [] : [.. row.GetFieldValue<List<string>>(place)];
        }, stop)[0];
    }

    /// <summary>Eight answers per column: nulls, different values (about), least, greatest, mean, middle, rows per bar, frequent words.</summary>
    private static string Ask(string name, string type, IReadOnlyList<double> edges)
    {
        var (number, ordered) = (Pruning.IsNumber(type), Pruning.HasOrder(type));
        var value = Value(name, type);
        var bars = edges.Count == 0 ? "NULL::BIGINT[]" : $"[{string.Join(", ", edges.Skip(1).Select((edge, i) => $"count(*) FILTER ({value} {(i == 0 ? ">=" : ">")} {Number(edges[i])} AND {value} <= {Number(edge)})"))}]";
        return $"""
            count(*) - count({name}), approx_count_distinct({name}),
            {(ordered ? $"left(min({name})::VARCHAR, 100)" : "NULL::VARCHAR")}, {(ordered ? $"left(max({name})::VARCHAR, 100)" : "NULL::VARCHAR")},
            {(number ? $"avg({name}::DOUBLE)::VARCHAR" : "NULL::VARCHAR")}, {(number ? $"approx_quantile({name}::DOUBLE, 0.5)::VARCHAR" : "NULL::VARCHAR")},
            {bars}, {(type is "VARCHAR" or "BOOLEAN" ? $"approx_top_k(left({name}::VARCHAR, 40), {Words})" : "NULL::VARCHAR[]")}
            """;
    }

    /// <summary>Numbers and times as numbers to draw by.</summary>
    private static string Value(string name, string type) => Pruning.IsTime(type) ? $"epoch({name})" : $"{name}::DOUBLE";

    /// <summary>Bars of equal width between the least and the greatest that the files know.</summary>
    private static IReadOnlyList<double> Edges(TableColumn column, OpenTable table)
    {
        if (!Pruning.IsNumber(column.Type) && !Pruning.IsTime(column.Type))
            return [];
        var known = table.Files.Select(file => file.Statistics.FirstOrDefault(one => one.Name == column.Name)).OfType<ColumnStatistics>().SelectMany(one => new[] { AsNumber(one.Min, column.Type), AsNumber(one.Max, column.Type) }).OfType<double>().ToList();
        if (known.Count == 0 || known.Min() >= known.Max())
            return [];
        // Few whole numbers have a bar each.
        if (column.Type is "BIGINT" or "INTEGER" && known.Max() - known.Min() < Bars)
            return [.. Enumerable.Range(0, (int)(known.Max() - known.Min()) + 2).Select(i => known.Min() + i - 0.5)];
        var (low, wide) = (known.Min(), (known.Max() - known.Min()) / Bars);
        return [.. Enumerable.Range(0, Bars + 1).Select(i => i == Bars ? known.Max() : low + (i * wide))];
    }

    private static double? AsNumber(string? text, string type) => text is null ? null
        : Pruning.IsNumber(type) ? double.Parse(text, CultureInfo.InvariantCulture)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? (time - DateTimeOffset.UnixEpoch).TotalSeconds : null;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";
}

/// <param name="IsCut">It has more columns than are looked at.</param>
public sealed record Profile(string Reference, long Rows, IReadOnlyList<ColumnProfile> Columns, bool IsCut);

/// <param name="Distinct">About: within a tenth or so.</param>
/// <param name="Bars">Rows in each bar between two of <paramref name="Edges"/> (times as seconds since 1970); empty when it has no such order.</param>
/// <param name="Frequent">Words that are there most often.</param>
public sealed record ColumnProfile(
    string Name, string Type, long Nulls, long Distinct, string? Min, string? Max, string? Mean, string? Median, IReadOnlyList<long> Bars, IReadOnlyList<double> Edges, IReadOnlyList<string> Frequent);
