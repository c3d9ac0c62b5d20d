using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Steward.Identity;
using Steward.Models;

namespace Steward.Packaging.HandOver;

/// <summary>The first file of a bundle: whose it is, and every other file with its size and SHA-256.</summary>
internal sealed record BundleIndex(int StewardBundle, string Project, string Model, int Version, Digest Onnx, Digest Seal, IReadOnlyList<BundleLine> Files)
{
    public const string FileName = "index.json";
    public const int Form = 1;

    public byte[] Bytes() => Encoding.UTF8.GetBytes(Json.Write(this) + "\n");

    /// <summary>Null when the bytes are not exactly what such an index is written as.</summary>
    public static BundleIndex? Read(byte[] bytes)
    {
        try
        {
            return Json.Read<BundleIndex>(Encoding.UTF8.GetString(bytes)) is { StewardBundle: Form, Files: not null } index && index.Files.All(line => line?.Path is not null) && index.Bytes().AsSpan().SequenceEqual(bytes) ? index : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException or ProblemException or ArgumentException or InvalidOperationException)
        {
            // a digest that is not there is an invalid operation
            return null;
        }
    }
}

internal sealed record BundleLine(string Path, long Size, Digest Sha256);

/// <summary>The second file: a DSSE envelope over the index, and the public half of the key that signed it.</summary>
internal sealed record BundleSignature(Dsse Envelope, string Key)
{
    public const string FileName = "signature.json";
    private const string Type = "application/vnd.steward.bundle+json";

    public static BundleSignature Sign(byte[] index, ECDsa key) => new(Dsse.Sign(Type, index, key, PersonKey.HintOf(key)), PersonKey.PemOf(key));

    public byte[] Bytes() => Encoding.UTF8.GetBytes(Json.Write(this) + "\n");

    /// <summary>What is wrong with the signature; null when it holds.</summary>
    /// <param name="trusted">When there are any, only these count.</param>
    /// <param name="signer">SHA-256 of the key that signed it; null when that cannot be said.</param>
    public static string? Flaw(byte[] file, byte[] index, IReadOnlyList<ECDsa> trusted, out string? signer)
    {
        signer = null;
        try
        {
            var said = Json.Read<BundleSignature>(Encoding.UTF8.GetString(file));
            if (said is not { Envelope.Signatures: [{ } only], Key: not null } || said.Envelope.PayloadType != Type || !said.Bytes().AsSpan().SequenceEqual(file))
                return $"'{FileName}' is not as Steward writes it: it was changed.";
            using var named = SigningKey.Public(FileName, said.Key);
            if (PersonKey.PemOf(named) != said.Key || only.KeyId != PersonKey.HintOf(named))
                return $"'{FileName}' names another key than it holds: it was changed.";
            signer = only.KeyId;
            var key = trusted.Count == 0 ? named : trusted.FirstOrDefault(one => PersonKey.HintOf(one) == only.KeyId);
            if (key is null)
                return $"It was signed with the key {only.KeyId[..16]} ({Fingerprint.Of(Digest.Parse(only.KeyId))}), which is none of those that you trust.";
            if (!said.Envelope.Body().AsSpan().SequenceEqual(index))
                return $"'{BundleIndex.FileName}' is not what was signed: it, or '{FileName}', was changed.";
            return said.Envelope.IsSignedBy(key) && Convert.ToBase64String(Convert.FromBase64String(only.Sig)) == only.Sig ? null : $"The signature in '{FileName}' is not over this index by this key.";
        }
        catch (Exception error) when (error is JsonException or ProblemException or CryptographicException or ArgumentException or FormatException or NotSupportedException)
        {
            return $"'{FileName}' cannot be read: it was changed.";
        }
    }
}
