using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Steward.Pipelines;

/// <summary>
/// What a pipeline may say about its run: <c>${window.start}</c>, <c>${window.end}</c> (both with a form:
/// <c>${window.start:yyyy/MM/dd/HH}</c>), <c>${run.id}</c>, <c>${trigger.name}</c>, <c>${trigger.kind}</c>, <c>${each}</c>. A fixed list: nothing is computed.
/// </summary>
internal sealed partial record Variables(Slice Window, string Run, string Pipeline, TriggerKind Trigger, string? Each = null)
{
    private const string Plain = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private static readonly string[] Known = ["window.start", "window.end", "run.id", "trigger.name", "trigger.kind", "each"];

    /// <summary>The sentence that stands against a text of a step, or null.</summary>
    public static string? Complaint(StepSettings step)
        => Texts(JsonSerializer.SerializeToNode(step, step.GetType(), Json.Options)).Select(text => Complaint(text, step.ForEach is not null)).FirstOrDefault(why => why is not null);

    private static string? Complaint(string text, bool each)
    {
        foreach (Match one in Written().Matches(text))
        {
            var (name, form) = (one.Groups[1].Value, one.Groups[2]);
            if (!Known.Contains(name) || (name == "each" && !each))
                return $"'${{{Names.Shorten(name)}}}' is not known; there are {string.Join(", ", Known.Where(known => each || known != "each").Select(known => $"${{{known}}}"))}.";
            if (form.Success && (!name.StartsWith("window.", StringComparison.Ordinal) || !Form().IsMatch(form.Value)))
                return $"'{Names.Shorten(form.Value)}' is no form of a time; write one such as yyyy/MM/dd/HH.";
        }

        return null;
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Texts(pair.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    public string In(string text) => Written().Replace(text, one => one.Groups[1].Value switch
    {
        "window.start" => Time(Window.Start, one.Groups[2]),
        "window.end" => Time(Window.End, one.Groups[2]),
        "run.id" => Run,
        "trigger.name" => Pipeline,
        "trigger.kind" => Json.Write(Trigger).Trim('"'),
        "each" => Each ?? "",
        _ => one.Value,
    });

    /// <summary>A variable of a query that stands within a literal, where it could be no value; null when none does.</summary>
    public static string? Quoted(string sql) => Written().Matches(sql).FirstOrDefault(one => sql.AsSpan(0, one.Index).Count('\'') % 2 == 1)?.Value;

    /// <summary>A query with parameters in place of the variables, and their values: moments as such, everything with a form as text.</summary>
    public (string Sql, IReadOnlyDictionary<string, object?> Values) Bind(string sql)
    {
        Dictionary<string, (string Name, object? Value)> given = new(StringComparer.Ordinal);
        var bound = Written().Replace(sql, one =>
        {
            if (!given.TryGetValue(one.Value, out var known))
                given[one.Value] = known = ($"steward_{given.Count}", one.Value switch
                {
                    "${window.start}" => Window.Start.UtcDateTime,
                    "${window.end}" => Window.End.UtcDateTime,
                    var said => In(said),
                });
            return $"@{known.Name}";
        });
        return (bound, given.Values.ToDictionary(one => one.Name, one => one.Value));
    }

    /// <summary>The same in every text of a record.</summary>
    public T In<T>(T plan) where T : class
        => (T)In(JsonSerializer.SerializeToNode(plan, plan.GetType(), Json.Options))!.Deserialize(plan.GetType(), Json.Options)!;

    private JsonNode? In(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, In(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(In)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(In(text)),
        _ => node?.DeepClone(),
    };

    private static string Time(DateTimeOffset at, Group form) => at.UtcDateTime.ToString(form.Success ? form.Value : Plain, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\{([a-z.]*)(?::([^}]*))?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Written();

    [GeneratedRegex(@"^[yMdHmsTZ/_.' :-]{2,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
