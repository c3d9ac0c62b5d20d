using System.Security.Cryptography;
using System.Text;
using SkiaSharp;
using Steward.Drawing;

namespace Steward.Host.Templates.Fruit;

/// <summary>A fruit somewhere in a cluttered little picture: 64 x 64 PNG bytes and what it shows.</summary>
public sealed record FruitPicture(byte[] Png, string Label, string Style);

/// <summary>Composes pictures from drawings: one fruit at a random place, size, turn and light before a random background,
/// with blur and noise. A picture depends on nothing but seed, kind, style and index, so any part of a set can be made anywhere.</summary>
public static class FruitPictures
{
    /// <summary>Pixels along each edge.</summary>
    public const int Side = 64;

    // Drawings are halved to 96 px once: a fruit covers about 40 pixels, so finer ones would only flicker.
    private const int Sprite = 96;

    /// <summary>What the model is to tell apart.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["apple", "banana", "cherries", "grapes", "kiwi", "lemon", "orange", "strawberry"];

    /// <summary>The drawing styles of the world as it is known at first.</summary>
    public static IReadOnlyList<string> KnownStyles { get; } = ["noto", "fluent"];

    /// <summary>The drawing style that comes later.</summary>
    public const string NewStyle = "twemoji";

    private static readonly Lazy<Dictionary<(string Style, string Kind), float[]>> Sprites = new(() =>
        KnownStyles.Append(NewStyle).SelectMany(style => Kinds.Select(kind => (style, kind))).ToDictionary(one => one, one => Load(one.style, one.kind)));

    /// <summary>The picture number <paramref name="index"/> of a kind in a style.</summary>
    public static FruitPicture Make(int seed, string kind, string style, int index)
        => new(Picture.FromRgb(Side, Side, Pixels(seed, kind, style, index)).EncodePng(), kind, style);

    /// <summary>As many pictures as asked for, kinds and styles taking turns, starting at a place in the endless sequence.</summary>
    public static IReadOnlyList<FruitPicture> Many(int seed, IReadOnlyList<string> styles, int start, int count)
    {
        var all = new FruitPicture[count];
        Parallel.For(0, count, i => all[i] = At(seed, styles, start + i));
        return all;
    }

    private static FruitPicture At(int seed, IReadOnlyList<string> styles, int at)
        => Make(seed, Kinds[at % Kinds.Count], styles[at / Kinds.Count % styles.Count], at / Kinds.Count / styles.Count);

    private static byte[] Pixels(int seed, string kind, string style, int index)
    {
        var chance = new Random(Seed($"{seed}/{kind}/{style}/{index}"));
        var canvas = FruitBackground.Paint(chance, Side);
        Place(canvas, Sprites.Value[(style, kind)], chance);
        return Photograph(canvas, chance);
    }

    /// <summary>A hash that is the same in every process and on every machine.</summary>
    private static int Seed(string name) => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))) & int.MaxValue;

    /// <summary>Lays the drawing over the canvas, turned by up to 45 degrees and 26 to 48 pixels wide.</summary>
    private static void Place(float[] canvas, float[] sprite, Random chance)
    {
        var scale = Sprite / (26 + (22 * chance.NextDouble()));
        var turn = (chance.NextDouble() - 0.5) * 90 * Math.PI / 180;
        var mirror = chance.Next(2) == 0 ? -1 : 1;
        var (centreX, centreY) = (Side * (0.36 + (0.28 * chance.NextDouble())), Side * (0.36 + (0.28 * chance.NextDouble())));
        var light = 0.7 + (0.5 * chance.NextDouble());
        float[] tint = [.. Enumerable.Range(0, 3).Select(_ => (float)(light * (0.85 + (0.3 * chance.NextDouble()))))];
        var (cos, sin) = (Math.Cos(turn) * scale, Math.Sin(turn) * scale);
        Span<float> colour = stackalloc float[4];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                colour.Clear();
                // Four samples a pixel keep edges smooth.
                for (var part = 0; part < 4; part++)
                {
                    var (dx, dy) = (x + 0.25 + (part % 2 * 0.5) - centreX, y + 0.25 + (part / 2 * 0.5) - centreY);
                    Sample(sprite, (mirror * ((dx * cos) + (dy * sin))) + (Sprite / 2), (dy * cos) - (dx * sin) + (Sprite / 2), colour);
                }
                var at = ((y * Side) + x) * 3;
                for (var c = 0; c < 3; c++)
                    canvas[at + c] = (canvas[at + c] * (1 - (colour[3] / 4))) + (colour[c] / 4 * tint[c]);
            }
    }

    /// <summary>Adds the bilinear value at a place of the sprite: premultiplied colours of 0 to 255, alpha of 0 to 1.</summary>
    private static void Sample(float[] sprite, double x, double y, Span<float> sum)
    {
        var (left, top) = ((int)Math.Floor(x - 0.5), (int)Math.Floor(y - 0.5));
        var (right, low) = ((float)(x - 0.5 - left), (float)(y - 0.5 - top));
        for (var corner = 0; corner < 4; corner++)
        {
            var (px, py) = (left + (corner % 2), top + (corner / 2));
            if (px is < 0 or >= Sprite || py is < 0 or >= Sprite)
                continue;
            var weight = (corner % 2 == 0 ? 1 - right : right) * (corner / 2 == 0 ? 1 - low : low);
            for (var c = 0; c < 4; c++)
                sum[c] += weight * sprite[(((py * Sprite) + px) * 4) + c];
        }
    }

    /// <summary>What a cheap camera adds: uneven exposure, blur, noise.</summary>
    private static byte[] Photograph(float[] canvas, Random chance)
    {
        var gain = 0.7 + (0.5 * chance.NextDouble());
        var lift = (chance.NextDouble() - 0.5) * 30;
        var blur = (float)(chance.NextDouble() * 0.25);
        var noise = 3 + (13 * chance.NextDouble());
        var soft = Blur(Blur(canvas, 3, blur), Side * 3, blur);
        var rgb = new byte[canvas.Length];
        for (var i = 0; i < rgb.Length; i++)
        {
            // Three uniform numbers are near enough to a bell curve and need no logarithm.
            var grain = (chance.NextDouble() + chance.NextDouble() + chance.NextDouble() - 1.5) * 2 * noise;
            rgb[i] = (byte)Math.Clamp((soft[i] * gain) + lift + grain, 0, 255);
        }
        return rgb;
    }

    private static float[] Blur(float[] from, int step, float share)
    {
        var to = (float[])from.Clone();
        for (var i = step; i < from.Length - step; i++)
            to[i] = ((1 - (2 * share)) * from[i]) + (share * (from[i - step] + from[i + step]));
        return to;
    }

    private static float[] Load(string style, string kind)
    {
        using var file = typeof(FruitPictures).Assembly.GetManifestResourceStream($"fruit/{style}/{kind}.png")
            ?? throw new InvalidOperationException($"The drawing fruit/{style}/{kind}.png is not part of this program.");
        using var bitmap = SKBitmap.Decode(file);
        var sprite = new float[Sprite * Sprite * 4];
        var half = bitmap.Width / Sprite;
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
            {
                var pixel = bitmap.GetPixel(x, y);
                var at = (((y / half) * Sprite) + (x / half)) * 4;
                var alpha = pixel.Alpha / 255f / (half * half);
                (sprite[at], sprite[at + 1], sprite[at + 2]) = (sprite[at] + (pixel.Red * alpha), sprite[at + 1] + (pixel.Green * alpha), sprite[at + 2] + (pixel.Blue * alpha));
                sprite[at + 3] += alpha;
            }
        return sprite;
    }
}
