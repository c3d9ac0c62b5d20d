using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward.Oci;

/// <summary>The name of some bytes: <c>sha256:</c> and 64 hex digits. Other algorithms are refused, because nothing here could check them.</summary>
[JsonConverter(typeof(OciDigestJson))]
public readonly record struct OciDigest
{
    private const string Prefix = "sha256:";
    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789abcdef");
    private readonly string? _hex;

    private OciDigest(string hex) => _hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("An empty digest names nothing.");

    public static OciDigest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public static OciDigest FromHash(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash[..32]));

    public static OciDigest FromHex(string hex) => Parse(Prefix + hex);

    public static OciDigest Parse(string? text) => TryParse(text, out var digest)
        ? digest
        : throw OciException.Invalid($"'{Shown.Short(text)}' is not a digest: sha256: and 64 hex digits are expected.");

    public static bool TryParse(string? text, out OciDigest digest)
    {
        if (text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(7).IndexOfAnyExcept(Digits) < 0)
        {
            digest = new(text[7..]);
            return true;
        }

        digest = default;
        return false;
    }

    public override string ToString() => Prefix + Hex;

    private sealed class OciDigestJson : JsonConverter<OciDigest>
    {
        public override OciDigest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, OciDigest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
