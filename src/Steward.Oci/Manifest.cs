namespace Steward.Oci;

/// <summary>One image, or one artifact that refers to an image.</summary>
public sealed record Manifest(Descriptor Config, IReadOnlyList<Descriptor> Layers)
{
    public int SchemaVersion { get; init; } = 2;
    public string? MediaType { get; init; } = MediaTypes.Manifest;

    /// <summary>What an artifact is; null for an image that runs.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The image that this artifact is about.</summary>
    public Descriptor? Subject { get; init; }
    public SortedDictionary<string, string>? Annotations { get; init; }

    public IEnumerable<Descriptor> Blobs => Layers.Prepend(Config);

    /// <summary>Checked: version 2, sizes that are sizes.</summary>
    public static Manifest Read(ReadOnlySpan<byte> bytes)
    {
        var read = OciJson.Read<Manifest>(bytes, "image manifest");
        if (read.SchemaVersion != 2)
            throw OciException.Invalid($"The image manifest has version {read.SchemaVersion}; version 2 is read.", "Make it anew with a tool of today: skopeo copy --format oci");
        if (read.Config is null || read.Layers is null || read.Blobs.Any(blob => blob is null or { Size: < 0 } or { MediaType: null }))
            throw OciException.Invalid("The image manifest lacks its config or layers, or one of them has no type or size.");
        return read;
    }

    public byte[] Bytes() => OciJson.Write(this);

    public Descriptor Describe() => Descriptor.Of(MediaType ?? MediaTypes.Manifest, Bytes()) with { ArtifactType = ArtifactType };
}

/// <summary>Several manifests: of one image for several platforms, of everything in a layout, or of what refers to an image.</summary>
public sealed record Index(IReadOnlyList<Descriptor> Manifests)
{
    public int SchemaVersion { get; init; } = 2;
    public string? MediaType { get; init; } = MediaTypes.Index;
    public SortedDictionary<string, string>? Annotations { get; init; }

    public static Index Read(ReadOnlySpan<byte> bytes)
    {
        var read = OciJson.Read<Index>(bytes, "image index");
        return read.Manifests is null || read.Manifests.Any(one => one is null or { Size: < 0 } or { MediaType: null })
            ? throw OciException.Invalid("The image index does not list its manifests, or one of them has no type or size.")
            : read;
    }

    public byte[] Bytes() => OciJson.Write(this);

    /// <summary>The manifest for a platform.</summary>
    public Descriptor For(Platform platform)
        => Manifests.FirstOrDefault(one => MediaTypes.IsManifest(one.MediaType) && one.Platform is { } is_ && is_.Architecture == platform.Architecture && is_.Os == platform.Os)
            ?? (Manifests.Count(one => one.Platform is null && MediaTypes.IsManifest(one.MediaType)) == 1 ? Manifests.First(one => one.Platform is null && MediaTypes.IsManifest(one.MediaType)) : null)
            ?? throw OciException.NotFound($"The image has no variant for {platform.Os}/{platform.Architecture}.", $"It has: {string.Join(", ", Manifests.Select(one => one.Platform).OfType<Platform>().Select(one => $"{one.Os}/{one.Architecture}"))}.");
}
