using System.Text;

namespace Steward.Data.Connections;

/// <summary>
/// Names of files as connections know them: parts with '/' between, the same on every kind. What could lead out of a
/// folder, or cannot be kept everywhere, is no name.
/// </summary>
public static class FileNames
{
    private const int MostBytes = 1024, MostBytesOfPart = 255;

    /// <summary>Where a folder keeps what is not whole yet; never listed.</summary>
    internal const string Workshop = ".steward";

    public static string Check(string name) => Complaint(name) is { } why
        ? throw ProblemException.Invalid("file_name_invalid", $"'{Names.Shorten(name)}' cannot be the name of a file: {why}", "Use parts of letters, digits, dashes and dots with '/' between, such as 2026/11/orders.csv.")
        : name;

    /// <summary>Why not; null when it can.</summary>
    public static string? Complaint(string name)
    {
        if (name.Length == 0)
            return "it is empty.";
        if (!WellFormed(name) || name.Any(char.IsControl))
            return "it holds characters that cannot be kept.";
        if (Encoding.UTF8.GetByteCount(name) > MostBytes)
            return $"it has more than {MostBytes} bytes.";
        if (name.Contains('\\', StringComparison.Ordinal))
            return "it holds a backslash.";
        var parts = name.Split('/');
        if (parts.Any(part => part is "" or "." or ".."))
            return "a part of it is empty, '.' or '..'.";
        if (parts.Any(part => Encoding.UTF8.GetByteCount(part) > MostBytesOfPart))
            return $"a part of it has more than {MostBytesOfPart} bytes.";
        return parts[0] == Workshop ? $"'{Workshop}' is ours." : null;
    }

    /// <summary>The order of lists on every kind: by the bytes of UTF-8. UTF-16 differs where surrogates are.</summary>
    public static int Compare(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (a[i] != b[i])
                return Weight(a[i]).CompareTo(Weight(b[i]));
        return a.Length.CompareTo(b.Length);

        static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    private static bool WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                return false;
        return true;
    }
}
