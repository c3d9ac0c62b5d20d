using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward;

/// <summary>A digest in JSON is its hex text.</summary>
internal sealed class DigestJson : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType is JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException("A digest is 64 hex digits.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
}
