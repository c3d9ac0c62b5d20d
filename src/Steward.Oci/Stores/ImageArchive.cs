using System.IO.Compression;

namespace Steward.Oci;

/// <summary>
/// An image in one file: an image layout in an archive (<c>oci-archive</c>), or what <c>docker save</c> writes. It is read where it
/// lies; one that is compressed as a whole is unpacked beside it first.
/// </summary>
public sealed class ImageArchive : IImageSource
{
    private const long MostUnpacked = 64L << 30;
    private readonly string _file;
    private readonly string? _unpacked;
    private readonly Dictionary<string, (long At, long Size)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<OciDigest, byte[]> _made = [];
    private readonly Dictionary<OciDigest, string> _named = [];
    private IReadOnlyList<Descriptor> _manifests = [];

    private ImageArchive(string file, string? unpacked) => (_file, _unpacked) = (file, unpacked);

    public static async Task<ImageArchive> Open(string file, CancellationToken stop = default)
    {
        if (!File.Exists(file))
            throw OciException.NotFound($"There is no file '{file}'.");
        var unpacked = IsGzip(file) ? await Unpack(file, stop) : null;
        var archive = new ImageArchive(unpacked ?? file, unpacked);
        try
        {
            await archive.List(stop);
            await archive.Understand(stop);
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    public Task<Descriptor> Resolve(string? reference, CancellationToken stop)
        => Task.FromResult(Named.Choose(_manifests, reference, one => one.Annotations?.GetValueOrDefault("org.opencontainers.image.ref.name"), $"the archive '{_file}'"));

    public Task<Stream> Open(Descriptor blob, CancellationToken stop)
    {
        if (_made.TryGetValue(blob.Digest, out var bytes))
            return Task.FromResult<Stream>(new MemoryStream(bytes, writable: false));
        var name = _named.GetValueOrDefault(blob.Digest) ?? "blobs/sha256/" + blob.Digest.Hex;
        return Task.FromResult<Stream>(new VerifiedStream(Entry(name), blob.Digest, blob.Size, $"blob {blob.Digest} of '{_file}'"));
    }

    public async Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop)
    {
        var found = new List<Descriptor>();
        foreach (var one in _manifests.Where(one => MediaTypes.IsManifest(one.MediaType)).DistinctBy(one => one.Digest))
            if (Manifest.Read(await this.Read(one, stop)) is { Subject: { } about } manifest && about.Digest == subject)
                found.Add(new(one.MediaType, one.Digest, one.Size) { ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType, Annotations = manifest.Annotations });
        return found;
    }

    public ValueTask DisposeAsync()
    {
        if (_unpacked is not null)
            File.Delete(_unpacked);
        return ValueTask.CompletedTask;
    }

    private async Task List(CancellationToken stop)
    {
        await using var stream = File.OpenRead(_file);
        // Position of the reader and of the file are the same: nothing is read ahead.
        var tar = new TarReader(stream, new() { MostBytes = MostUnpacked });
        while (await tar.Next(stop) is { } entry)
        {
            if (entry.Kind is TarKind.SymbolicLink)
                _links[entry.Path] = entry.Link!;
            if (entry.Kind is TarKind.File && !_entries.TryAdd(entry.Path, (tar.Position, entry.Size)))
                throw OciException.Invalid($"The archive '{_file}' holds '{Shown.Short(entry.Path)}' twice.");
            if (entry.Kind is TarKind.File && tar.Position + entry.Size > stream.Length)
                throw OciException.Invalid($"The archive '{_file}' ends in the middle: it was cut short.", "Copy or download it again.");
        }
    }

    private async Task Understand(CancellationToken stop)
    {
        if (_entries.ContainsKey("index.json"))
            _manifests = Index.Read(await Small("index.json", stop)).Manifests;
        else if (_entries.ContainsKey("manifest.json"))
        {
            var saved = OciJson.Read<List<SavedImage>>(await Small("manifest.json", stop), "file manifest.json");
            var all = new List<Descriptor>();
            foreach (var image in saved)
                all.AddRange(await Translate(image, stop));
            _manifests = all;
        }
        else
            throw OciException.Invalid($"'{_file}' is no archive of an image: it has neither index.json nor manifest.json.", "Make one: skopeo copy docker://IMAGE oci-archive:FILE");
    }

    /// <summary>What <c>docker save</c> wrote as an OCI image: its config is one already, its layers are archives.</summary>
    private async Task<IEnumerable<Descriptor>> Translate(SavedImage image, CancellationToken stop)
    {
        if (image.Config is null || image.Layers is null)
            throw OciException.Invalid($"The file manifest.json of '{_file}' names no config or layers.");
        var configBytes = await Small(image.Config, stop);
        var config = ImageConfig.Read(configBytes);
        if (config.Rootfs.DiffIds.Count != image.Layers.Count)
            throw OciException.Invalid($"The image has {image.Layers.Count} layers, but its config lists {config.Rootfs.DiffIds.Count}.");
        var configured = Descriptor.Of(MediaTypes.Config, configBytes);
        _made[configured.Digest] = configBytes;
        var layers = new List<Descriptor>();
        foreach (var (name, diffId) in image.Layers.Zip(config.Rootfs.DiffIds))
        {
            var layer = await Saved(name, diffId, stop);
            _named[layer.Digest] = name;
            layers.Add(layer);
        }

        var bytes = new Manifest(configured, layers).Bytes();
        var manifest = Descriptor.Of(MediaTypes.Manifest, bytes);
        _made[manifest.Digest] = bytes;
        return image.RepoTags is { Count: > 0 } tags
            ? tags.Select(tag => manifest with { Annotations = new(StringComparer.Ordinal) { ["org.opencontainers.image.ref.name"] = tag } })
            : [manifest];
    }

    private async Task<Descriptor> Saved(string name, OciDigest diffId, CancellationToken stop)
    {
        await using var layer = Entry(name);
        var start = new byte[2];
        var packed = layer.Length >= 2 && await layer.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, stop) == 2 && start is [0x1f, 0x8b];
        if (!packed)
            return new(MediaTypes.Layer, diffId, layer.Length);
        await using var again = Entry(name);
        return new(MediaTypes.LayerGzip, OciDigest.FromHash(await System.Security.Cryptography.SHA256.HashDataAsync(again, stop)), again.Length);
    }

