using System.Globalization;
using Steward.Data.Engine;
using Steward.Data.Tables;

namespace Steward.Data.Stars;

internal sealed class Stars(ITables tables, ITableEngine engine) : IStars
{
    private static readonly QueryLimits Ours = new() { Ours = true, Rows = 10 };

    public async Task<StarMade> Dimension(string project, DimensionOrder order, StarSource source, CancellationToken stop)
    {
        await using var reading = await Open(project, source, [order.Table], stop);
        var (from, before) = (reading.Tables.First(table => table.Name == source.From), reading.Tables.FirstOrDefault(table => table.Name == order.Table));
        Has(from, [.. order.Natural, .. order.Type1, .. order.Type2, .. order.At is null ? [] : (string[])[order.At]]);
        SameKey(before, order.Natural);
        var made = await engine.Make(reading, new MakeOrder(new DimensionSql(order, from, before, source.Moment).Select(), Ours: true), stop);
        var change = new TableChange(project, order.Table, ChangeKind.ReplaceAll, before?.Snapshot.Version ?? 0, made.Files) { Key = [order.Surrogate], Origins = made.Origins, OnSchemaChange = OnSchemaChange.Evolve, Reason = $"dimension from {source.From}" };
        await HoldsTogether(project, order, change, stop);
        var rows = from.Files.Sum(file => file.Parts.Sum(part => part.Rows));
        var without = HasAll(from, order.Natural) ? 0 : await Count(reading, $"SELECT count(*) FROM {Sql.Name(source.From)} WHERE {string.Join(" OR ", order.Natural.Select(name => $"{Sql.Name(name)} IS NULL"))}", stop);
        return new(change, new Dictionary<string, long> { ["read"] = rows, ["withoutKey"] = without, ["before"] = before?.Snapshot.Rows ?? 0, ["versions"] = made.Rows });
    }

    public async Task<StarMade> Fact(string project, FactOrder order, StarSource source, CancellationToken stop)
    {
        await using var reading = await Open(project, source, [order.Table, .. order.Lookups.Select(lookup => lookup.Dimension)], stop);
        var (from, before) = (reading.Tables.First(table => table.Name == source.From), reading.Tables.FirstOrDefault(table => table.Name == order.Table));
        SameKey(before, order.Grain);
        Has(from, [.. order.Grain, .. order.Columns, .. order.Lookups.SelectMany(lookup => lookup.By), .. order.At is null ? [] : (string[])[order.At]]);
        foreach (var lookup in order.Lookups)
            Has(reading.Tables.FirstOrDefault(table => table.Name == lookup.Dimension) ?? throw ProblemException.NotFound("dimension", lookup.Dimension.ToString(), "Make it by a dim step before the fact."), [lookup.Surrogate, .. lookup.Natural, DimensionSql.From, DimensionSql.To]);
        var sql = new FactSql(order, from, before, reading.Tables, source.Moment);
        var broken = (await engine.Query(reading, sql.Broken(), Ours, stop)).Rows[0];
        if (broken[0] != "0")
            throw ProblemException.Invalid("grain_broken", $"{source.From} holds {Say.Count(long.Parse(broken[0]!, CultureInfo.InvariantCulture), "group")} of rows that are not one for each ({string.Join(", ", order.Grain)}), such as {Names.Shorten(broken[1])}.", "Name more columns under grain, or leave duplicates out before.");
        var made = await engine.Make(reading, new MakeOrder(sql.Select(), Ours: true) { Window = source.Window }, stop);
        var unknown = 0L;
        var change = before is null
            ? new TableChange(project, order.Table, ChangeKind.Merge, 0, made.Files)
            : await engine.Merge(project, order.Table, made.Files, order.Grain, before.Snapshot.Version, stop);
        change = change with { Key = order.Grain, Origins = made.Origins, OnSchemaChange = OnSchemaChange.Evolve, Reason = $"facts from {source.From}" };
        if (order.Lookups.Count > 0)
        {
            await using var result = await tables.Open(project, [new(order.Table)], [change], stop);
            unknown = await Count(result, $"SELECT count(*) FROM {Sql.Name(order.Table)} WHERE {string.Join(" OR ", order.Lookups.Select(lookup => $"{Sql.Name(lookup.Column)} = {lookup.Unknown}"))}", stop);
        }

        var rows = from.Files.Sum(file => file.Parts.Sum(part => part.Rows));
        return new(change, new Dictionary<string, long> { ["read"] = rows, ["written"] = made.Rows, ["lookedUpAgain"] = made.Rows - rows, ["unknown"] = unknown });
    }

