using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Models;

/// <summary>
/// One spelling of a JSON value, so that equal facts have equal digests: object keys in ordinal order, no white space,
/// numbers in their shortest round-trip form, UTF-8. The idea is RFC 8785's; numbers keep .NET's spelling.
/// </summary>
internal static class Canonical
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes<T>(T value)
    {
        var node = JsonSerializer.SerializeToNode(value, Json.Options);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
            Write(writer, node);
        return bytes.ToArray();
    }

    public static Digest Digest<T>(T value) => Steward.Digest.Of(Bytes(value));

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject thing:
                writer.WriteStartObject();
                foreach (var (key, value) in thing.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray many:
                writer.WriteStartArray();
                foreach (var value in many)
                    Write(writer, value);
                writer.WriteEndArray();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
