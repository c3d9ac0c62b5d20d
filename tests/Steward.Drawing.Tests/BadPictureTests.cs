using CsCheck;
using SkiaSharp;

namespace Steward.Drawing.Tests;

public class BadPictureTests
{
    private const long Enough = 1_000_000;

    [Fact]
    public void No_bytes_are_no_picture() => Assert.Equal("picture_empty", Code([]));

    [Theory, InlineData("hello, I am a text"), InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>"), InlineData("%PDF-1.7"), InlineData("RIFF1234WAVEfmt ")]
    public void Other_formats_are_named_unknown(string text) => Assert.Equal("picture_unknown_format", Code(System.Text.Encoding.ASCII.GetBytes(text)));

    [Theory, InlineData("png"), InlineData("jpeg"), InlineData("webp"), InlineData("bmp"), InlineData("gif")]
    public void A_picture_cut_at_any_tenth_is_broken(string format)
    {
        var whole = Made.As(format, format == "gif" ? Made.Quarters() : Made.Noise(1, 48, 32));
        Assert.Equal(48, Picture.Decode(whole, Enough).Width);
        Assert.All(Enumerable.Range(1, 9), tenth => Assert.Contains(Code(whole[..(whole.Length * tenth / 10)]), (string[])["picture_broken", "picture_unknown_format"]));
        Assert.Equal("picture_broken", Code(whole[..(whole.Length / 2)]));
    }

    [Theory, InlineData(50_000, 50_000), InlineData(20_001, 1), InlineData(1, 20_001), InlineData(10_000, 5_001), InlineData(uint.MaxValue, 2)]
    public void A_header_that_claims_too_much_is_refused_before_memory_is_taken(uint width, uint height)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("picture_too_large", Code(Made.Png(width, height, 8, 2, [])));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_gif_and_a_jpeg_that_claim_too_much_are_refused_too()
    {
        Assert.Equal("picture_too_large", Code([.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x3B]));
        var jpeg = Made.Encoded(Made.Quarters(), SKEncodedImageFormat.Jpeg);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        foreach (var at in (int[])[5, 6, 7, 8])
            jpeg[frame + at] = 0xFD;
        Assert.Equal("picture_too_large", Code(jpeg));
    }

    [Fact]
    public void More_bytes_than_the_caller_takes_are_refused()
        => Assert.Equal("picture_too_large", Assert.Throws<PictureException>(() => Picture.Decode(Made.Quarters().EncodePng(), 40)).Code);

    [Fact]
    public void Nothing_but_a_picture_exception_escapes_random_bytes()
        => Gen.Select(Gen.Int[0, Magics.Length - 1], Gen.Byte.Array[0, 400]).Sample((magic, rest) => Survives([.. Magics[magic], .. rest]), iter: 3_000);

    [Fact]
    public void Nothing_but_a_picture_exception_escapes_damaged_pictures()
        => Gen.Select(Gen.Int[0, Formats.Length - 1], Gen.Int[0, int.MaxValue].Array[1, 8], Gen.Byte).Sample((format, places, value) =>
        {
            var bytes = (byte[])Whole[Formats[format]].Clone();
            foreach (var place in places)
                bytes[place % bytes.Length] ^= (byte)(value | 1);
            Survives(bytes);
        }, iter: 3_000);

    private static readonly byte[][] Magics =
    [
        [], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0xE1], [.. "GIF89a"u8], [.. "GIF87a"u8],
        [.. "BM"u8], [.. "RIFF"u8, 64, 0, 0, 0, .. "WEBPVP8 "u8], [.. "RIFF"u8, 64, 0, 0, 0, .. "WEBPVP8X"u8],
    ];

    private static readonly string[] Formats = ["png", "jpeg", "webp", "bmp", "gif"];

    private static readonly Dictionary<string, byte[]> Whole = Formats.ToDictionary(format => format, format => Made.As(format, Made.Quarters()));

    private static string Code(byte[] bytes) => Assert.Throws<PictureException>(() => Picture.Decode(bytes, Enough)).Code;

    private static void Survives(byte[] bytes)
    {
        try
        {
            var picture = Picture.Decode(bytes, new PictureLimits { MaxBytes = Enough, MaxPixels = 1_000_000 });
            Assert.Equal(picture.Width * picture.Height * 3, picture.Rgb.Length);
        }
        catch (PictureException refused)
        {
            Assert.StartsWith("picture_", refused.Code, StringComparison.Ordinal);
        }
    }
}
