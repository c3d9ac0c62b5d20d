namespace Steward.Oci;

/// <summary>A packed layer.</summary>
/// <param name="DiffId">Digest of the archive before it was compressed: what the config lists.</param>
public sealed record Layer(Descriptor Descriptor, OciDigest DiffId)
{
    /// <summary>What made it, for people who look at the image's history.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Packs files into a stream in one pass: archive, both digests and the compressed bytes.</summary>
    /// <param name="packed">Told the bytes of every file that went in.</param>
    public static async Task<Layer> Pack(LayerFiles files, Stream target, Action<long>? packed = null, CancellationToken stop = default)
    {
        await using var whole = new HashingStream(target);
        await using var gzip = new SteadyGzipStream(whole);
        await using var plain = new HashingStream(gzip);
        await files.Write(plain, packed, stop);
        await gzip.Finish(stop);
        return new(new(MediaTypes.LayerGzip, whole.Digest(), whole.Length), plain.Digest());
    }

    /// <summary>The digest that the files' archive would have, without compressing it: finds a layer that is packed already.</summary>
    public static async Task<OciDigest> DiffIdOf(LayerFiles files, CancellationToken stop = default)
    {
        await using var plain = new HashingStream(Stream.Null);
        await files.Write(plain, null, stop);
        return plain.Digest();
    }
}
