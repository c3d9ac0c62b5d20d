using SkiaSharp;
using Steward.Host.Templates.Fruit;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary>Folders as people have them: three kinds in three formats, and what else lies around.</summary>
internal static class OwnFolder
{
    public static IReadOnlyList<string> Kinds { get; } = ["apple", "банан", "🍒 cherries"];

    private static readonly string[] Drawn = ["apple", "banana", "cherries"];

    /// <summary>So many of each kind, taking turns as PNG, JPEG and WebP.</summary>
    public static string New(int each = 40, string below = "")
    {
        var folder = Path.Combine(TestFolder.New(), "Мои фрукты");
        foreach (var (kind, drawn) in Kinds.Zip(Drawn))
            for (var i = 0; i < each; i++)
                Write(folder, Path.Combine(below, kind, $"{i:000}.{(i % 3) switch { 0 => "png", 1 => "jpg", _ => "webp" }}"), Bytes(drawn, i));
        return folder;
    }

    /// <summary>Beside good pictures: a page named like one, a hidden file, a link, a wrong ending, the same picture once more.</summary>
    public static string Untidy()
    {
        var folder = New();
        Write(folder, "apple/saved-page.jpg", "<!doctype html><title>Not found</title>"u8.ToArray());
        Write(folder, "apple/.DS_Store", [0, 0, 0, 1]);
        Write(folder, "apple/Thumbs.db", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[60]]);
        File.CreateSymbolicLink(Path.Combine(folder, "pears"), "/usr");
        File.Move(Path.Combine(folder, "apple", "003.png"), Path.Combine(folder, "apple", "003.jpg"));
        File.Copy(Path.Combine(folder, "apple", "006.png"), Path.Combine(folder, "apple", "006 (1).png"));
        return folder;
    }

    public static void Write(string folder, string file, byte[] bytes)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static byte[] Bytes(string drawn, int i)
    {
        var png = FruitPictures.Make(7, drawn, FruitPictures.KnownStyles[i % 2], i).Png;
        if (i % 3 == 0)
            return png;
        using var bitmap = SKBitmap.Decode(png);
        using var data = bitmap.Encode(i % 3 == 1 ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Webp, 90);
        return data.ToArray();
    }
}
