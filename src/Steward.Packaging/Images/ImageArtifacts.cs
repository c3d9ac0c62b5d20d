using Steward.Blobs;
using Steward.Models;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>What is kept beside an image: its bill of materials, signatures, the sign-off.</summary>
internal static class ImageArtifacts
{
    public const string SignOffType = "application/vnd.steward.signoff.v1+json";

    /// <summary>The two words by which cosign finds its signatures.</summary>
    public const string SignatureType = "application/vnd.dev.cosign.artifact.sig.v1+json", SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";

    public static Artifact Bill(ModelVersion version, Descriptor image, IEnumerable<BillItem> ground)
        => new(MediaTypes.CycloneDx, image, [new(MediaTypes.CycloneDx, ProgramBill.Of(version, image.Digest, ground).Bytes(), $"{version.Model}-{version.Version}.cdx.json")]);

    public static Artifact SignOff(Descriptor image, byte[] proof, int number)
        => new(SignOffType, image, [new(SignOffType, proof, $"signoff-{number}.json")]);

    public static Artifact Signature(Descriptor image, byte[] payload, string signature, string keyHint)
        => new(SignatureType, image, [new(SimpleSigning, payload) { Annotations = new Dictionary<string, string> { ["dev.cosignproject.cosign/signature"] = signature, ["steward.key"] = keyHint } }]);

    /// <summary>Keeps the bytes; they are part of the project's images only once the store lists them.</summary>
    public static async Task<(Descriptor Manifest, IReadOnlyList<Descriptor> Blobs)> Keep(Artifact artifact, IBlobs blobs, CancellationToken stop)
    {
        var manifest = artifact.Manifest;
        await blobs.Put("{}"u8.ToArray(), stop);
        await blobs.Put(manifest.Bytes(), stop);
        foreach (var file in artifact.Files)
            await blobs.Put(file.Bytes, stop);
        return (manifest.Describe(), [manifest.Describe(), .. manifest.Blobs]);
    }
}
