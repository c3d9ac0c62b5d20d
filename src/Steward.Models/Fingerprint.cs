namespace Steward.Models;

/// <summary>A digest in five short words of a fixed list of 1,024: ten bits each, read from the front.</summary>
public static class Fingerprint
{
    private static readonly string[] List = Load();

    public static string Of(Digest digest)
    {
        var head = Convert.ToUInt64(digest.Hex[..16], 16);
        return string.Join('-', Enumerable.Range(0, 5).Select(i => List[(int)(head >> (54 - 10 * i) & 1023)]));
    }

    internal static IReadOnlyList<string> All => List;

    private static string[] Load()
    {
        using var file = typeof(Fingerprint).Assembly.GetManifestResourceStream("Steward.Models.words.txt")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
