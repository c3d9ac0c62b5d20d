using System.Buffers.Binary;
using System.Text;

namespace Steward.Packaging.HandOver;

/// <summary>One file of a bundle, measured: how large it is, and its bytes' CRC and SHA-256.</summary>
internal sealed record BundleEntry(string Path, long Size, uint Crc, Digest Sha256, Func<CancellationToken, Task<Stream>> Open)
{
    public byte[] Name { get; init; } = Encoding.UTF8.GetBytes(Path);
}

/// <summary>
/// A ZIP file in one form only: files one after the other, not compressed, of 1980, with nothing between or around them. Every
/// tool opens it; the same content is the same bytes; and a reader that knows the form sees every byte that is not of it.
/// </summary>
internal static class BundleZip
{
    public const int EndSize = 22, EntrySize = 46, HeaderSize = 30;
    private const uint HeaderMark = 0x04034b50, EntryMark = 0x02014b50, EndMark = 0x06054b50;
    private const ushort Version = 20, Utf8 = 0x0800, FirstDay = 0x0021, MadeByUnix = 0x0314;

    /// <summary>A plain file, 0644.</summary>
    private const uint Attributes = 0x81A4_0000;

    public static async Task Write(Stream target, IReadOnlyList<BundleEntry> entries, CancellationToken stop)
    {
        Demand(entries);
        long at = 0;
        using var directory = new MemoryStream();
        foreach (var entry in entries)
        {
            directory.Write(Entry(entry, at));
            await target.WriteAsync(Header(entry), stop);
            await using (var bytes = await entry.Open(stop))
                await bytes.CopyToAsync(target, stop);
            at += HeaderSize + entry.Name.Length + entry.Size;
        }

        await target.WriteAsync(directory.GetBuffer().AsMemory(0, (int)directory.Length), stop);
        await target.WriteAsync(End(entries.Count, directory.Length, at), stop);
    }

    /// <summary>What stands before a file's bytes.</summary>
    public static byte[] Header(BundleEntry entry)
    {
        var bytes = new byte[HeaderSize + entry.Name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, HeaderMark);
        Common(bytes.AsSpan(4), entry);
        entry.Name.CopyTo(bytes, HeaderSize);
        return bytes;
    }

    /// <summary>What the directory at the end says of it.</summary>
    public static byte[] Entry(BundleEntry entry, long at)
    {
        var bytes = new byte[EntrySize + entry.Name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, EntryMark);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), MadeByUnix);
        Common(bytes.AsSpan(6), entry);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(38), Attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(42), (uint)at);
        entry.Name.CopyTo(bytes, EntrySize);
        return bytes;
    }

    public static byte[] End(int count, long directory, long at)
    {
        var bytes = new byte[EndSize];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, EndMark);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)directory);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), (uint)at);
        return bytes;
    }

    /// <summary>Whether a path can be unpacked anywhere: relative, with <c>/</c>, of plain signs, never upward.</summary>
    public static bool IsPlain(string path) => path.Length is > 0 and <= 512 && !path.EndsWith('/') && path.Split('/').All(part => part.Length > 0 && part.Trim('.').Length > 0)
        && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '@' or '+');

    private static void Common(Span<byte> bytes, BundleEntry entry)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Utf8);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[10..], entry.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[14..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[18..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], (ushort)entry.Name.Length);
    }

    private static void Demand(IReadOnlyList<BundleEntry> entries)
    {
        if (entries.FirstOrDefault(entry => !IsPlain(entry.Path)) is { } odd)
            throw ProblemException.Invalid("bundle_path_invalid", $"'{Names.Shorten(odd.Path)}' cannot be the name of a file in a bundle.", "Use letters, digits and . - _ in its name.");
        if (entries.GroupBy(entry => entry.Path, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProblemException.Invalid("bundle_path_invalid", $"'{twice.Key}' would be in the bundle twice.");
        if (entries.Count > ushort.MaxValue || entries.Sum(entry => entry.Size + HeaderSize + EntrySize + 2L * entry.Name.Length) + EndSize > uint.MaxValue)
            throw new ProblemException(ProblemKind.TooLarge, "bundle_too_large", "The bundle would be larger than 4 GB, which such a file cannot hold.", "Leave out the image (--with-image), and hand it over by: steward image push");
    }
}

/// <summary>The cyclic redundancy check that ZIP files carry (ISO 3309, reflected, polynomial 0xEDB88320).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (left, _) => (left & 1) == 0 ? left >> 1 : 0xEDB8_8320 ^ (left >> 1)))];

    public const uint Begin = uint.MaxValue;

    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            sum = Table[(byte)(sum ^ one)] ^ (sum >> 8);
        return sum;
    }

    public static uint End(uint sum) => ~sum;
}
