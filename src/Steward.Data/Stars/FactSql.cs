using Steward.Data.Engine;
using Steward.Data.Tables;

namespace Steward.Data.Stars;

/// <summary>
/// Facts with the keys of the members that were valid at their time. A fact older than all versions of its member takes
/// the first; one whose member is not there (yet) takes the unknown member, and is looked up again when more facts come.
/// </summary>
internal sealed class FactSql(FactOrder order, OpenTable source, OpenTable? before, DateTimeOffset moment)
{
    private readonly IReadOnlyList<string> _columns = Taken(order, source);

    /// <summary>The columns that are taken from the source: those that are wanted, and those that name members and facts.</summary>
    private static IReadOnlyList<string> Taken(FactOrder order, OpenTable source)
    {
        var keys = order.Lookups.Select(lookup => lookup.Column).ToHashSet();
        var needed = order.Grain.Concat(order.Lookups.SelectMany(lookup => lookup.By)).Concat(order.At is null ? [] : [order.At]).ToHashSet();
        return [.. source.Columns.Select(column => column.Name).Where(name => !keys.Contains(name) && (order.Columns.Count == 0 || order.Columns.Contains(name) || needed.Contains(name)))];
    }

    public string Select() => $"""
        WITH came AS ({Came()}),
        looked AS (
          SELECT came.*{string.Concat(order.Lookups.Select((lookup, i) => $", coalesce(m{i}.{Sql.Name(lookup.Surrogate)}, f{i}._sk, {lookup.Unknown})::BIGINT AS {Sql.Name(lookup.Column)}"))}
            FROM came
            {string.Join("\n    ", order.Lookups.Select(Join))})
        SELECT {string.Join(", ", _columns.Select(Sql.Name).Concat(order.Lookups.Select(lookup => Sql.Name(lookup.Column))))}
          FROM looked
         WHERE NOT _again{string.Concat(order.Lookups.Select((lookup, i) => $" OR {Sql.Name(lookup.Column)} <> _was{i}"))}
        """;

    /// <summary>How many facts share their grain with another, or lack a part of it, and one of them.</summary>
    public string Broken() => $"""
        SELECT count(*), min({string.Join(" || ', ' || ", order.Grain.Select(name => $"coalesce({Sql.Name(name)}::VARCHAR, 'nothing')"))})
          FROM (SELECT {Sql.Names(order.Grain)} FROM {Sql.Name(source.Name)} GROUP BY ALL HAVING count(*) > 1 OR {string.Join(" OR ", order.Grain.Select(name => $"{Sql.Name(name)} IS NULL"))})
        """;

    private string Came()
    {
        var was = string.Concat(order.Lookups.Select((lookup, i) => $", {lookup.Unknown}::BIGINT AS _was{i}"));
        var rows = $"SELECT {Sql.Names(_columns)}, false AS _again{was} FROM {Sql.Name(source.Name)}";
        if (before is null || order.Lookups.Count == 0)
            return rows;
        var same = string.Join(" AND ", order.Grain.Select(name => $"s.{Sql.Name(name)} = f.{Sql.Name(name)}"));
        return $"""
            {rows}
            UNION ALL
            SELECT {Sql.Names(_columns, "f.")}, true{string.Concat(order.Lookups.Select(lookup => $", f.{Sql.Name(lookup.Column)}"))}
              FROM {Sql.Name(order.Table)} f
             WHERE ({string.Join(" OR ", order.Lookups.Select(lookup => $"f.{Sql.Name(lookup.Column)} = {lookup.Unknown}"))}) AND NOT EXISTS (SELECT 1 FROM {Sql.Name(source.Name)} s WHERE {same})
            """;
    }

    private string Join(Lookup lookup, int i)
    {
        var at = order.At is { } column ? $"coalesce(came.{Sql.Name(column)}::TIMESTAMP, {Moment})" : Moment;
        var (table, natural) = (Sql.Name(lookup.Dimension), Sql.Names(lookup.Natural));
        return $"""
            LEFT JOIN (SELECT * FROM {table} WHERE {Sql.Name(lookup.Surrogate)} <> {lookup.Unknown}) m{i} ON {Same($"m{i}")} AND {at} >= m{i}.{DimensionSql.From} AND {at} < m{i}.{DimensionSql.To}
            LEFT JOIN (SELECT {natural}, min({DimensionSql.From}) AS _first, arg_min({Sql.Name(lookup.Surrogate)}, {DimensionSql.From}) AS _sk FROM {table} WHERE {Sql.Name(lookup.Surrogate)} <> {lookup.Unknown} GROUP BY {natural}) f{i} ON {Same($"f{i}")} AND {at} < f{i}._first
            """;

        string Same(string other) => string.Join(" AND ", lookup.By.Zip(lookup.Natural, (ours, theirs) => $"came.{Sql.Name(ours)} = {other}.{Sql.Name(theirs)}"));
    }

    private string Moment => Sql.Text(moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", null)) + "::TIMESTAMP";
}
