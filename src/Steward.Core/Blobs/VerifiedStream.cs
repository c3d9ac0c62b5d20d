using System.Security.Cryptography;

namespace Steward.Blobs;

/// <summary>Hands bytes on and throws at the end when they are not what their name says.</summary>
internal sealed class VerifiedStream(Stream inner, Digest expected) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _checked;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public static InvalidDataException Damaged(Digest digest) => new($"The blob {digest} is damaged on disk: its bytes do not match its name.");

    public override int Read(Span<byte> buffer) => Seen(inner.Read(buffer), buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => Seen(await inner.ReadAsync(buffer, cancellationToken), buffer.Span);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Seen(int read, ReadOnlySpan<byte> buffer)
    {
        if (read > 0)
            _hash.AppendData(buffer[..read]);
        else if (!_checked && buffer.Length > 0)
        {
            _checked = true;
            if (Digest.FromHash(_hash.GetHashAndReset()) != expected)
                throw Damaged(expected);
        }

        return read;
    }
}