    private async Task<byte[]> Small(string name, CancellationToken stop)
    {
        await using var entry = Entry(name);
        if (entry.Length > OciJson.MostBytes)
            throw OciException.TooLarge($"'{Shown.Short(name)}' of the archive has {entry.Length:N0} bytes; at most {OciJson.MostBytes:N0} are read of a document.");
        var bytes = new byte[entry.Length];
        await entry.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    private Part Entry(string name)
    {
        if (_links.TryGetValue(name, out var to))
            name = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(name) ?? "", to)));
        return _entries.TryGetValue(name, out var found)
            ? new(File.OpenRead(_file), found.At, found.Size)
            : throw OciException.Invalid($"The archive '{_file}' lacks '{Shown.Short(name)}', which it names.", "It was copied in part only: make it again.");
    }

    private static bool IsGzip(string file)
    {
        using var stream = File.OpenRead(file);
        return stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
    }

    private static async Task<string> Unpack(string file, CancellationToken stop)
    {
        var plain = $"{file}.{Guid.NewGuid():n}";
        try
        {
            await using var from = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            await using var to = new FileStream(plain, FileMode.CreateNew);
            var buffer = new byte[1 << 17];
            while (await from.ReadAsync(buffer, stop) is var read and > 0)
            {
                if (to.Length + read > MostUnpacked)
                    throw OciException.TooLarge($"'{file}' unpacks to more than {MostUnpacked:N0} bytes.");
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
            }

            return plain;
        }
        catch (Exception error)
        {
            File.Delete(plain);
            throw error is InvalidDataException ? new OciException(OciTrouble.Invalid, $"'{file}' is no gzip archive, or it is damaged.", inner: error) : error;
        }
    }

    private sealed record SavedImage
    {
        [System.Text.Json.Serialization.JsonPropertyName("Config")] public string? Config { get; init; }
        [System.Text.Json.Serialization.JsonPropertyName("RepoTags")] public IReadOnlyList<string>? RepoTags { get; init; }
        [System.Text.Json.Serialization.JsonPropertyName("Layers")] public IReadOnlyList<string>? Layers { get; init; }
    }

    /// <summary>A stretch of the file.</summary>
    private sealed class Part : ReadingStream
    {
        private readonly FileStream _file;
        private long _left;

        public Part(FileStream file, long at, long size)
        {
            (_file, _left, Length) = (file, size, size);
            file.Seek(at, SeekOrigin.Begin);
        }

        public override long Length { get; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await _file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _file.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>Writes an <c>oci-archive</c>: the file appears with the commit, whole, and the same image is the same bytes.</summary>
public sealed class ImageArchiveTarget : IImageTarget
{
    private readonly string _file;
    private readonly string _folder;
    private readonly ImageLayout _layout;

    public ImageArchiveTarget(string file)
    {
        _file = Path.GetFullPath(file);
        if (Directory.Exists(_file))
            throw OciException.Invalid($"'{file}' is a folder; an archive is one file.", "Name a file, such as fruit.oci.tar.");
        _folder = Path.Combine(Path.GetDirectoryName(_file)!, $".{Path.GetFileName(_file)}-{Guid.NewGuid():n}");
        _layout = ImageLayout.OpenOrCreate(_folder);
    }

    public Task<bool> Has(Descriptor blob, CancellationToken stop) => _layout.Has(blob, stop);

    public Task Put(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken stop) => _layout.Put(blob, open, stop);

    public Task PutManifest(Descriptor manifest, ReadOnlyMemory<byte> bytes, string? tag, CancellationToken stop) => _layout.PutManifest(manifest, bytes, tag, stop);

    public async Task Commit(CancellationToken stop)
    {
        await _layout.Commit(stop);
        var coming = _folder + ".tar";
        try
        {
            await using (var file = new FileStream(coming, FileMode.CreateNew))
                await Files().Write(file, null, stop);
            File.Move(coming, _file, overwrite: true);
        }
        finally
        {
            File.Delete(coming);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>With the same modes whatever this machine gives to new files.</summary>
    private LayerFiles Files()
    {
        var files = new LayerFiles();
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories))
            files.Add(Path.GetRelativePath(_folder, file.FullName).Replace('\\', '/'), file.Length, file.OpenRead);
        return files;
    }
}
