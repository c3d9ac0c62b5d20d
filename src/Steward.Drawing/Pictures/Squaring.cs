namespace Steward.Drawing;

/// <summary>How a picture becomes a square.</summary>
public enum Squaring
{
    /// <summary>Its sides are brought to one length: nothing is lost, and shapes change.</summary>
    Stretch,

    /// <summary>Grey bars at its short sides: nothing is lost, and shapes stay.</summary>
    Letterbox,

    /// <summary>The middle: shapes stay, and what is at its long ends is lost.</summary>
    Crop,
}

public static class Squares
{
    /// <summary>Of the bars, in each channel: neither bright nor dark, as detectors of the YOLO family have it.</summary>
    private const byte Grey = 114;

    /// <summary>The picture as a square, its pixels as they are; a stretched one stays as it is, for whoever resizes it.</summary>
    public static Picture Square(this Picture picture, Squaring how)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (how is Squaring.Stretch || picture.Width == picture.Height)
            return picture;
        var side = how is Squaring.Crop ? Math.Min(picture.Width, picture.Height) : Math.Max(picture.Width, picture.Height);
        var square = new byte[(long)side * side * 3];
        if (how is Squaring.Letterbox)
            Array.Fill(square, Grey);
        var (width, height) = (Math.Min(side, picture.Width), Math.Min(side, picture.Height));
        var (fromX, fromY, toX, toY) = (Middle(picture.Width, width), Middle(picture.Height, height), Middle(side, width), Middle(side, height));
        for (var y = 0; y < height; y++)
            picture.Rgb.AsSpan((((fromY + y) * picture.Width) + fromX) * 3, width * 3).CopyTo(square.AsSpan((((toY + y) * side) + toX) * 3));
        return Picture.FromRgb(side, side, square);
    }

    /// <summary>Where the shorter of two lengths begins so that it lies in the middle of the longer; when that is between two pixels, the first.</summary>
    private static int Middle(int longer, int shorter) => (longer - shorter) / 2;
}
