using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Steward;

/// <summary>SHA-256 of some bytes: their name in the blob store, the same everywhere.</summary>
[JsonConverter(typeof(DigestJson))]
public readonly record struct Digest
{
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("An empty digest names nothing.");

    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public static Digest Of(string text) => Of(System.Text.Encoding.UTF8.GetBytes(text));

    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length == 32
        ? new(Convert.ToHexStringLower(hash))
        : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));

    public static Digest Parse(string? text) => TryParse(text, out var digest)
        ? digest
        : throw ProblemException.Invalid("digest_invalid", $"'{Names.Shorten(text)}' is not a digest: 64 hex digits are expected.");

    public static bool TryParse(string? text, out Digest digest)
    {
        if (text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower))
        {
            digest = new(text);
            return true;
        }

        digest = default;
        return false;
    }

    public override string ToString() => Hex;
}
