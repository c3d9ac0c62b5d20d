using System.Text.Json;

namespace Steward.Data.Engine;

/// <summary>
/// From which columns of which tables each column of a SELECT is made, read from DuckDB's own plan of it, before it is
/// optimized. Only values count: a column that decides which rows come is not an origin. Where the plan holds an operator that is not
/// known here, every column of what it reads is an origin: rather one too many than one missed.
/// </summary>
internal sealed class Lineage
{
    private readonly Dictionary<long, IReadOnlyList<HashSet<Origin>>> _ctes = [];

    /// <param name="plan">What <c>json_serialize_plan(…, optimize := false)</c> says about one SELECT.</param>
    public static IReadOnlyList<IReadOnlySet<Origin>> Of(JsonElement plan) => new Lineage().Walk(plan);

    private IReadOnlyList<HashSet<Origin>> Walk(JsonElement node)
    {
        var type = Text(node, "type");
        if (type is "LOGICAL_MATERIALIZED_CTE" or "LOGICAL_RECURSIVE_CTE")
            return Cte(node, type);
        var children = List(node, "children").Select(Walk).ToList();
        var input = children.SelectMany(child => child).ToList();
        return type switch
        {
            "LOGICAL_GET" => Get(node),
            "LOGICAL_CTE_REF" => _ctes.GetValueOrDefault(Number(node, "cte_index")) ?? Columns(node, "chunk_types"),
            "LOGICAL_PROJECTION" => [.. List(node, "expressions").Select(one => Refs(one, input))],
            "LOGICAL_AGGREGATE_AND_GROUP_BY" => [.. List(node, "groups").Concat(List(node, "expressions")).Select(one => Refs(one, input)), .. List(node, "grouping_functions").Select(_ => new HashSet<Origin>())],
            "LOGICAL_WINDOW" => [.. input, .. List(node, "expressions").Select(one => Refs(one, input))],
            "LOGICAL_UNION" => [.. children[0].Zip(children[1], (a, b) => a.Union(b).ToHashSet())],
            "LOGICAL_EXCEPT" or "LOGICAL_INTERSECT" => children[0],
            "LOGICAL_COMPARISON_JOIN" or "LOGICAL_ANY_JOIN" or "LOGICAL_ASOF_JOIN" or "LOGICAL_DELIM_JOIN" or "LOGICAL_DEPENDENT_JOIN" => Text(node, "join_type") switch
            {
                "SEMI" or "ANTI" => children[0],
                "RIGHT_SEMI" or "RIGHT_ANTI" => children[1],
                "MARK" => [.. children[0], []],
                _ => input,
            },
            "LOGICAL_FILTER" or "LOGICAL_ORDER_BY" or "LOGICAL_LIMIT" or "LOGICAL_TOP_N" or "LOGICAL_DISTINCT" or "LOGICAL_SAMPLE" or "LOGICAL_CROSS_PRODUCT" or "LOGICAL_POSITIONAL_JOIN" => input,
            "LOGICAL_UNNEST" => [.. input, .. List(node, "expressions").Select(one => Refs(one, input))],
            "LOGICAL_DUMMY_SCAN" => [[]],
            "LOGICAL_EXPRESSION_GET" => Columns(node, "expr_types"),
            _ => throw new NotSupportedException(type),
        };
    }

    /// <summary>First its own rows, then whoever reads them; one that calls itself is walked until nothing is added.</summary>
    private IReadOnlyList<HashSet<Origin>> Cte(JsonElement node, string type)
    {
        var (index, children) = (Number(node, "table_index"), List(node, "children").ToList());
        if (type == "LOGICAL_MATERIALIZED_CTE")
        {
            _ctes[index] = Walk(children[0]);
            return Walk(children[1]);
        }

        var now = Walk(children[0]);
        for (var before = -1; before != now.Sum(column => column.Count);)
        {
            before = now.Sum(column => column.Count);
            _ctes[index] = now;
            now = [.. now.Zip(Walk(children[1]), (a, b) => a.Union(b).ToHashSet())];
        }

        return now;
    }

    private static IReadOnlyList<HashSet<Origin>> Get(JsonElement node)
    {
        if (!node.TryGetProperty("function_data", out var data) || Text(data, "table") is not { Length: > 0 } table)
            return Columns(node, "column_indexes"); // range() and its like
        var names = List(node, "names").Select(name => name.GetString()!).ToList();
        var from = $"{Text(data, "schema")}.{table}";
        return [.. List(node, "column_indexes").Select(one => Number(one, "index")).Select(at => at >= 0 && at < names.Count ? new HashSet<Origin> { new(from, names[(int)at]) } : [])];
    }

    private static HashSet<Origin> Refs(JsonElement expression, List<HashSet<Origin>> input)
    {
        var found = new HashSet<Origin>();
        Collect(expression);
        return found;

        void Collect(JsonElement one)
        {
            if (one.ValueKind is JsonValueKind.Array)
                foreach (var item in one.EnumerateArray())
                    Collect(item);
            if (one.ValueKind is not JsonValueKind.Object)
                return;
            if (Text(one, "expression_class") == "BOUND_REF")
                found.UnionWith(input[(int)Number(one, "index")]);
            foreach (var part in one.EnumerateObject())
                Collect(part.Value);
        }
    }

    private static IReadOnlyList<HashSet<Origin>> Columns(JsonElement node, string of) => [.. List(node, of).Select(_ => new HashSet<Origin>())];

    private static IEnumerable<JsonElement> List(JsonElement node, string name) => node.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString()! : "";

    private static long Number(JsonElement node, string name) => node.TryGetProperty(name, out var number) && number.TryGetInt64(out var value) ? value : 0;
}

/// <summary>A column of a table, <c>silver.orders</c> and <c>amount</c>.</summary>
internal sealed record Origin(string Table, string Column);
