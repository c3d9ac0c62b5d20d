using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Steward.Identity;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>The document that container tools sign (simple signing, as cosign writes it): the digest of the manifest and little else.</summary>
internal static class SimpleSigning
{
    private const string Kind = "cosign container image signature";

    public static byte[] Payload(OciDigest image, string name)
        => Encoding.UTF8.GetBytes($$$"""{"critical":{"identity":{"docker-reference":{{{JsonSerializer.Serialize(name)}}}},"image":{"docker-manifest-digest":"{{{image}}}"},"type":"{{{Kind}}}"},"optional":null}""");

    public static string Sign(byte[] payload, ECDsa key) => Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public static bool IsSignedBy(PersonKey key, byte[] payload, string? signature)
    {
        var bytes = new byte[256];
        if (!Convert.TryFromBase64String(signature ?? "", bytes, out var length))
            return false;
        using var open = ECDsa.Create();
        open.ImportFromPem(key.Pem);
        try
        {
            return open.VerifyData(payload, bytes.AsSpan(0, length), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The payload when it is about this image, and small.</summary>
    public static byte[] Demand(string? base64, OciDigest image)
    {
        var bytes = new byte[4096];
        if (Convert.TryFromBase64String(base64 ?? "", bytes, out var length))
            try
            {
                using var json = JsonDocument.Parse(bytes.AsMemory(0, length));
                var critical = json.RootElement.GetProperty("critical");
                if (critical.GetProperty("type").GetString() == Kind && critical.GetProperty("image").GetProperty("docker-manifest-digest").GetString() == image.ToString())
                    return bytes[..length];
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // said below: whatever it is, it does not sign this image
            }

        throw ProblemException.Invalid("payload_invalid", "The signed document is not about this image.", "Sign with: steward image sign");
    }
}
