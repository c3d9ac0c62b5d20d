namespace Steward.Drawing.Tests;

public class PictureTests
{
    private const long Enough = 1_000_000;

    [Theory, InlineData("png"), InlineData("bmp"), InlineData("jpeg"), InlineData("webp")]
    public void Each_format_gives_the_same_picture(string format)
    {
        var picture = Picture.Decode(Made.As(format, Made.Quarters()), Enough);
        Assert.Equal((48, 32), (picture.Width, picture.Height));
        Near(Made.Red, picture, 8, 6);
        Near(Made.Green, picture, 40, 6);
        Near(Made.Blue, picture, 8, 26);
        Near(Made.Yellow, picture, 40, 26);
    }

    [Fact]
    public void A_moving_picture_gives_its_first_frame_and_says_so()
    {
        var gif = Picture.Decode(Made.Gif(20, 10, [0, 1, 1]), Enough);
        Near(Made.Red, gif, 19, 9);
        Assert.True(gif.Moves);
        Assert.True(Picture.Decode(Made.MovingPng(Made.Quarters()), Enough).Moves);
        Assert.All((byte[][])[Made.Gif(20, 10, [0]), Made.Quarters().EncodePng(), Made.Encoded(Made.Quarters(), SkiaSharp.SKEncodedImageFormat.Webp)], still => Assert.False(Picture.Decode(still, Enough).Moves));
    }

    [Fact]
    public void Printing_inks_become_colours()
    {
        Near((255, 255, 255), Picture.Decode(Made.Cmyk(255, 255, 255, 255), Enough), 3, 3, 2);
        Near((255, 0, 0), Picture.Decode(Made.Cmyk(255, 0, 0, 255), Enough), 3, 3, 2);
        Near((0, 0, 128), Picture.Decode(Made.Cmyk(0, 0, 255, 128), Enough), 3, 3, 3);
        Near((0, 0, 0), Picture.Decode(Made.Cmyk(255, 255, 255, 0), Enough), 3, 3, 2);
    }

    /// <summary>Where the red quarter of the upright picture is after each of the eight EXIF orientations.</summary>
    [Theory]
    [InlineData(1, 48, 32, 8, 6), InlineData(2, 48, 32, 40, 6), InlineData(3, 48, 32, 40, 26), InlineData(4, 48, 32, 8, 26)]
    [InlineData(5, 32, 48, 6, 8), InlineData(6, 32, 48, 26, 8), InlineData(7, 32, 48, 26, 40), InlineData(8, 32, 48, 6, 40)]
    public void A_turned_camera_gives_an_upright_picture(byte orientation, int width, int height, int redX, int redY)
    {
        var picture = Picture.Decode(Made.Turned(orientation), Enough);
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Near(Made.Red, picture, redX, redY);
        Near(Made.Yellow, picture, width - 1 - redX, height - 1 - redY);
    }

    [Fact]
    public void Orientations_5_and_7_mirror_and_6_and_8_turn()
    {
        Near(Made.Blue, Picture.Decode(Made.Turned(5), Enough), 26, 8);
        Near(Made.Blue, Picture.Decode(Made.Turned(6), Enough), 6, 8);
        Near(Made.Green, Picture.Decode(Made.Turned(7), Enough), 26, 8);
        Near(Made.Green, Picture.Decode(Made.Turned(8), Enough), 6, 8);
    }

    [Fact]
    public void Transparent_is_white_and_half_transparent_is_half_white()
    {
        var picture = Picture.Decode(Made.Png(2, 1, 8, 6, [0, 255, 0, 0, 0, 0, 0, 0, 128]), Enough);
        Near((255, 255, 255), picture, 0, 0, 0);
        Near((127, 127, 127), picture, 1, 0, 1);
    }

    [Fact]
    public void Sixteen_bit_and_grey_pictures_become_eight_bit_colours()
    {
        Near((200, 100, 50), Picture.Decode(Made.Png(1, 1, 16, 2, [0, 200, 200, 100, 100, 50, 50]), Enough), 0, 0, 1);
        Near((77, 77, 77), Picture.Decode(Made.Png(1, 1, 8, 0, [0, 77]), Enough), 0, 0, 0);
        Near((255, 255, 255), Picture.Decode(Made.Png(1, 1, 1, 0, [0, 0x80]), Enough), 0, 0, 0);
        Near((150, 150, 150), Picture.Decode(Made.Png(1, 1, 16, 0, [0, 150, 150]), Enough), 0, 0, 1);
    }

    [Fact]
    public void The_smallest_picture_survives_every_way_through()
    {
        var dot = Picture.FromRgb(1, 1, [9, 8, 7]);
        Assert.Equal(dot.Rgb, Picture.Decode(dot.EncodePng(), Enough).Rgb);
        Assert.All(dot.Resize(5, 3).Rgb.Chunk(3), pixel => Assert.Equal<byte>([9, 8, 7], pixel));
    }

    [Fact]
    public void Png_loses_nothing_and_is_the_same_bytes_each_time()
    {
        var noise = Made.Noise(3, 37, 21);
        Assert.Equal(noise.Rgb, Picture.Decode(noise.EncodePng(), Enough).Rgb);
        Assert.Equal(noise.EncodePng(), noise.EncodePng());
    }

    [Fact]
    public void Shrinking_takes_the_mean_of_what_it_covers()
    {
        var checkers = Picture.FromRgb(64, 64, [.. Enumerable.Range(0, 64 * 64).SelectMany(i => Enumerable.Repeat((byte)((i + (i / 64)) % 2 * 255), 3))]);
        Assert.All(checkers.Resize(8, 8).Rgb, value => Assert.InRange(value, 126, 129));
    }

    [Fact]
    public void Enlarging_and_shrinking_back_keeps_the_picture()
    {
        var small = Made.Quarters().Resize(12, 8);
        Near(Made.Red, small.Resize(96, 64).Resize(12, 8), 2, 1);
        Near(Made.Yellow, small.Resize(96, 64).Resize(12, 8), 9, 6);
    }

    private static void Near((byte R, byte G, byte B) colour, Picture picture, int x, int y, int tolerance = 12)
    {
        var pixel = picture.Rgb.AsSpan(((y * picture.Width) + x) * 3, 3);
        Assert.InRange(pixel[0], colour.R - tolerance, colour.R + tolerance);
        Assert.InRange(pixel[1], colour.G - tolerance, colour.G + tolerance);
        Assert.InRange(pixel[2], colour.B - tolerance, colour.B + tolerance);
    }
}
