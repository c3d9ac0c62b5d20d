namespace Steward.Oci;

/// <summary>
/// An OCI image layout: a folder with <c>oci-layout</c>, <c>index.json</c> and <c>blobs/sha256/…</c>. Blobs appear under their
/// name only when they are whole; the index is replaced last and at once.
/// </summary>
public sealed class ImageLayout : IImageSource, IImageTarget
{
    private const string NameKey = "org.opencontainers.image.ref.name";
    private readonly string _folder;
    private List<Descriptor>? _index;
    private bool _changed;

    private ImageLayout(string folder) => _folder = folder;

    /// <summary>An existing layout.</summary>
    public static ImageLayout Open(string folder)
    {
        var mark = Path.Combine(folder, "oci-layout");
        if (!File.Exists(mark) || !File.Exists(Path.Combine(folder, "index.json")))
            throw OciException.NotFound($"'{folder}' is no OCI image layout: it has no oci-layout and index.json.", "Make one: skopeo copy docker://IMAGE oci:FOLDER:TAG");
        var said = OciJson.Read<LayoutMark>(File.ReadAllBytes(mark), "file oci-layout");
        return said.ImageLayoutVersion == "1.0.0" ? new(folder) : throw OciException.Invalid($"'{folder}' is an image layout of version {Shown.Short(said.ImageLayoutVersion)}; 1.0.0 is read.");
    }

    /// <summary>An existing layout, or a new one in an empty folder or one that is not there.</summary>
    public static ImageLayout OpenOrCreate(string folder)
    {
        if (File.Exists(Path.Combine(folder, "oci-layout")))
            return Open(folder);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw OciException.Invalid($"'{folder}' holds other things and is no image layout.", "Name an empty or a new folder.");
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        File.WriteAllBytes(Path.Combine(folder, "index.json"), new Index([]).Bytes());
        File.WriteAllBytes(Path.Combine(folder, "oci-layout"), OciJson.Write(new LayoutMark("1.0.0")));
        return new(folder);
    }

    /// <summary>The names of the images in it.</summary>
    public IEnumerable<string> Tags => Manifests.Select(Name).OfType<string>();

    public Task<Descriptor> Resolve(string? reference, CancellationToken stop) => Task.FromResult(Named.Choose(Manifests, reference, Name, $"the layout '{_folder}'"));

    public Task<Stream> Open(Descriptor blob, CancellationToken stop)
    {
        var file = new FileInfo(PathOf(blob.Digest));
        if (!file.Exists)
            throw OciException.NotFound($"The layout '{_folder}' lacks {blob.Digest}.", "It was copied in part only: copy it again.");
        return Task.FromResult<Stream>(new VerifiedStream(file.Open(new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 1 << 16 }), blob.Digest, blob.Size, $"blob {blob.Digest} of '{_folder}'"));
    }

    /// <summary>Those that the index lists, which is where this program and others put them.</summary>
    public async Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop)
    {
        var found = new List<Descriptor>();
        foreach (var one in Manifests.Where(one => MediaTypes.IsManifest(one.MediaType) && one.Size <= OciJson.MostBytes).DistinctBy(one => one.Digest))
            if (Manifest.Read(await this.Read(one, stop)) is { Subject: { } about } manifest && about.Digest == subject)
                found.Add(new(one.MediaType, one.Digest, one.Size) { ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType, Annotations = manifest.Annotations });
        return found;
    }

    public Task<bool> Has(Descriptor blob, CancellationToken stop) => Task.FromResult(new FileInfo(PathOf(blob.Digest)) is { Exists: true } file && file.Length == blob.Size);

    public async Task Put(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken stop)
    {
        if (await Has(blob, stop))
            return;
        var coming = NewFile();
        try
        {
            await using (var file = new FileStream(coming, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            await using (var bytes = new VerifiedStream(await open(stop), blob.Digest, blob.Size, $"blob {blob.Digest}"))
                await bytes.CopyToAsync(file, stop);
            File.Move(coming, PathOf(blob.Digest), overwrite: true);
        }
        finally
        {
            File.Delete(coming);
        }
    }

    /// <summary>Packs a layer straight into the layout.</summary>
    public async Task<Layer> Pack(LayerFiles files, Action<long>? packed = null, CancellationToken stop = default)
    {
        var coming = NewFile();
        try
        {
            Layer layer;
            await using (var file = new FileStream(coming, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                layer = await Layer.Pack(files, file, packed, stop);
            File.Move(coming, PathOf(layer.Descriptor.Digest), overwrite: true);
            return layer;
        }
        finally
        {
            File.Delete(coming);
        }
    }

    public async Task PutManifest(Descriptor manifest, ReadOnlyMemory<byte> bytes, string? tag, CancellationToken stop)
    {
        await Put(manifest, _ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)), stop);
        var about = MediaTypes.IsManifest(manifest.MediaType) ? Manifest.Read(bytes.Span).Subject : null;
        if (tag is null && about is null)
            return;
        var all = Manifests;
        all.RemoveAll(one => tag is null ? one.Digest == manifest.Digest : Name(one) == tag);
        all.Add(tag is null ? manifest : manifest with { Annotations = new(StringComparer.Ordinal) { [NameKey] = tag } });
        _changed = true;
    }

    public Task Commit(CancellationToken stop)
    {
        if (!_changed)
            return Task.CompletedTask;
        var coming = Path.Combine(_folder, $".index-{Guid.NewGuid():n}");
        File.WriteAllBytes(coming, new Index([.. Manifests.OrderBy(Name, StringComparer.Ordinal).ThenBy(one => one.Digest.Hex, StringComparer.Ordinal)]).Bytes());
        File.Move(coming, Path.Combine(_folder, "index.json"), overwrite: true);
        _changed = false;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<Descriptor> Manifests => _index ??= [.. Index.Read(File.ReadAllBytes(Path.Combine(_folder, "index.json"))).Manifests];

    private static string? Name(Descriptor one) => one.Annotations?.GetValueOrDefault(NameKey);

    private string PathOf(OciDigest digest) => Path.Combine(_folder, "blobs", "sha256", digest.Hex);

    private string NewFile() => Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "blobs", "sha256")).FullName, $".coming-{Guid.NewGuid():n}");

    internal sealed record LayoutMark(string ImageLayoutVersion);
}

/// <summary>Finds a manifest among several by what the caller said.</summary>
internal static class Named
{
    public static Descriptor Choose(IReadOnlyList<Descriptor> all, string? reference, Func<Descriptor, string?> name, string where)
    {
        if (reference is not null)
            return all.FirstOrDefault(one => name(one) == reference || one.Digest.ToString() == reference)
                ?? throw OciException.NotFound($"There is no image '{Shown.Short(reference)}' in {where}.", $"It has: {string.Join(", ", all.Select(one => name(one) ?? one.Digest.ToString()).Take(10))}.");
        // What refers to another image is not what somebody means who names nothing.
        var candidates = all.Where(one => name(one) is not null).ToList() is { Count: > 0 } tagged ? tagged : all;
        return candidates.DistinctBy(one => one.Digest).ToList() is [var only]
            ? only
            : throw OciException.Invalid($"There {(candidates.Count == 0 ? "is no image" : $"are {candidates.Count} images")} in {where}.", candidates.Count == 0 ? null : $"Say which: {string.Join(", ", candidates.Select(one => name(one) ?? one.Digest.ToString()).Take(10))}.");
    }
}
