namespace Steward.Oci;

/// <summary>Something about an image, kept beside it: an SBOM, a signature, a sign-off. The image's digest does not change by it.</summary>
/// <param name="Type">What it is: the media type that readers look for.</param>
/// <param name="Subject">The image's manifest.</param>
public sealed record Artifact(string Type, Descriptor Subject, IReadOnlyList<ArtifactFile> Files)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public Manifest Manifest => new(Descriptor.Empty, [.. Files.Select(file => file.Describe())])
    {
        ArtifactType = Type,
        Subject = new(Subject.MediaType, Subject.Digest, Subject.Size),
        Annotations = Annotations.Count == 0 ? null : new(Annotations.ToDictionary(), StringComparer.Ordinal),
    };

    public async Task<Descriptor> Put(IImageTarget target, string? tag = null, CancellationToken stop = default)
    {
        var manifest = Manifest;
        await target.Put(Descriptor.Empty, _ => Task.FromResult<Stream>(new MemoryStream("{}"u8.ToArray())), stop);
        foreach (var file in Files)
            await target.Put(file.Describe(), _ => Task.FromResult<Stream>(new MemoryStream(file.Bytes, writable: false)), stop);
        await target.PutManifest(manifest.Describe(), manifest.Bytes(), tag, stop);
        return manifest.Describe();
    }
}

/// <param name="Name">What the file is called when somebody takes it out.</param>
public sealed record ArtifactFile(string MediaType, byte[] Bytes, string? Name = null)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public Descriptor Describe()
    {
        var all = new SortedDictionary<string, string>(Annotations.ToDictionary(), StringComparer.Ordinal);
        if (Name is not null)
            all["org.opencontainers.image.title"] = Name;
        return Descriptor.Of(MediaType, Bytes) with { Annotations = all.Count == 0 ? null : all };
    }
}