    public async Task<StarMade> Newest(string project, NewestOrder order, StarSource source, CancellationToken stop)
    {
        await using var reading = await Open(project, source, [order.Table], stop);
        var (from, before) = (reading.Tables.First(table => table.Name == source.From), reading.Tables.FirstOrDefault(table => table.Name == order.Table));
        var columns = order.Columns.Count > 0 ? [.. order.Key.Concat(order.Columns).Distinct()] : from.Columns.Select(column => column.Name).ToList();
        SameKey(before, order.Key);
        Has(from, [.. columns, .. order.At is null ? [] : (string[])[order.At]]);
        var moment = Sql.Text(source.Moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)) + "::TIMESTAMP";
        var at = order.At is { } column ? $"coalesce({Sql.Name(column)}::TIMESTAMP, {moment})" : moment;
        var same = string.Join(" AND ", order.Key.Select(name => $"t.{Sql.Name(name)} = came.{Sql.Name(name)}"));
        var made = await engine.Make(reading, new MakeOrder($"""
            WITH came AS (
              SELECT {Sql.Names(columns)}, {at} AS {DimensionSql.Seen}
                FROM {Sql.Name(source.From)}
               WHERE {string.Join(" AND ", order.Key.Select(name => $"{Sql.Name(name)} IS NOT NULL"))}
             QUALIFY row_number() OVER (PARTITION BY {Sql.Names(order.Key)} ORDER BY {DimensionSql.Seen} DESC, {StarSql.Tie(columns.Except(order.Key))}) = 1)
            SELECT * FROM came{(before is null ? "" : $" WHERE NOT EXISTS (SELECT 1 FROM {Sql.Name(order.Table)} t WHERE {same} AND t.{DimensionSql.Seen} > came.{DimensionSql.Seen})")}
            """, Ours: true), stop);
        var change = before is null ? new TableChange(project, order.Table, ChangeKind.Merge, 0, made.Files) : await engine.Merge(project, order.Table, made.Files, order.Key, before.Snapshot.Version, stop);
        return new(change with { Key = order.Key, Origins = made.Origins, OnSchemaChange = OnSchemaChange.Evolve, Reason = $"newest rows of {source.From}" }, new Dictionary<string, long> { ["read"] = from.Files.Sum(file => file.Parts.Sum(part => part.Rows)), ["written"] = made.Rows });
    }

    public async Task<string?> SameMembers(TableReading reading, TableName table, TableName dimension, IReadOnlyList<string> key, CancellationToken stop)
    {
        if (table.Name != dimension.Name)
            return $"{table} and {dimension} do not have the same name.";
        var (left, right) = (reading.Tables.First(one => one.Name == table), reading.Tables.First(one => one.Name == dimension));
        var values = left.Columns.Select(one => one.Name).Intersect(right.Columns.Select(one => one.Name)).Except(key).Except([DimensionSql.Seen]).ToList();
        Has(left, key);
        Has(right, [.. key, DimensionSql.Current, DimensionSql.Deleted]);
        var same = string.Join(" AND ", key.Select(name => $"t.{Sql.Name(name)} = d.{Sql.Name(name)}"));
        var (keys, first) = (Sql.Names(key), Sql.Name(key[0]));
        var found = (await engine.Query(reading, $"""
            WITH d AS (SELECT * FROM {Sql.Name(dimension)} WHERE {DimensionSql.Current} AND NOT {DimensionSql.Deleted} AND {first} IS NOT NULL), t AS (SELECT * FROM {Sql.Name(table)})
            SELECT (SELECT count(*) FROM t WHERE NOT EXISTS (SELECT 1 FROM d WHERE {same})) AS "only in {table}",
                   (SELECT count(*) FROM d WHERE NOT EXISTS (SELECT 1 FROM t WHERE {same})) AS "only in {dimension}",
                   (SELECT count(*) FROM (SELECT 1 FROM t GROUP BY {keys} HAVING count(*) > 1)) AS "twice in {table}",
                   (SELECT count(*) FROM (SELECT 1 FROM d GROUP BY {keys} HAVING count(*) > 1)) AS "twice in {dimension}",
                   (SELECT count(*) FROM t JOIN d ON {same} WHERE {string.Join(" OR ", values.Select(name => $"t.{Sql.Name(name)} IS DISTINCT FROM d.{Sql.Name(name)}").DefaultIfEmpty("false"))}) AS "with other values"
            """, Ours, stop)) is var answer ? answer.Columns.Zip(answer.Rows[0], (what, count) => (what.Name, Count: count!)).Where(one => one.Count != "0").Select(one => $"{one.Count} {one.Name}").ToList() : [];
        return found.Count == 0 ? null : $"{table} and {dimension} differ: {string.Join(", ", found)}.";
    }

    private async Task HoldsTogether(string project, DimensionOrder order, TableChange change, CancellationToken stop)
    {
        await using var result = await tables.Open(project, [new(order.Table)], [change], stop);
        var counts = await engine.Query(result, StarSql.Broken(order), Ours, stop);
        var broken = counts.Columns.Zip(counts.Rows[0], (what, count) => (what.Name, Count: count)).Where(one => one.Count != "0").ToList();
        if (broken.Count > 0)
            throw new InvalidOperationException($"The dimension {order.Table} would not hold together: {string.Join(", ", broken.Select(one => $"{one.Name} {one.Count}"))}.");
    }

    /// <summary>The source, and of the others those that are there.</summary>
    private async Task<TableReading> Open(string project, StarSource source, IReadOnlyList<TableName> others, CancellationToken stop)
    {
        List<TableReference> there = [new(source.From) { Within = source.Window }];
        foreach (var other in others.Distinct().Where(other => other != source.From))
            if (source.Staged.Any(change => change.Table == other) || await tables.Find(project, new(other), stop) is not null)
                there.Add(new(other));
        return await tables.Open(project, there, source.Staged, stop);
    }

    /// <summary>Statistics of the files say that none of these columns lacks a value anywhere.</summary>
    private static bool HasAll(OpenTable table, IReadOnlyList<string> columns)
        => table.Files.Select(file => file.Statistics).All(statistics => columns.All(name => statistics.FirstOrDefault(one => one.Name == name) is { Nulls: 0 }));

    private async Task<long> Count(TableReading reading, string sql, CancellationToken stop) => long.Parse((await engine.Query(reading, sql, Ours, stop)).Rows[0][0]!, CultureInfo.InvariantCulture);

    /// <summary>A table may gain columns, but not one that tells its rows apart.</summary>
    private static void SameKey(OpenTable? before, IReadOnlyList<string> key)
    {
        if (key.FirstOrDefault(wanted => before is not null && before.Columns.All(column => !string.Equals(column.Name, wanted, StringComparison.OrdinalIgnoreCase))) is { } fresh)
            throw ProblemException.Conflict("key_changed", $"{before!.Name} is there without the column '{Names.Shorten(fresh)}', by which its rows would be told apart now.", "Give the table another name, or take the column out of its key.");
    }

    private static void Has(OpenTable table, IReadOnlyList<string> columns)
    {
        if (columns.FirstOrDefault(wanted => table.Columns.All(column => column.Name != wanted)) is { } missing)
            throw ProblemException.Invalid("column_not_found", $"{table.Name} has no column '{Names.Shorten(missing)}'. {Projects.Suggest.For(missing, table.Columns.Select(column => column.Name))}", "Name one that is there.");
    }
}
