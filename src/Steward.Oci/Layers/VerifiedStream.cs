using System.Security.Cryptography;

namespace Steward.Oci;

/// <summary>Gives on what it reads, and throws at the end, or earlier, when size or digest are not those that were promised.</summary>
public sealed class VerifiedStream(Stream source, OciDigest digest, long size, string what) : ReadingStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;
    private bool _checked;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        var read = await source.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        if ((_count += read) > size)
            throw OciException.Differs($"More than the promised {size:N0} bytes came for the {what}.");
        if (read > 0 || _checked)
            return read;
        _checked = true;
        if (_count < size)
            throw OciException.Differs($"Only {_count:N0} of {size:N0} bytes came for the {what}.");
        if (OciDigest.FromHash(_hash.GetHashAndReset()) is var came && came != digest)
            throw OciException.Differs($"The bytes that came for the {what} have the digest {came}.");
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
