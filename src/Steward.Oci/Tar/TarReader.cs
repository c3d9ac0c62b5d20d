using System.Globalization;
using System.Text;

namespace Steward.Oci;

/// <summary>What a foreign archive may hold before reading stops.</summary>
public sealed record TarLimits
{
    public int MostEntries { get; init; } = 500_000;

    /// <summary>Bytes of all files together, unpacked.</summary>
    public long MostBytes { get; init; } = 16L << 30;

    /// <summary>Folders below each other.</summary>
    public int MostDepth { get; init; } = 128;
}

/// <summary>
/// Reads ustar, pax and GNU archives that somebody else made. Paths come out clean: relative, without <c>..</c>, without an
/// empty part. What is malformed, dangerous or cut short is an <see cref="OciException"/>; nothing is skipped in silence.
/// </summary>
public sealed class TarReader(Stream source, TarLimits? limits = null)
{
    private const int Block = 512, MostHeader = 1 << 20;
    private readonly TarLimits _limits = limits ?? new();
    private readonly byte[] _header = new byte[Block];
    private readonly byte[] _skip = new byte[1 << 16];
    private long _left;
    private long _padding;
    private long _bytes;
    private int _entries;

    /// <summary>Where the content of the current entry begins.</summary>
    public long Position { get; private set; }

    /// <summary>The next entry, or null after the last. The content of the one before is passed over.</summary>
    public async Task<TarEntry?> Next(CancellationToken stop)
    {
        await Skip(_left + _padding, stop);
        (_left, _padding) = (0, 0);
        var pax = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            if (!await Fill(_header, canEnd: pax.Count == 0, stop))
                return null;
            if (_header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
                return null;
            if (++_entries > _limits.MostEntries)
                throw OciException.TooLarge($"The archive has more than {_limits.MostEntries:N0} entries.");
            CheckSum();
            var kind = (char)_header[156];
            var size = Number(124, 12, "size");
            switch (kind)
            {
                case 'x':
                    Pax(await Body(size, stop), pax);
                    continue;
                case 'g':
                    await Body(size, stop);
                    continue;
                case 'L':
                    pax["path"] = Text(await Body(size, stop));
                    continue;
                case 'K':
                    pax["linkpath"] = Text(await Body(size, stop));
                    continue;
                default:
                    return Entry(kind, size, pax);
            }
        }
    }

    /// <summary>The content of the current entry; a truncated archive throws.</summary>
    public async Task<int> Read(Memory<byte> into, CancellationToken stop)
    {
        if (_left == 0 || into.Length == 0)
            return 0;
        var read = await source.ReadAsync(into[..(int)Math.Min(into.Length, _left)], stop);
        if (read == 0)
            throw CutShort();
        _left -= read;
        Position += read;
        return read;
    }

    /// <summary>All of the current entry, when it is small.</summary>
    public async Task<byte[]> ReadAll(long most, string what, CancellationToken stop)
    {
        if (_left > most)
            throw OciException.TooLarge($"The {what} has {_left:N0} bytes; at most {most:N0} are read.");
        var bytes = new byte[_left];
        for (var at = 0; at < bytes.Length;)
            at += await Read(bytes.AsMemory(at), stop);
        return bytes;
    }

    private TarEntry Entry(char letter, long size, Dictionary<string, string> pax)
    {
        if (pax.Keys.FirstOrDefault(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)) is not null || letter == 'S')
            throw OciException.Invalid("The archive holds a sparse file, which images do not use.", "Make it again with tar --no-sparse, or without --sparse.");
        var kind = letter switch
        {
            '0' or '\0' or '7' => TarKind.File,
            '1' => TarKind.HardLink,
            '2' => TarKind.SymbolicLink,
            '3' => TarKind.CharacterDevice,
            '4' => TarKind.BlockDevice,
            '5' => TarKind.Folder,
            '6' => TarKind.Pipe,
            _ => throw OciException.Invalid($"The archive holds an entry of the unknown kind {(char.IsAsciiLetterOrDigit(letter) ? letter : '?')}."),
        };
        var raw = pax.GetValueOrDefault("path") ?? OldName();
        // Before there was a letter for folders, a slash at the end said so.
        if (letter is '\0' or '0' && raw.EndsWith('/'))
            kind = TarKind.Folder;
        if (pax.TryGetValue("size", out var long_))
            size = long.TryParse(long_, NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : throw OciException.Invalid($"The size of '{Shown.Short(raw)}' is no number.");
        var link = pax.GetValueOrDefault("linkpath") ?? Text(_header.AsSpan(157, 100));
        var path = Clean(raw, "entry");
        // Links and folders may say a size that means nothing.
        var content = kind is TarKind.File ? size : 0;
        if (kind is not (TarKind.File or TarKind.Folder or TarKind.HardLink) && size != 0)
            throw OciException.Invalid($"'{Shown.Short(path)}' is no file and yet says that it has content.");
        if ((_bytes += content) > _limits.MostBytes)
            throw OciException.TooLarge($"The archive unpacks to more than {_limits.MostBytes:N0} bytes.");
        (_left, _padding) = (content, (Block - (content % Block)) % Block);
        return new(kind, path, (int)Number(100, 8, "mode") & 0xFFF, content)
        {
            Uid = PaxNumber("uid") ?? Number(108, 8, "owner"),
            Gid = PaxNumber("gid") ?? Number(116, 8, "group"),
            ModifiedAt = Seconds() ?? Number(136, 12, "time"),
            Link = kind switch
            {
                TarKind.SymbolicLink when link.Length is > 0 and <= 4096 => link,
                TarKind.SymbolicLink => throw OciException.Invalid($"The link '{Shown.Short(path)}' leads nowhere."),
                TarKind.HardLink => Clean(link, "hard link"),
                _ => null,
            },
            Major = kind is TarKind.CharacterDevice or TarKind.BlockDevice ? (int)Number(329, 8, "device") : 0,
            Minor = kind is TarKind.CharacterDevice or TarKind.BlockDevice ? (int)Number(337, 8, "device") : 0,
        };

        long? PaxNumber(string key) => pax.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        long? Seconds() => pax.TryGetValue("mtime", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && double.IsFinite(time) && Math.Abs(time) < 1e12 ? (long)Math.Floor(time) : null;
    }

    /// <summary>Relative and plain; the root itself is the empty path.</summary>
    private string Clean(string path, string what)
    {
        if (path.Length is 0 or > 4096)
            throw OciException.Invalid($"The archive holds a {what} with {(path.Length == 0 ? "an empty" : "a very long")} path.");
        if (path[0] == '/')
            throw OciException.Invalid($"The archive holds a {what} with the absolute path '{Shown.Short(path)}'.", "Make it again with paths relative to the root: tar -C ROOT -c .");
        if (path.Contains('\0', StringComparison.Ordinal) || path.Contains('\uFFFD', StringComparison.Ordinal))
            throw OciException.Invalid($"The archive holds a {what} whose path is not UTF-8 text: '{Shown.Short(path)}'.");
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Contains(".."))
            throw OciException.Invalid($"The archive holds a {what} that leads out of the root: '{Shown.Short(path)}'.", "Do not use it: honest tools write no such paths.");
        if (parts.Count > _limits.MostDepth)
            throw OciException.TooLarge($"'{Shown.Short(path)}' lies more than {_limits.MostDepth} folders deep.");
        return string.Join('/', parts);
    }

