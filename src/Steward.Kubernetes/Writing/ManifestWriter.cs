using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Steward.Kubernetes;

/// <summary>
/// Writes an object as YAML, its properties in their order and nothing for null: the same object gives the same bytes. A
/// text stands without quotes only where no reader could take it for anything else, so that no value can become a key, a
/// comment, a number or another document.
/// </summary>
public static partial class ManifestWriter
{
    private static readonly JsonSerializerOptions Plainly = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(object manifest)
    {
        var text = new StringBuilder();
        if (JsonSerializer.SerializeToNode(manifest, Plainly) is JsonObject map)
            Map(text, map, 0, firstIndented: true);
        return text.ToString();
    }

    private static void Map(StringBuilder text, JsonObject map, int depth, bool firstIndented)
    {
        var first = true;
        foreach (var (key, value) in map.Where(pair => pair.Value is not null))
        {
            if (!first || firstIndented)
                text.Append(' ', depth);
            first = false;
            text.Append(Word(key)).Append(':');
            Under(text, value, depth);
        }
    }

    /// <summary>What stands under a key: on its line when it is short, below it otherwise.</summary>
    private static void Under(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Map(text, map, depth + 2, firstIndented: true);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                    Item(text, item, depth + 2);
                break;
            default:
                text.Append(' ').Append(Short(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int depth)
    {
        text.Append(' ', depth).Append("- ");
        if (item is JsonObject { Count: > 0 } map)
            Map(text, map, depth + 2, firstIndented: false);
        else
            text.Append(Short(item)).Append('\n');
    }

    private static string Short(JsonNode? value) => value switch
    {
        null => throw new NotSupportedException("No manifest has nothing in a list."),
        JsonObject => "{}",
        JsonArray { Count: 0 } => "[]",
        JsonArray => throw new NotSupportedException("No manifest has a list directly in a list."),
        JsonValue one when one.GetValueKind() is JsonValueKind.String => Word(one.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    /// <summary>A text that every reader takes for exactly this text.</summary>
    public static string Word(string text) => (Bare().IsMatch(text) || Amount().IsMatch(text)) && Scalars.KindOf(text) is ScalarKind.Text ? text : JsonSerializer.Serialize(text, Plainly);

    [GeneratedRegex(@"^[A-Za-z/][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^[0-9]+(m|k|M|G|T|Ki|Mi|Gi|Ti)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Amount();
}
