using SkiaSharp;

namespace Steward.Drawing.Tests;

/// <summary>Twins are found, and pictures of the same kind are not taken for twins. What it does on drawn fruit and on 10,000 real greys is a promise of the data sets.</summary>
public class PictureHashTests
{
    private static readonly Picture Scene = Hills(7, 96, 64);

    public static TheoryData<string> Changes => ["jpeg", "webp", "smaller", "larger", "darker", "brighter"];

    [Theory, MemberData(nameof(Changes))]
    public void A_picture_stays_itself_when_it_is(string change)
        => Assert.All(Enumerable.Range(1, 40), seed => Assert.True(PictureHash.Alike(PictureHash.Of(Hills(seed, 96, 64)), PictureHash.Of(Changed(change, Hills(seed, 96, 64)))), $"scene {seed}"));

    [Fact]
    public void Other_pictures_are_not_alike()
    {
        var scenes = Enumerable.Range(1, 200).Select(seed => PictureHash.Of(Hills(seed, 96, 64))).ToList();
        Assert.DoesNotContain(scenes.SelectMany((one, i) => scenes.Skip(i + 1).Select(other => (one, other))), pair => PictureHash.Alike(pair.one, pair.other));
    }

    [Fact]
    public void The_same_form_in_another_colour_is_another_picture()
    {
        var (red, green) = (Made.Quarters(), Made.Quarters());
        for (var i = 0; i < green.Rgb.Length; i += 3)
            (green.Rgb[i], green.Rgb[i + 1]) = (green.Rgb[i + 1], green.Rgb[i]);
        Assert.False(PictureHash.Alike(PictureHash.Of(red), PictureHash.Of(green)));
    }

    [Fact]
    public void Blank_pictures_have_no_look_to_compare()
    {
        var blank = PictureHash.Of(Picture.FromRgb(20, 20, [.. Enumerable.Repeat((byte)200, 1200)]));
        Assert.False(PictureHash.Alike(blank, blank));
    }

    [Fact]
    public void Every_size_has_a_hash_and_equal_pixels_have_the_same()
    {
        Assert.All(((int, int)[])[(1, 1), (1, 500), (500, 1), (9, 8), (28, 28)], size => Assert.Equal(288, PictureHash.Of(Made.Noise(1, size.Item1, size.Item2)).Small.Length));
        Assert.Equal(PictureHash.Of(Scene).Bits, PictureHash.Of(Picture.Decode(Scene.EncodePng(), 1_000_000)).Bits);
        Assert.Equal(64, PictureHash.Distance(0, -1));
    }

    private static Picture Changed(string change, Picture picture) => change switch
    {
        "jpeg" => Encoded(picture, SKEncodedImageFormat.Jpeg),
        "webp" => Encoded(picture, SKEncodedImageFormat.Webp),
        "smaller" => picture.Resize(picture.Width * 2 / 3, picture.Height * 2 / 3),
        "larger" => picture.Resize(picture.Width * 2, picture.Height * 2),
        "darker" => Lit(picture, 0.8),
        _ => Lit(picture, 1.1),
    };

    private static Picture Encoded(Picture picture, SKEncodedImageFormat format)
    {
        using var bitmap = SKBitmap.Decode(picture.EncodePng());
        using var data = bitmap.Encode(format, 80);
        return Picture.Decode(data.ToArray(), 1_000_000);
    }

    private static Picture Lit(Picture picture, double gain) => Picture.FromRgb(picture.Width, picture.Height, [.. picture.Rgb.Select(value => (byte)Math.Min(255, value * gain))]);

    /// <summary>Smooth colours as of a landscape, none of them at the end of the scale.</summary>
    private static Picture Hills(int seed, int width, int height)
    {
        var chance = new Random(seed);
        var waves = Enumerable.Range(0, 9).Select(_ => (X: (chance.NextDouble() - 0.5) * 0.3, Y: (chance.NextDouble() - 0.5) * 0.3, At: chance.NextDouble() * 6, Channel: chance.Next(3))).ToList();
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            rgb[i] = (byte)Math.Clamp(118 + waves.Sum(wave => Math.Sin((wave.X * x) + (wave.Y * y) + wave.At) * (wave.Channel == i % 3 ? 30 : 12)), 20, 225);
        }

        return Picture.FromRgb(width, height, rgb);
    }
}
