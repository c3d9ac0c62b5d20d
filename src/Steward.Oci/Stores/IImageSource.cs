namespace Steward.Oci;

/// <summary>Where images come from: a layout, an archive, a registry, a folder.</summary>
public interface IImageSource : IAsyncDisposable
{
    /// <summary>The manifest or index behind a tag or digest; without one, the only one there is.</summary>
    Task<Descriptor> Resolve(string? reference, CancellationToken stop = default);

    /// <summary>The bytes, compared with size and digest while they are read.</summary>
    Task<Stream> Open(Descriptor blob, CancellationToken stop = default);

    /// <summary>What refers to a manifest: signatures, an SBOM, sign-offs.</summary>
    Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop = default);
}

/// <summary>Where images go to.</summary>
public interface IImageTarget : IAsyncDisposable
{
    Task<bool> Has(Descriptor blob, CancellationToken stop = default);

    /// <summary>Takes the bytes; nothing is there under the digest unless all came and are right.</summary>
    /// <param name="open">Opens the bytes from their beginning; called again when a try failed.</param>
    Task Put(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken stop = default);

    /// <summary>Takes a manifest whose blobs are there already, and names it.</summary>
    /// <param name="tag">Its name; null when only its digest names it.</param>
    Task PutManifest(Descriptor manifest, ReadOnlyMemory<byte> bytes, string? tag, CancellationToken stop = default);

    /// <summary>What was put can be seen from now on.</summary>
    Task Commit(CancellationToken stop = default);
}

public static class ImageSources
{
    /// <summary>A small document as a whole, compared with its digest.</summary>
    public static async Task<byte[]> Read(this IImageSource source, Descriptor blob, CancellationToken stop = default)
    {
        if (blob.Size > OciJson.MostBytes)
            throw OciException.TooLarge($"{blob.Digest} has {blob.Size:N0} bytes; at most {OciJson.MostBytes:N0} are read of a document.");
        await using var stream = await source.Open(blob, stop);
        using var bytes = new MemoryStream((int)blob.Size);
        await stream.CopyToAsync(bytes, stop);
        return bytes.ToArray();
    }

    /// <summary>One image: of an index the manifest for this machine's platform.</summary>
    public static async Task<(Descriptor Descriptor, Manifest Manifest)> Image(this IImageSource source, string? reference, Platform? platform = null, CancellationToken stop = default)
    {
        var found = await source.Resolve(reference, stop);
        if (MediaTypes.IsIndex(found.MediaType))
            found = Index.Read(await source.Read(found, stop)).For(platform ?? Platform.Here);
        return (found, Manifest.Read(await source.Read(found, stop)));
    }
}
