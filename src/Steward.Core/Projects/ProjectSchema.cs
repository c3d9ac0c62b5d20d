using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Projects;

/// <summary>The JSON Schema of <c>steward.yaml</c>, for editors; made from the same records that read the file.</summary>
public static class ProjectSchema
{
    public static JsonObject Of(IEnumerable<Section> sections)
    {
        var properties = new JsonObject
        {
            ["steward"] = new JsonObject { ["const"] = 1, ["description"] = "The version of the file format." },
            ["project"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z][a-z0-9-]{0,62}$" },
            ["title"] = new JsonObject { ["type"] = "string", ["maxLength"] = 120 },
            ["owners"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Text() },
        };
        foreach (var section in sections.OrderBy(section => section.Key, StringComparer.Ordinal))
        {
            var shape = Shape(section.Shape);
            shape["description"] = section.Purpose;
            properties[section.Key] = shape;
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "steward.yaml",
            ["type"] = "object",
            ["required"] = new JsonArray("steward", "project"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject Shape(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (YamlShaper.ListItem(type) == typeof(string))
            return new() { ["anyOf"] = new JsonArray(Text(), new JsonObject { ["type"] = "array", ["items"] = Text() }) };
        if (YamlShaper.ListItem(type) is { } item)
            return new() { ["type"] = "array", ["items"] = Item(item) };
        if (YamlShaper.MapValue(type) is { } value)
            return new() { ["type"] = "object", ["additionalProperties"] = Shape(value) };
        if (type.IsEnum)
            return new() { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))]) };
        if (type == typeof(bool))
            return new() { ["type"] = "boolean" };
        if (type == typeof(int))
            return new() { ["type"] = "integer" };
        if (type == typeof(double))
            return new() { ["type"] = "number" };
        if (type == typeof(long))
            return new() { ["type"] = new JsonArray("integer", "string") };
        if (Scalars.Knows(type))
            return Text();
        var properties = new JsonObject();
        foreach (var property in YamlShaper.Keys(type))
            properties[YamlShaper.KeyOf(property)] = Shape(property.PropertyType);
        var shape = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        return YamlShaper.OneText(type) is null ? shape : new() { ["anyOf"] = new JsonArray(Text(), shape) };
    }

    private static JsonObject Item(Type item)
    {
        var words = YamlShaper.BareKeys(item).Select(key => (JsonNode)YamlShaper.KeyOf(key)).ToArray();
        return words.Length == 0 ? Shape(item) : new() { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray(words) }, Shape(item)) };
    }

    private static JsonObject Text() => new() { ["type"] = "string" };
}
