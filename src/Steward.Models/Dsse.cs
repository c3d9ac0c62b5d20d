using System.Security.Cryptography;
using System.Text;

namespace Steward.Models;

/// <summary>
/// A signed payload after the DSSE protocol v1.0.2: the signature is over the pre-authentication encoding, so that the
/// type of the payload is signed too. ECDSA on P-256 with SHA-256.
/// </summary>
public sealed record Dsse(string PayloadType, string Payload, IReadOnlyList<DsseSignature> Signatures)
{
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>The signed bytes; <c>envelope_invalid</c> when they are not base64.</summary>
    public byte[] Body() => FromBase64(Payload);

    /// <summary><c>DSSEv1 SP len SP type SP len SP body</c>, lengths in bytes, decimal.</summary>
    public static byte[] Pae(string type, ReadOnlySpan<byte> body)
        => [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {body.Length} "), .. body];

    /// <summary>Signs with a P-256 private key; the signature is DER (RFC 3279).</summary>
    /// <param name="hint">Helps to find the public key again; it proves nothing.</param>
    public static Dsse Sign(string type, ReadOnlySpan<byte> body, ECDsa key, string? hint = null)
    {
        var signature = key.SignData(Pae(type, body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new(type, Convert.ToBase64String(body), [new(hint, Convert.ToBase64String(signature))]);
    }

    /// <summary>Whether one of the signatures was made with this P-256 key over exactly this payload and type.</summary>
    public bool IsSignedBy(ECDsa key)
    {
        var signed = Pae(PayloadType, Body());
        return key.KeySize == 256 && Signatures.Any(signature => Matches(key, signed, FromBase64(signature.Sig)));
    }

    private static bool Matches(ECDsa key, byte[] signed, byte[] signature)
    {
        try
        {
            // Browsers' WebCrypto writes r and s side by side (IEEE P1363), everybody else DER.
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                || key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[] FromBase64(string? text)
    {
        try
        {
            return Convert.FromBase64String(text ?? "");
        }
        catch (FormatException)
        {
            throw ProblemException.Invalid("envelope_invalid", "The envelope holds something that is not base64.", "Send a DSSE envelope: payloadType, payload and signatures.");
        }
    }
}

/// <param name="KeyId">A hint only; what counts is which key verifies.</param>
public sealed record DsseSignature([property: System.Text.Json.Serialization.JsonPropertyName("keyid")] string? KeyId, string Sig);
