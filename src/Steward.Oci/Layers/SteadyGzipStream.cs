using System.IO.Compression;

namespace Steward.Oci;

/// <summary>
/// Gzip in blocks of 4 MiB, each a member of its own (RFC 1952 §2.2), so that all cores compress and the same bytes give the
/// same bytes: a fixed level, no time, no name, and the system that packed it is unknown.
/// </summary>
/// <param name="target">Gets the members in order; it stays open.</param>
public sealed class SteadyGzipStream(Stream target, CompressionLevel level = CompressionLevel.Optimal) : Stream
{
    private const int BlockSize = 4 << 20;

    /// <summary>RFC 1952 §2.3.1: the tenth byte is the system; .NET writes the one it runs on.</summary>
    private const int SystemByte = 9;
    private const byte Unknown = 255;

    private static readonly int Lanes = Math.Clamp(Environment.ProcessorCount, 1, 8);
    private readonly Queue<Task<MemoryStream>> _packing = new();
    private byte[] _block = new byte[BlockSize];
    private int _filled;
    private bool _any;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, BlockSize - _filled);
            buffer[..part].CopyTo(_block.AsMemory(_filled));
            buffer = buffer[part..];
            _filled += part;
            if (_filled == BlockSize)
                await Pack(cancellationToken);
        }
    }

    /// <summary>Writes what is left; call it before disposing.</summary>
    public async Task Finish(CancellationToken stop)
    {
        if (_filled > 0 || !_any)
            await Pack(stop);
        while (_packing.Count > 0)
            await Take(stop);
    }

    private async Task Pack(CancellationToken stop)
    {
        var (block, filled) = (_block, _filled);
        _packing.Enqueue(Task.Run(() => Compress(block, filled, level), stop));
        (_block, _filled, _any) = (new byte[BlockSize], 0, true);
        if (_packing.Count > Lanes)
            await Take(stop);
    }

    private async Task Take(CancellationToken stop)
    {
        using var packed = await _packing.Dequeue();
        await target.WriteAsync(packed.GetBuffer().AsMemory(0, (int)packed.Length), stop);
    }

    private static MemoryStream Compress(byte[] block, int filled, CompressionLevel level)
    {
        var packed = new MemoryStream(filled / 2 + 64);
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(block, 0, filled);
        packed.GetBuffer()[SystemByte] = Unknown;
        return packed;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
