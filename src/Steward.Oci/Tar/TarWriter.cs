using System.Text;

namespace Steward.Oci;

/// <summary>
/// Writes ustar archives (POSIX.1-1988): numeric owners, no names of people, and a pax header only for a path, link or size
/// that ustar cannot hold. The same entries are the same bytes.
/// </summary>
public sealed class TarWriter(Stream target)
{
    private const int Block = 512;
    private const long MostOctal = (1L << 33) - 1;
    private readonly byte[] _header = new byte[Block];

    public async Task Add(TarEntry entry, Stream? content, CancellationToken stop)
    {
        await Header(entry, stop);
        if (entry.Size == 0)
            return;
        var left = entry.Size;
        var buffer = new byte[1 << 17];
        while (left > 0)
        {
            var read = await content!.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), stop);
            if (read == 0)
                throw new EndOfStreamException($"'{entry.Path}' became shorter while it was read.");
            await target.WriteAsync(buffer.AsMemory(0, read), stop);
            left -= read;
        }

        await Pad(entry.Size, stop);
    }

    /// <summary>Two empty blocks end an archive.</summary>
    public async Task Finish(CancellationToken stop) => await target.WriteAsync(new byte[2 * Block], stop);

    private async Task Header(TarEntry entry, CancellationToken stop)
    {
        var path = Encoding.UTF8.GetBytes(entry.Kind is TarKind.Folder ? entry.Path + "/" : entry.Path);
        var link = Encoding.UTF8.GetBytes(entry.Link ?? "");
        var split = Split(path);
        var records = new StringBuilder();
        if (split < 0)
            Record(records, "path", Encoding.UTF8.GetString(path));
        if (link.Length > 100)
            Record(records, "linkpath", entry.Link!);
        if (entry.Size > MostOctal)
            Record(records, "size", entry.Size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (records.Length > 0)
        {
            var body = Encoding.UTF8.GetBytes(records.ToString());
            // GNU tar writes its process id here; a fixed name makes the same archive twice.
            Fill('x', "pax"u8, "", [], new(TarKind.File, "pax", 0b110_100_100, body.Length));
            await target.WriteAsync(_header, stop);
            await target.WriteAsync(body, stop);
            await Pad(body.Length, stop);
        }

        var name = split < 0 ? path.AsSpan(0, 100) : path.AsSpan(split == 0 ? 0 : split + 1);
        Fill(Letter(entry.Kind), name, split > 0 ? Encoding.UTF8.GetString(path.AsSpan(0, split)) : "", link.AsSpan(0, Math.Min(100, link.Length)), entry);
        await target.WriteAsync(_header, stop);
    }

    /// <summary>Where the path is cut into prefix and name: 0 for not at all, below 0 when it cannot be.</summary>
    private static int Split(ReadOnlySpan<byte> path)
    {
        if (path.Length <= 100)
            return 0;
        for (var at = Math.Min(155, path.Length - 2); at > 0 && path.Length - at - 1 <= 100; at--)
            if (path[at] == '/')
                return at;
        return -1;
    }

    /// <summary><c>length key=value</c>, where the length counts itself.</summary>
    private static void Record(StringBuilder records, string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + 1;
        while (length != rest + Digits(length))
            length = rest + Digits(length);
        records.Append(System.Globalization.CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
    }

    private static int Digits(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;

    private void Fill(char kind, ReadOnlySpan<byte> name, string prefix, ReadOnlySpan<byte> link, TarEntry entry)
    {
        _header.AsSpan().Clear();
        name.CopyTo(_header);
        Octal(100, 8, entry.Mode);
        Octal(108, 8, entry.Uid);
        Octal(116, 8, entry.Gid);
        Octal(124, 12, entry.Size > MostOctal ? 0 : entry.Size);
        Octal(136, 12, entry.ModifiedAt);
        _header.AsSpan(148, 8).Fill((byte)' ');
        _header[156] = (byte)kind;
        link.CopyTo(_header.AsSpan(157));
        "ustar\0"u8.CopyTo(_header.AsSpan(257));
        "00"u8.CopyTo(_header.AsSpan(263));
        Octal(329, 8, entry.Major);
        Octal(337, 8, entry.Minor);
        Encoding.UTF8.GetBytes(prefix).CopyTo(_header.AsSpan(345));
        var sum = 0;
        foreach (var one in _header)
            sum += one;
        Octal(148, 7, sum);
    }

    private void Octal(int at, int length, long value)
    {
        for (var i = at + length - 2; i >= at; i--, value >>= 3)
            _header[i] = (byte)('0' + (value & 7));
        if (value != 0)
            throw new ArgumentOutOfRangeException(nameof(value), "An owner, time or device number does not fit into an archive.");
        _header[at + length - 1] = 0;
    }

    private async Task Pad(long size, CancellationToken stop)
    {
        if (size % Block is var over and > 0)
            await target.WriteAsync(new byte[Block - over], stop);
    }

    private static char Letter(TarKind kind) => kind switch
    {
        TarKind.File => '0',
        TarKind.HardLink => '1',
        TarKind.SymbolicLink => '2',
        TarKind.CharacterDevice => '3',
        TarKind.BlockDevice => '4',
        TarKind.Folder => '5',
        _ => '6',
    };
}
