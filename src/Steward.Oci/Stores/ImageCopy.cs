namespace Steward.Oci;

/// <param name="Blobs">Bytes that were not there and went over.</param>
/// <param name="Reused">Bytes that were there already.</param>
public sealed record Copied(Descriptor Manifest, int NewBlobs, long Blobs, int ReusedBlobs, long Reused, int Referrers);

/// <summary>Copies an image byte for byte, so that its digest stays; what the target has is not sent again.</summary>
public sealed class ImageCopy(IImageSource from, IImageTarget to, IProgress<long>? progress = null)
{
    private const int MostReferrers = 256, MostDepth = 4;
    private readonly HashSet<OciDigest> _seen = [];
    private long _sent, _reused;
    private int _new, _old, _referrers;

    /// <param name="tag">What the image is called there.</param>
    /// <param name="withReferrers">Whether signatures, SBOM and sign-offs go with it.</param>
    public async Task<Copied> Run(string? reference, string? tag, bool withReferrers = true, CancellationToken stop = default)
    {
        var root = await from.Resolve(reference, stop);
        await Tree(root, tag, withReferrers, 0, stop);
        await to.Commit(stop);
        return new(root, _new, _sent, _old, _reused, _referrers);
    }

    private async Task Tree(Descriptor what, string? tag, bool withReferrers, int depth, CancellationToken stop)
    {
        if (depth > MostDepth)
            throw OciException.Invalid("The index holds indexes that hold indexes: too deep to be an image.");
        if (!_seen.Add(what.Digest) && tag is null)
            return;
        var bytes = await from.Read(what, stop);
        if (MediaTypes.IsIndex(what.MediaType))
            foreach (var child in Index.Read(bytes).Manifests)
                await Tree(child, null, withReferrers, depth + 1, stop);
        else if (MediaTypes.IsManifest(what.MediaType))
            foreach (var blob in Manifest.Read(bytes).Blobs)
                await Blob(blob, stop);
        else
            throw OciException.Invalid($"'{Shown.Short(what.MediaType)}' is neither an image nor an index of images.");
        await to.PutManifest(what, bytes, tag, stop);
        if (!withReferrers)
            return;
        foreach (var referrer in await from.Referrers(what.Digest, stop))
        {
            if (++_referrers > MostReferrers)
                throw OciException.TooLarge($"More than {MostReferrers} artifacts refer to the image.", "Copy it without them.");
            await Tree(referrer, null, withReferrers, depth + 1, stop);
        }
    }

    private async Task Blob(Descriptor blob, CancellationToken stop)
    {
        if (!_seen.Add(blob.Digest))
            return;
        if (await to.Has(blob, stop))
        {
            (_old, _reused) = (_old + 1, _reused + blob.Size);
            progress?.Report(_sent + _reused);
            return;
        }

        await to.Put(blob, async again => await from.Open(blob, again), stop);
        (_new, _sent) = (_new + 1, _sent + blob.Size);
        progress?.Report(_sent + _reused);
    }
}
