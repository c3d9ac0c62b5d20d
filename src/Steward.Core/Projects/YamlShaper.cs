using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Steward.Projects;

/// <summary>Turns YAML nodes into records, collecting every complaint with its place instead of stopping at the first.</summary>
internal sealed class YamlShaper(List<Complaint> complaints)
{
    public object? Shape(YamlNode node, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ListItem(type) is { } item)
            return List(node, item, path);
        if (MapValue(type) is { } value)
            return Map(node, value, path);
        if (Scalars.Knows(type))
            return Scalar(node, type, path);
        return Record(node, type, path);
    }

    /// <summary>The key of a property: <c>MinRows</c> is <c>min_rows</c>.</summary>
    public static string KeyOf(PropertyInfo property) => property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    public static IEnumerable<PropertyInfo> Keys(Type shape) => shape.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    /// <summary>What a text means where this record is expected; null when it means nothing.</summary>
    public static PropertyInfo? OneText(Type shape) => Keys(shape).FirstOrDefault(key => key.IsDefined(typeof(OneTextAttribute)));

    public static Type? ListItem(Type type) => Generic(type, typeof(IReadOnlyList<>), 0);

    public static Type? MapValue(Type type) => Generic(type, typeof(IReadOnlyDictionary<,>), 1);

    private static Type? Generic(Type type, Type open, int argument)
        => type.IsGenericType && type.GetGenericTypeDefinition() == open ? type.GetGenericArguments()[argument] : null;

    private object? Record(YamlNode node, Type type, string path)
    {
        if (node is YamlScalarNode { Value.Length: > 0 } said && OneText(type) is { } meant)
        {
            var one = Activator.CreateInstance(type)!;
            meant.SetValue(one, said.Value);
            return one;
        }

        if (node is not YamlMappingNode map)
            return Complain(node, path, $"'{path}' holds keys and values; found '{Names.Shorten(node.ToString())}'.");
        var made = Activator.CreateInstance(type)!;
        var keys = Keys(type).ToDictionary(KeyOf, StringComparer.Ordinal);
        foreach (var (keyNode, value) in map.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (!keys.TryGetValue(key, out var property))
                complaints.Add(ProjectFileReader.At(keyNode, $"{path}.{key}", $"There is no key '{Names.Shorten(key)}' in '{path}'.", Suggest.For(key, keys.Keys)));
            else if (Shape(value, property.PropertyType, $"{path}.{key}") is { } shaped)
                property.SetValue(made, shaped);
        }

        return made;
    }

    private IList? List(YamlNode node, Type item, string path)
    {
        // One text where a list of them is expected is a list of one: features: auto.
        if (node is YamlScalarNode { Value.Length: > 0 } && item == typeof(string))
            return new List<string> { ((YamlScalarNode)node).Value! };
        if (node is not YamlSequenceNode sequence)
        {
            Complain(node, path, $"'{path}' is a list; write [a, b] or one line '- …' each.");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var (child, i) in sequence.Children.Select((child, i) => (child, i)))
            if ((Bare(child, item) ?? Shape(child, item, $"{path}[{i}]")) is { } shaped)
                list.Add(shaped);
        return list;
    }

    /// <summary>The keys that may stand alone in a list of records, as in <c>then: [retrain, ask_for_labels: {batch: 40}]</c>: what is yes or no, and records.</summary>
    public static IEnumerable<PropertyInfo> BareKeys(Type item) => Scalars.Knows(item)
        ? []
        : Keys(item).Where(key => key.PropertyType == typeof(bool) || (!Scalars.Knows(key.PropertyType) && key.PropertyType.GetConstructor([]) is not null));

    private static object? Bare(YamlNode node, Type item)
    {
        if (node is not YamlScalarNode { Value: { } word } || BareKeys(item).FirstOrDefault(key => KeyOf(key) == word) is not { } said)
            return null;
        var made = Activator.CreateInstance(item)!;
        said.SetValue(made, said.PropertyType == typeof(bool) ? true : Activator.CreateInstance(said.PropertyType));
        return made;
    }

    private IDictionary? Map(YamlNode node, Type value, string path)
    {
        if (node is not YamlMappingNode map)
        {
            Complain(node, path, $"'{path}' holds names and values.");
            return null;
        }

        var made = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        foreach (var (keyNode, child) in map.Children)
            if ((keyNode as YamlScalarNode)?.Value is { } key && Shape(child, value, $"{path}.{key}") is { } shaped)
                made[key] = shaped;
        return made;
    }

    private object? Scalar(YamlNode node, Type type, string path)
    {
        if (node is not YamlScalarNode { Value: { } text })
            return Complain(node, path, $"'{path}' is one value, not a list.");
        try
        {
            return Scalars.Read(text, type);
        }
        catch (FormatException error)
        {
            return Complain(node, path, $"'{Names.Shorten(text)}' cannot be {path}: {error.Message}");
        }
    }

    private object? Complain(YamlNode node, string path, string why)
    {
        complaints.Add(ProjectFileReader.At(node, path, why));
        return null;
    }
}

/// <summary>Single values as people write them: numbers, yes and no, words, times such as <c>10m</c>, sizes such as <c>8MiB</c>.</summary>
internal static class Scalars
{
    public static bool Knows(Type type) => type.IsEnum || type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(bool) || type == typeof(TimeSpan);

    public static object Read(string text, Type type)
    {
        if (type == typeof(string))
            return text;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw new FormatException("a whole number is expected.");
        if (type == typeof(long))
            return Size(text);
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw new FormatException("a number is expected.");
        if (type == typeof(bool))
            return text switch { "true" or "yes" => true, "false" or "no" => false, _ => throw new FormatException("true or false is expected.") };
        if (type == typeof(TimeSpan))
            return Span(text);
        foreach (var word in Enum.GetNames(type))
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(word) == text)
                return Enum.Parse(type, word);
        throw new FormatException($"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))} is expected.");
    }

    private static TimeSpan Span(string text)
    {
        var unit = text.TrimStart("0123456789.".ToCharArray());
        if (double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count < 1e6)
            switch (unit)
            {
                case "ms": return TimeSpan.FromMilliseconds(count);
                case "s": return TimeSpan.FromSeconds(count);
                case "m": return TimeSpan.FromMinutes(count);
                case "h": return TimeSpan.FromHours(count);
                case "d": return TimeSpan.FromDays(count);
            }

        throw new FormatException("a time such as 500ms, 30s, 10m, 2h or 3d is expected.");
    }

    private static long Size(string text)
    {
        var unit = text.TrimStart("0123456789".ToCharArray());
        var factor = unit switch { "" or "B" => 1L, "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 0 };
        return factor > 0 && long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= (1L << 40) / factor
            ? count * factor
            : throw new FormatException("a whole number or a size such as 8MiB is expected.");
    }
}
