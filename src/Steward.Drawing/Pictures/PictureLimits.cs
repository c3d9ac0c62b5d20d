namespace Steward.Drawing;

/// <summary>What a picture may cost. All three are checked on the header, before memory for pixels is taken.</summary>
public sealed record PictureLimits
{
    /// <summary>Encoded bytes; the caller knows what its door lets in.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>50 megapixels are 200 MB while decoding: above any camera phone's default, below trouble.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Width or height alone, in pixels.</summary>
    public int MaxSide { get; init; } = 20_000;

    internal void CheckBytes(long bytes)
    {
        if (bytes > MaxBytes)
            throw new PictureException(PictureException.TooLarge, $"The picture has {bytes:N0} bytes; at most {MaxBytes:N0} are taken.");
    }

    internal void CheckSize(long width, long height)
    {
        if (width > MaxSide || height > MaxSide)
            throw new PictureException(PictureException.TooLarge, $"The picture is {width:N0} x {height:N0} pixels; a side may have at most {MaxSide:N0}.");
        if (width * height > MaxPixels)
            throw new PictureException(PictureException.TooLarge, $"The picture is {width:N0} x {height:N0} pixels; together at most {MaxPixels:N0} are taken.");
    }
}
