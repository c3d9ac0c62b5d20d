using Steward.Data.Engine;
using Steward.Data.Tables;

namespace Steward.Data.Stars;

/// <summary>
/// A dimension's history is the sorted set of what was said about each member: the versions there are and the rows that
/// come are put together by time, what says nothing new falls away, and each version ends where the next begins. So rows
/// may come late, twice or in any order. A version that has a surrogate key keeps it for ever.
/// </summary>
internal sealed class DimensionSql(DimensionOrder order, OpenTable source, OpenTable? before, DateTimeOffset moment)
{
    public const string From = "valid_from", To = "valid_to", Current = "is_current", Deleted = "is_deleted", Seen = "seen_at";
    public const string EverText = "9999-12-31 00:00:00";
    public const string Ever = $"TIMESTAMP '{EverText}'", Always = "TIMESTAMP '0001-01-01 00:00:00'";
    private const string There = "0", Gone = "1", Closed = "2";

    private readonly string _key = Sql.Names(order.Natural);
    private readonly bool _versions = order.Type2.Count > 0;

    private string Moment => Sql.Text(moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", null)) + "::TIMESTAMP";

    public string Select() => $"""
        WITH groups AS MATERIALIZED ({Groups()}),
        newest_came AS (
          SELECT {_key}{Type1()}, _last AS _at
            FROM groups
         QUALIFY row_number() OVER (PARTITION BY {_key} ORDER BY _last DESC, {StarSql.Tie(order.Type1.Concat(order.Type2))}) = 1),
        known AS ({Known()}),{(_versions ? Came() : "")}
        said AS ({Said()}),
        moments AS (
          SELECT {_key}{Type2()}, _state, _at, max(_sk) OVER (PARTITION BY {_key}, _at) AS _sk
            FROM said
         QUALIFY row_number() OVER (PARTITION BY {_key}, _at ORDER BY _new DESC) = 1),
        changes AS (
          SELECT *
            FROM moments
          WINDOW w AS (PARTITION BY {_key} ORDER BY _at)
         QUALIFY _sk IS NOT NULL OR row_number() OVER w = 1 OR row(_state{Type2()}) IS DISTINCT FROM lag(row(_state{Type2()})) OVER w),
        versions AS (
          SELECT *, coalesce(lead(_at) OVER (PARTITION BY {_key} ORDER BY _at), {Ever}) AS _to
            FROM changes),
        newest AS (
          SELECT {_key}{Type1()}, _at AS _seen
            FROM (SELECT {_key}{Type1()}, _at, 1 AS _new FROM newest_came UNION ALL SELECT {_key}{Type1()}, {Seen}, 0 FROM known)
         QUALIFY row_number() OVER (PARTITION BY {_key} ORDER BY _at DESC, _new DESC) = 1)
        SELECT coalesce(_sk, (SELECT coalesce(max({Sql.Name(order.Surrogate)}), 0) FROM known) + row_number() OVER (PARTITION BY _sk IS NULL ORDER BY {_key}, _at))::BIGINT AS {Sql.Name(order.Surrogate)},
               {_key}{Type1()}{Type2()}, _at AS {From}, _to AS {To}, _to = {Ever} AS {Current}, _state = {Gone} AS {Deleted}, _seen AS {Seen}
          FROM versions JOIN newest USING ({_key})
         WHERE _state < {Closed}
        UNION ALL
        SELECT {order.Unknown}, {string.Join(", ", order.Natural.Concat(order.Type1).Concat(order.Type2).Select(_ => "NULL"))}, {Always}, {Ever}, true, false, {Always}
         ORDER BY 1
        """;

    /// <summary>The source in few rows: everything that was said about each member, when first (it matters to versions) and when last.</summary>
    private string Groups() => $"""
        SELECT {_key}{Type1()}{Type2()}, {(_versions ? "min(_at) AS _first, " : "")}max(_at) AS _last
          FROM (SELECT {_key}{Type1()}{Type2()}, {At} AS _at FROM {Rows})
         GROUP BY ALL
        """;

    private string At => order.At is { } at ? $"coalesce({Sql.Name(at)}::TIMESTAMP, {Moment})" : Moment;

    private string Rows => $"{Sql.Name(source.Name)} WHERE {string.Join(" AND ", order.Natural.Select(name => $"{Sql.Name(name)} IS NOT NULL"))}";

    /// <summary>
    /// The moments of the source that may begin a version. Where one thing was said after the other, the first moment of each is
    /// enough. Where a member was said to be now this and now that, or versions that are known lie between, each row
    /// counts: one a member and moment, of several the same one every time.
    /// </summary>
    private string Came() => $"""

        spans AS (SELECT {_key}{Type2()}, min(_first) AS _first, max(_last) AS _last FROM groups GROUP BY ALL),
        mingled AS (
          SELECT DISTINCT {_key} FROM (SELECT {_key}, _first <= max(_last) OVER (PARTITION BY {_key} ORDER BY _first, _last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS _over FROM spans) WHERE _over
          UNION
          SELECT {Sql.Names(order.Natural, "spans.")} FROM spans JOIN known ON {Same("spans", "known")} AND ({From} BETWEEN _first AND _last OR {To} BETWEEN _first AND _last)),
        came AS (
          SELECT {_key}{Type2()}, _first AS _at FROM spans WHERE NOT EXISTS (SELECT 1 FROM mingled WHERE {Same("mingled", "spans")})
          UNION ALL
          SELECT {_key}{Type2()}, _at
            FROM (SELECT {_key}{Type1()}{Type2()}, {At} AS _at FROM {Rows}) AS single
           WHERE EXISTS (SELECT 1 FROM mingled WHERE {Same("mingled", "single")})
         QUALIFY row_number() OVER (PARTITION BY {_key}, _at ORDER BY {StarSql.Tie(order.Type1.Concat(order.Type2))}) = 1),
        """;

    private string Known() => before is null
        ? $"SELECT NULL::BIGINT AS {Sql.Name(order.Surrogate)}, {_key}{Type1()}{Type2()}, NULL::TIMESTAMP AS {From}, NULL::TIMESTAMP AS {To}, NULL::BOOLEAN AS {Current}, NULL::BOOLEAN AS {Deleted}, NULL::TIMESTAMP AS {Seen} FROM groups WHERE false"
        : $"SELECT *{string.Concat(order.Type1.Concat(order.Type2).Select(Fresh))} FROM {Sql.Name(order.Table)} WHERE {Sql.Name(order.Surrogate)} <> {order.Unknown}";

    /// <summary>An attribute that the versions there are do not have yet holds nothing.</summary>
    private string Fresh(string name) => before!.Columns.Any(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) ? "" : $", NULL::{source.Columns.First(one => one.Name == name).Type} AS {Sql.Name(name)}";

    private string Said()
    {
        var pieces = new List<string>
        {
            $"SELECT {_key}{Type2()}, CASE WHEN {Deleted} THEN {Gone} ELSE {There} END AS _state, {From} AS _at, {Sql.Name(order.Surrogate)} AS _sk, 0 AS _new FROM known",
            // An end that no version follows was said, too. Without versions, a member that came back has never been away.
            $"""
            SELECT {_key}{Type2()}, {Closed}, {To}, NULL, 0
              FROM (SELECT *, lead({From}) OVER (PARTITION BY {_key} ORDER BY {From}) AS _next FROM known) ended
             WHERE {To} < {Ever} AND {To} IS DISTINCT FROM _next{(_versions ? "" : $" AND NOT EXISTS (SELECT 1 FROM groups WHERE {Same("groups", "ended")})")}
            """,
            $"SELECT {_key}{Type2()}, {There}, {(_versions ? "_at" : Always)}, NULL, 1 FROM {(_versions ? "came" : "newest_came")}",
        };
        if (order.HardDeletes is not HardDeletes.Ignore)
            pieces.Add($"SELECT {_key}{Type2()}, {(order.HardDeletes is HardDeletes.Invalidate ? Closed : Gone)}, {Moment}, NULL, 1 FROM known WHERE {Current} AND NOT {Deleted} AND {From} < {Moment} AND NOT EXISTS (SELECT 1 FROM groups WHERE {Same("groups", "known")})");
        return string.Join("\nUNION ALL\n", pieces);
    }

    private string Same(string one, string other) => string.Join(" AND ", order.Natural.Select(name => $"{one}.{Sql.Name(name)} = {other}.{Sql.Name(name)}"));

    private string Type1() => string.Concat(order.Type1.Select(name => $", {Sql.Name(name)}"));

    private string Type2() => string.Concat(order.Type2.Select(name => $", {Sql.Name(name)}"));
}
