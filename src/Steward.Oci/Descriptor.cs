namespace Steward.Oci;

/// <summary>Names some bytes of an image: what they are, their digest and how many.</summary>
public sealed record Descriptor(string MediaType, OciDigest Digest, long Size)
{
    public string? ArtifactType { get; init; }
    public SortedDictionary<string, string>? Annotations { get; init; }
    public Platform? Platform { get; init; }

    /// <summary>The empty JSON object, the config of artifacts that need none.</summary>
    public static Descriptor Empty { get; } = new(MediaTypes.Empty, OciDigest.Of("{}"u8), 2);

    public static Descriptor Of(string mediaType, ReadOnlySpan<byte> bytes) => new(mediaType, OciDigest.Of(bytes), bytes.Length);
}

public sealed record Platform(string Architecture, string Os)
{
    public string? Variant { get; init; }

    /// <summary>This machine's processor, in Go's words, on Linux.</summary>
    public static Platform Here { get; } = new(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    }, "linux");
}
