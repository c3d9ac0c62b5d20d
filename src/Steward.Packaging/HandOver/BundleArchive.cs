using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Steward.Packaging.HandOver;

/// <summary>
/// A bundle's file as it lies there. It is read as something that anybody may have made: only the one form that
/// <see cref="BundleZip"/> writes is taken, so nothing unpacks to more than its size, leads out of its folder, is there twice, or
/// hides between two files. Nothing of it is ever written to a disk here.
/// </summary>
internal sealed class BundleArchive : IDisposable
{
    private const int MostDirectory = 64 << 20;
    private readonly FileStream _file;
    private readonly Dictionary<string, (long At, long Size, uint Crc)> _places = new(StringComparer.Ordinal);

    private BundleArchive(FileStream file) => _file = file;

    /// <summary>The files in their order.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>What is not of the form; empty when every byte outside of the files' own is.</summary>
    public List<string> Complaints { get; } = [];

    public static BundleArchive Open(string path)
    {
        if (!File.Exists(path))
            throw ProblemException.NotFound("file", path, "Write one: steward model bundle NAME@VERSION --to FILE.zip");
        var archive = new BundleArchive(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        archive.ReadDirectory();
        return archive;
    }

    public long SizeOf(string path) => _places[path].Size;

    /// <summary>Reads all of a file; a complaint when its bytes are not those of its check sum.</summary>
    public async Task<BundleEntry> Measure(string path, CancellationToken stop)
    {
        var (at, size, crc) = _places[path];
        var measured = await BundleMeasure.Of(path, _ => Task.FromResult<Stream>(new Part(_file.Name, at, size)), stop);
        if (measured.Crc != crc)
            Complaints.Add($"'{path}' was changed: its bytes are not those of its check sum.");
        return measured;
    }

    public byte[] Read(string path, long most)
    {
        var (at, size, _) = _places[path];
        if (size > most)
            throw new ProblemException(ProblemKind.TooLarge, "too_large", $"'{path}' has {Say.Bytes(size)}; at most {Say.Bytes(most)} are read of it.");
        return Bytes(at, (int)size);
    }

    public void Dispose() => _file.Dispose();

    private void ReadDirectory()
    {
        var length = _file.Length;
        if (length is < BundleZip.EndSize or > uint.MaxValue)
        {
            Complaints.Add("The file is cut off, or it is no bundle.");
            return;
        }

        var end = Bytes(length - BundleZip.EndSize, BundleZip.EndSize);
        var (count, size, at) = (BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(8)), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12)), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16)));
        if (!end.AsSpan().SequenceEqual(BundleZip.End(count, size, at)) || (long)at + size + BundleZip.EndSize != length || size > MostDirectory)
        {
            Complaints.Add("The end of the file (the last 22 bytes, which say where its directory is) is not as Steward writes it: the file was changed, cut off, or packed by another program.");
            return;
        }

        ReadEntries(Bytes(at, (int)size), count, at);
    }

    private void ReadEntries(byte[] directory, int count, long filesEnd)
    {
        var (place, at) = (0, 0L);
        for (var number = 1; number <= count; number++)
        {
            if (Next(directory, place) is not { } entry)
            {
                Complaints.Add($"The directory of the file cannot be read at its entry {number}{(Paths.Count == 0 ? "" : $", after '{Paths[^1]}'")}: it was changed.");
                return;
            }

            if (!BundleZip.IsPlain(entry.Path))
                Complaints.Add($"Entry {number} of the directory has the name '{Names.Shorten(entry.Path)}', which a bundle does not hold: it could lead out of its folder.");
            if (!BundleZip.Entry(entry, at).AsSpan().SequenceEqual(directory.AsSpan(place, BundleZip.EntrySize + entry.Name.Length)))
                Complaints.Add($"The directory says of '{Names.Shorten(entry.Path)}' what Steward does not write: it was changed, or packed by another program.");
            var header = BundleZip.Header(entry);
            var body = at + header.Length;
            if (body + entry.Size > filesEnd)
            {
                Complaints.Add($"'{Names.Shorten(entry.Path)}' would reach past the end of the files: the directory was changed.");
                return;
            }

            if (!Bytes(at, header.Length).AsSpan().SequenceEqual(header))
                Complaints.Add($"The header before '{Names.Shorten(entry.Path)}' is not what the directory says of it: one of the two was changed.");
            if (!_places.TryAdd(entry.Path, (body, entry.Size, entry.Crc)))
                Complaints.Add($"'{Names.Shorten(entry.Path)}' is there twice.");
            else
                Paths.Add(entry.Path);
            place += BundleZip.EntrySize + entry.Name.Length;
            at = body + entry.Size;
        }

        if (place != directory.Length || at != filesEnd)
            Complaints.Add("There are bytes between the files that belong to none of them.");
    }

    private static BundleEntry? Next(byte[] directory, int place)
    {
        if (directory.Length - place < BundleZip.EntrySize)
            return null;
        var said = directory.AsSpan(place);
        var name = BinaryPrimitives.ReadUInt16LittleEndian(said[28..]);
        if (said.Length < BundleZip.EntrySize + name)
            return null;
        return new(Encoding.UTF8.GetString(said.Slice(BundleZip.EntrySize, name)), BinaryPrimitives.ReadUInt32LittleEndian(said[24..]), BinaryPrimitives.ReadUInt32LittleEndian(said[16..]), default, _ => throw new NotSupportedException())
        {
            Name = said.Slice(BundleZip.EntrySize, name).ToArray(),
        };
    }

    private byte[] Bytes(long at, int count)
    {
        var bytes = new byte[count];
        _file.Position = at;
        _file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The bytes of one file, through a handle of its own.</summary>
    private sealed class Part : Stream
    {
        private readonly FileStream _whole;
        private long _left;

        public Part(string path, long at, long size)
        {
            _whole = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) { Position = at };
            _left = size;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = _whole.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _whole.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>Size, CRC and SHA-256 in one pass.</summary>
internal static class BundleMeasure
{
    public static async Task<BundleEntry> Of(string path, Func<CancellationToken, Task<Stream>> open, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (sum, size, buffer) = (Crc32.Begin, 0L, new byte[1 << 16]);
        await using var bytes = await open(stop);
        while (await bytes.ReadAsync(buffer, stop) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            sum = Crc32.Add(sum, buffer.AsSpan(0, read));
            size += read;
        }

        return new(path, size, Crc32.End(sum), Digest.FromHash(hash.GetHashAndReset()), open);
    }
}
