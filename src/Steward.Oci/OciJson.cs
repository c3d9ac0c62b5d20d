using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward.Oci;

/// <summary>
/// One spelling per document: the order of our records, maps in the order of their bytes, no spaces, nothing for null, and
/// <c>+</c> as itself. The same image is the same bytes.
/// </summary>
internal static class OciJson
{
    /// <summary>What registries must take, after the distribution specification; a manifest never needs more.</summary>
    public const int MostBytes = 4 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 32,
        Converters = { new UtcTime(), new SortedMap() },
    };

    /// <summary>The config document has names with underscores.</summary>
    private static readonly JsonSerializerOptions ConfigOptions = new(Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static T Read<T>(ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.Length > MostBytes)
            throw OciException.TooLarge($"The {what} has {bytes.Length} bytes; at most {MostBytes} are read.");
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, For<T>()) ?? throw OciException.Invalid($"The {what} is empty.");
        }
        catch (JsonException error)
        {
            throw new OciException(OciTrouble.Invalid, $"The {what} is not the JSON document that is expected (at {Shown.Short(error.Path ?? "its start")}).", inner: error);
        }
    }

    public static byte[] Write<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, For<T>());

    private static JsonSerializerOptions For<T>() => typeof(T) == typeof(ImageConfig) ? ConfigOptions : Options;

    /// <summary>Whole seconds when they are whole, and never another zone: 1970-01-01T00:00:00Z.</summary>
    private sealed class UtcTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TryGetDateTimeOffset(out var time) ? time : throw new JsonException("not a time");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
            => writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Sorted by code units, whatever the culture: the framework's own maps would sort as people do.</summary>
    private sealed class SortedMap : JsonConverter<SortedDictionary<string, string>>
    {
        public override SortedDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string?>>(ref reader, options) ?? [])
                map[key] = value ?? "";
            return map;
        }

        public override void Write(Utf8JsonWriter writer, SortedDictionary<string, string> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, said) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                writer.WriteString(key, said);
            writer.WriteEndObject();
        }
    }
}