    private string OldName()
    {
        var name = Text(_header.AsSpan(0, 100));
        var prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        return prefix.Length == 0 ? name : prefix + "/" + name;
    }

    private void CheckSum()
    {
        var said = Number(148, 8, "checksum");
        long sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? 0 : _header[i];
        if (sum != said)
            throw OciException.Invalid("This is no tar archive, or it is damaged: the checksum of a header is wrong.");
    }

    /// <summary>Octal text, or base 256 when the first bit is set (GNU, for what octal cannot hold).</summary>
    private long Number(int at, int length, string what)
    {
        var field = _header.AsSpan(at, length);
        long value = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field[0] != 0x80 || (length == 12 && field[1..4].IndexOfAnyExcept((byte)0) >= 0))
                throw Wrong();
            foreach (var one in field[1..])
                value = (value << 8) | one;
            return value < 0 ? throw Wrong() : value;
        }

        var text = Encoding.ASCII.GetString(field).Trim(' ', '\0');
        foreach (var digit in text)
            value = digit is >= '0' and <= '7' ? (value << 3) | (uint)(digit - '0') : throw Wrong();
        return value;

        OciException Wrong() => OciException.Invalid($"The archive is damaged: a {what} is no number.");
    }

    private static void Pax(byte[] body, Dictionary<string, string> into)
    {
        for (var at = 0; at < body.Length;)
        {
            var space = Array.IndexOf(body, (byte)' ', at);
            if (space < 0 || !int.TryParse(Encoding.ASCII.GetString(body, at, space - at), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length < space - at + 3 || at + length > body.Length || body[at + length - 1] != '\n')
                throw OciException.Invalid("The archive is damaged: an extended header cannot be read.");
            var record = Encoding.UTF8.GetString(body, space + 1, at + length - space - 2);
            var equal = record.IndexOf('=', StringComparison.Ordinal);
            if (equal <= 0)
                throw OciException.Invalid("The archive is damaged: an extended header names nothing.");
            into[record[..equal]] = record[(equal + 1)..];
            at += length;
        }
    }

    private static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);

    private async Task<byte[]> Body(long size, CancellationToken stop)
    {
        if (size > MostHeader)
            throw OciException.TooLarge($"An extended header of the archive has {size:N0} bytes.");
        var body = new byte[size];
        await Fill(body, canEnd: false, stop);
        await Skip((Block - (size % Block)) % Block, stop);
        return body;
    }

    private async Task<bool> Fill(Memory<byte> into, bool canEnd, CancellationToken stop)
    {
        for (var at = 0; at < into.Length;)
        {
            var read = await source.ReadAsync(into[at..], stop);
            if (read == 0)
                return at == 0 && canEnd ? false : throw CutShort();
            at += read;
            Position += read;
        }

        return true;
    }

    private async Task Skip(long count, CancellationToken stop)
    {
        while (count > 0)
        {
            var read = await source.ReadAsync(_skip.AsMemory(0, (int)Math.Min(_skip.Length, count)), stop);
            if (read == 0)
                throw CutShort();
            count -= read;
            Position += read;
        }
    }

    private static OciException CutShort() => OciException.Invalid("The archive ends in the middle: it was cut short.", "Copy or download it again.");
}
