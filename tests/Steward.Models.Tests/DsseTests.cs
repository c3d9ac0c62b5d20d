using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Steward.Models.Tests;

public class DsseTests
{
    // The test vector of the DSSE protocol: payload type and body as its specification prints them.
    [Fact]
    public void The_encoding_before_signing_is_the_one_of_the_specification()
        => Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world", Encoding.UTF8.GetString(Dsse.Pae("http://example.com/HelloWorld", "hello world"u8)));

    [Fact]
    public void Lengths_count_bytes_not_characters()
        => Assert.Equal("DSSEv1 2 é 5 é€", Encoding.UTF8.GetString(Dsse.Pae("é", "é€"u8)));

    [Fact]
    public void A_signature_holds_for_its_key_its_type_and_every_byte() => Gen.Byte.Array[1, 200].Select(Gen.Int[0, 199]).Sample((body, at) =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var envelope = Dsse.Sign(Dsse.InToto, body, key);
        Assert.True(envelope.IsSignedBy(key));
        Assert.False(envelope.IsSignedBy(other));
        Assert.False((envelope with { PayloadType = "text/plain" }).IsSignedBy(key));
        body[at % body.Length] ^= 1;
        Assert.False((envelope with { Payload = Convert.ToBase64String(body) }).IsSignedBy(key));
    }, iter: 50);

    [Fact]
    public void The_signature_a_browser_makes_is_taken_too()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key.SignData(Dsse.Pae(Dsse.InToto, "yes"u8), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.True(new Dsse(Dsse.InToto, Convert.ToBase64String("yes"u8), [new(null, Convert.ToBase64String(signature))]).IsSignedBy(key));
    }

    [Fact]
    public void A_key_of_another_curve_does_not_count()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(Dsse.Sign(Dsse.InToto, "yes"u8, key).IsSignedBy(key));
    }

    [Fact]
    public void What_is_not_base64_is_refused_in_words()
        => Assert.Equal("envelope_invalid", Assert.Throws<ProblemException>(() => Statement.Read(new(Dsse.InToto, "%%%", []))).Code);
}
