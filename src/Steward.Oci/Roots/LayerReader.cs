using System.IO.Compression;

namespace Steward.Oci;

/// <summary>Opens the archive inside a layer that somebody else made.</summary>
public static class LayerReader
{
    /// <summary>Deflate reaches 1032:1 with zeros; an honest layer stays below this far from its beginning.</summary>
    private const int MostRatio = 200;
    private const long RatioFrom = 256L << 20;

    /// <summary>Reads every entry; both digests of the layer are checked at the end.</summary>
    /// <param name="each">Gets the entries in order; it may read the content.</param>
    public static async Task<OciDigest> Walk(Descriptor layer, Stream packed, Func<TarEntry, TarReader, Task> each, TarLimits limits, CancellationToken stop)
    {
        await using var verified = new VerifiedStream(packed, layer.Digest, layer.Size, $"layer {layer.Digest}");
        await using var plain = Unpack(layer, verified, limits);
        var tar = new TarReader(plain, limits);
        try
        {
            while (await tar.Next(stop) is { } entry)
                await each(entry, tar);
            await plain.CopyToAsync(Stream.Null, stop);
            await verified.CopyToAsync(Stream.Null, stop);
        }
        catch (InvalidDataException error)
        {
            throw new OciException(OciTrouble.Invalid, $"The layer {layer.Digest} is no gzip archive, or it is damaged.", inner: error);
        }

        return plain.Digest();
    }

    private static Unpacked Unpack(Descriptor layer, Stream packed, TarLimits limits) => MediaTypes.AsLayer(layer.MediaType) switch
    {
        MediaTypes.Layer => new(packed, layer.Size, limits),
        MediaTypes.LayerGzip => new(new GZipStream(packed, CompressionMode.Decompress), layer.Size, limits),
        MediaTypes.LayerZstd => throw OciException.Invalid("The image has a layer that is compressed with zstd, which is not read here.", "Convert it: skopeo copy --dest-compress-format gzip FROM TO"),
        _ => throw OciException.Invalid($"The layer {layer.Digest} has the unknown type '{Shown.Short(layer.MediaType)}'."),
    };

    /// <summary>Hashes what was unpacked, and stops when it is far more than what came.</summary>
    private sealed class Unpacked(Stream plain, long packedSize, TarLimits limits) : ReadingStream
    {
        private readonly System.Security.Cryptography.IncrementalHash _hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        private long _count;

        public OciDigest Digest() => OciDigest.FromHash(_hash.GetHashAndReset());

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await plain.ReadAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            _count += read;
            // Headers and padding may add to what the files hold.
            if (_count > limits.MostBytes + (1024L * limits.MostEntries))
                throw OciException.TooLarge($"A layer unpacks to more than {limits.MostBytes:N0} bytes.");
            if (_count > RatioFrom && _count / Math.Max(1, packedSize) > MostRatio)
                throw OciException.TooLarge($"A layer of {packedSize:N0} bytes unpacks to more than {_count:N0}: it is made to fill disks.", "Do not use it.");
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                plain.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
