using Steward.Data.Engine;

namespace Steward.Data.Stars;

/// <summary>What the SELECTs of stars share.</summary>
internal static class StarSql
{
    /// <summary>Of rows that say different things at one moment the same one is taken everywhere, whatever order they lie in.</summary>
    public static string Tie(IEnumerable<string> columns) => string.Join(", ", columns.Order(StringComparer.Ordinal).Select(name => $"{Sql.Name(name)} DESC NULLS LAST").DefaultIfEmpty("1"));

    /// <summary>What must hold of a dimension, as counts of what breaks it.</summary>
    public static string Broken(DimensionOrder order)
    {
        var (table, key, surrogate) = (Sql.Name(order.Table), Sql.Names(order.Natural), Sql.Name(order.Surrogate));
        return $"""
            SELECT (SELECT count(*) - count(DISTINCT {surrogate}) FROM {table}) AS surrogate_twice,
                   (SELECT count(*) FROM {table} WHERE {DimensionSql.From} >= {DimensionSql.To}) AS ends_before_it_begins,
                   (SELECT count(*) FROM (SELECT {DimensionSql.To} > lead({DimensionSql.From}) OVER (PARTITION BY {key} ORDER BY {DimensionSql.From}) AS over FROM {table}) WHERE over) AS versions_overlap,
                   (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {DimensionSql.Current} GROUP BY {key} HAVING count(*) > 1)) AS current_twice,
                   (SELECT abs(count(*) - 1) FROM {table} WHERE {surrogate} = {order.Unknown}) AS unknown_member_not_once
            """;
    }
}
