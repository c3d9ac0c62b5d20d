using System.Text;

namespace Steward.Data.Files;

/// <summary>Files in another encoding, or with line ends of old, written again as UTF-8 with line feeds: line numbers stay.</summary>
internal static class Spool
{
    private const int Look = 1 << 16;

    /// <summary>The encoding of a file, by its byte order mark, else UTF-8 when all of its beginning is, else the usual one of Windows.</summary>
    public static string EncodingOf(string path)
    {
        var start = Start(path);
        if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return "utf-16";
        // UTF-16 without its mark: every second byte of plain text is zero.
        if (start.Length > 3 && (start[1] == 0) != (start[0] == 0) && start.AsSpan().Count((byte)0) > start.Length / 3)
            return "utf-16";
        var cut = start.Length == Look ? 4 : 0;
        // A few bad bytes are bad rows; a file that is not UTF-8 has them wherever a letter is not ASCII.
        var text = Encoding.UTF8.GetString(start.AsSpan(0, start.Length - cut));
        var (broken, whole) = (text.Count(c => c == '\uFFFD'), text.Count(c => c > 127 && c != '\uFFFD'));
        return broken > 0 && whole == 0 ? "windows-1252" : "utf-8";
    }

    /// <summary>A path to read as UTF-8: the file itself when it is so already.</summary>
    public static string Utf8(string path, string encoding, string folder, CancellationToken stop)
    {
        var start = Start(path);
        var oldEnds = !start.Contains((byte)'\n') && start.Contains((byte)'\r');
        if (encoding == "utf-8" && !oldEnds)
            return path;
        var spool = Path.Combine(folder, $"{Names.NewId()}.txt");
        using var reader = new StreamReader(path, Of(encoding, start), detectEncodingFromByteOrderMarks: encoding == "utf-8", 1 << 16);
        using var writer = new StreamWriter(spool, append: false, new UTF8Encoding(false), 1 << 16);
        var buffer = new char[1 << 16];
        while (reader.Read(buffer) is var read and > 0)
        {
            stop.ThrowIfCancellationRequested();
            if (oldEnds)
                buffer.AsSpan(0, read).Replace('\r', '\n');
            writer.Write(buffer.AsSpan(0, read).TrimStart('\uFEFF'));
        }

        return spool;
    }

    private static Encoding Of(string encoding, byte[] start) => encoding switch
    {
        "utf-8" => new UTF8Encoding(false),
        "utf-16" => new UnicodeEncoding(start is [0xFE, 0xFF, ..] || (start is [0, _, ..] and not [0xFF, ..]), byteOrderMark: true),
        "latin-1" => Encoding.Latin1,
        "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        _ => throw ProblemException.Invalid("schema_invalid", $"The encoding '{Names.Shorten(encoding)}' is not read here.", "Write utf-8, utf-16, latin-1 or windows-1252."),
    };

    private static byte[] Start(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[Math.Min(Look, file.Length)];
        file.ReadExactly(start);
        return start;
    }
}
