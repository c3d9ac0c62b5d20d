using Steward.Data.Engine;
using Steward.Data.Tables;

namespace Steward.Data.Stars;

/// <summary>
/// Facts with the keys of the members that were valid at their time. A fact older than all versions of its member takes
/// the first, one of the end of time the last; one whose member is not there (yet) takes the unknown member, and is looked up
/// again when more facts come.
/// </summary>
internal sealed class FactSql(FactOrder order, OpenTable source, OpenTable? before, IReadOnlyList<OpenTable> dimensions, DateTimeOffset moment)
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
          SELECT came.*{string.Concat(order.Lookups.Select((lookup, i) => $", coalesce(m{i}.{Sql.Name(lookup.Surrogate)}, {lookup.Unknown})::BIGINT AS {Sql.Name(lookup.Column)}"))}
            FROM came
            {string.Join("\n    ", order.Lookups.Select(Join))})
        SELECT {string.Join(", ", _columns.Select(Sql.Name).Concat(order.Lookups.Select(lookup => Sql.Name(lookup.Column))))}
          FROM looked{(LooksAgain ? $"""

         WHERE NOT _again{string.Concat(order.Lookups.Select((lookup, i) => $" OR {Sql.Name(lookup.Column)} IS DISTINCT FROM _was{i}"))}
        """ : "")}
        """;

    /// <summary>Facts of before whose member was not there then.</summary>
    private bool LooksAgain => before is not null && order.Lookups.Count > 0;

    /// <summary>How many facts share their grain with another, or lack a part of it, and one of them.</summary>
    public string Broken() => $"""
        SELECT count(*), min({string.Join(" || ', ' || ", order.Grain.Select(name => $"coalesce({Sql.Name(name)}::VARCHAR, 'nothing')"))})
          FROM (SELECT {Sql.Names(order.Grain)} FROM {Sql.Name(source.Name)} GROUP BY ALL HAVING count(*) > 1 OR {string.Join(" OR ", order.Grain.Select(name => $"{Sql.Name(name)} IS NULL"))})
        """;

    private string Came()
    {
        if (!LooksAgain)
            return $"SELECT {Sql.Names(_columns)}, {At} AS _at FROM {Sql.Name(source.Name)}";
        var same = string.Join(" AND ", order.Grain.Select(name => $"s.{Sql.Name(name)} = f.{Sql.Name(name)}"));
        return $"""
            SELECT {Sql.Names(_columns)}, {At} AS _at, false AS _again{string.Concat(order.Lookups.Select((lookup, i) => $", {lookup.Unknown}::BIGINT AS _was{i}"))} FROM {Sql.Name(source.Name)}
            UNION ALL
            SELECT {string.Join(", ", _columns.Select(Before))}, {Bounded(order.At is { } at ? $"coalesce({Before(at)}::TIMESTAMP, {Moment})" : Moment)}, true{string.Concat(order.Lookups.Select(lookup => $", {Before(lookup.Column)}"))}
              FROM {Sql.Name(order.Table)} f
             WHERE ({string.Join(" OR ", order.Lookups.Select(lookup => Has(lookup.Column) ? $"f.{Sql.Name(lookup.Column)} = {lookup.Unknown}" : "true"))}) AND NOT EXISTS (SELECT 1 FROM {Sql.Name(source.Name)} s WHERE {same})
            """;
    }

    /// <summary>Members that have one version each are found by their key alone; of several versions, the one that was valid then.</summary>
    private string Join(Lookup lookup, int i)
    {
        var (key, natural) = (Sql.Name(lookup.Surrogate), Sql.Names(lookup.Natural));
        var members = $"FROM {Sql.Name(lookup.Dimension)} WHERE {key} <> {lookup.Unknown}";
        var same = string.Join(" AND ", lookup.By.Zip(lookup.Natural, (ours, theirs) => $"came.{Sql.Name(ours)} = m{i}.{Sql.Name(theirs)}"));
        return HasOneVersionEach(lookup)
            ? $"LEFT JOIN (SELECT {key}, {natural} {members}) m{i} ON {same}"
            : $"""
            LEFT JOIN (
              SELECT {key}, {natural}, {DimensionSql.To}, CASE WHEN row_number() OVER (PARTITION BY {natural} ORDER BY {DimensionSql.From}) = 1 THEN '-infinity' ELSE {DimensionSql.From} END AS _since
                {members}) m{i} ON {same} AND came._at >= m{i}._since AND came._at < m{i}.{DimensionSql.To}
            """;
    }

    /// <summary>No version has ended: versions of a member follow each other, so that there is but one. Statistics of the files know.</summary>
    private bool HasOneVersionEach(Lookup lookup) => dimensions.First(table => table.Name == lookup.Dimension).Files
        .All(file => file.Statistics.FirstOrDefault(one => one.Name == DimensionSql.To)?.Min == DimensionSql.EverText);

    private bool Has(string column) => before!.Columns.Any(one => string.Equals(one.Name, column, StringComparison.OrdinalIgnoreCase));

    /// <summary>A column of the facts that are there; one that they do not have yet holds nothing.</summary>
    private string Before(string column) => Has(column) ? $"f.{Sql.Name(column)}" : $"NULL::{source.Columns.FirstOrDefault(one => one.Name == column)?.Type ?? "BIGINT"}";

    private string At => Bounded(order.At is { } column ? $"coalesce({Sql.Name(column)}::TIMESTAMP, {Moment})" : Moment);

    /// <summary>The last version never ends: a fact of the end of time, which many use for "not known", takes it.</summary>
    private static string Bounded(string at) => $"least({at}, {DimensionSql.Ever} - INTERVAL 1 MICROSECOND)";

    private string Moment => Sql.Text(moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", null)) + "::TIMESTAMP";
}
