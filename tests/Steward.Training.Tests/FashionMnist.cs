using System.Buffers.Binary;
using System.IO.Compression;
using Steward.Drawing;

namespace Steward.Training.Tests;

/// <summary>70,000 real pictures of clothes, 28 x 28 and grey (Xiao, Rasul and Vollgraf, 2017; MIT licence), from Debian's package.</summary>
internal static class FashionMnist
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    internal static IReadOnlyList<string> Kinds { get; } = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    /// <summary>The official 60,000 to learn from.</summary>
    internal static (byte[] Png, int Label)[] Train() => Read("train");

    /// <summary>The official 10,000 to judge by.</summary>
    internal static (byte[] Png, int Label)[] Test() => Read("t10k");

    /// <summary>A picture file as the trainer takes it.</summary>
    internal static TrainPicture Learned((byte[] Png, int Label) one, int side) => new(Picture.Decode(one.Png, 10_000).Resize(side, side).Rgb, one.Label);

    private static (byte[] Png, int Label)[] Read(string part)
    {
        var (images, labels) = (Unpacked($"{part}-images-idx3-ubyte.gz"), Unpacked($"{part}-labels-idx1-ubyte.gz"));
        // idx: a magic number, then a big-endian size per dimension, then bytes.
        var (count, side) = (BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4)), BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(8)));
        var all = new (byte[], int)[count];
        Parallel.For(0, count, i =>
        {
            byte[] rgb = [.. images.AsSpan(16 + (i * side * side), side * side).ToArray().SelectMany(grey => new[] { grey, grey, grey })];
            all[i] = (Picture.FromRgb(side, side, rgb).EncodePng(), labels[8 + i]);
        });
        return all;
    }

    private static byte[] Unpacked(string name)
    {
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is not here. Install it: apt-get install dataset-fashion-mnist", path);
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
