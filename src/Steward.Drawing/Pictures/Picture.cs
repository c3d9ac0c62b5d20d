using SkiaSharp;

namespace Steward.Drawing;

/// <summary>A decoded picture: sRGB, 8 bits a channel, no alpha, the right way up.</summary>
public sealed class Picture
{
    private Picture(int width, int height, byte[] rgb) => (Width, Height, Rgb) = (width, height, rgb);

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>Height x Width x 3 bytes, row by row from the top left: red, green, blue.</summary>
    public byte[] Rgb { get; }

    /// <summary>The file has more frames (GIF, WebP, APNG); this is the first of them.</summary>
    public bool Moves { get; private init; }

    /// <summary>Wraps pixels that somebody else made; the array is kept, not copied.</summary>
    /// <exception cref="ArgumentException">The array does not have width x height x 3 bytes.</exception>
    public static Picture FromRgb(int width, int height, byte[] rgb)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return rgb.LongLength == (long)width * height * 3
            ? new(width, height, rgb)
            : throw new ArgumentException($"{width} x {height} pixels need {(long)width * height * 3} bytes, not {rgb.LongLength}.", nameof(rgb));
    }

    /// <summary>Decodes with the usual limits and at most <paramref name="maxBytes"/> encoded bytes.</summary>
    /// <exception cref="PictureException">See <see cref="Decode(ReadOnlySpan{byte}, PictureLimits)"/>.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, long maxBytes) => Decode(bytes, new PictureLimits { MaxBytes = maxBytes });

    /// <summary>Decodes JPEG, PNG, WebP, GIF (its first frame) or BMP, told apart by content. EXIF orientation is applied,
    /// colour profiles, CMYK and 16 bits a channel become 8-bit sRGB, transparency is laid over white.</summary>
    /// <exception cref="PictureException">Empty, another format, too large, or cut or broken anywhere: half a picture is never returned.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, PictureLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (bytes.IsEmpty)
            throw new PictureException(PictureException.Empty, "The picture has no bytes.");
        limits.CheckBytes(bytes.Length);
        if (!PictureHeader.IsKnown(bytes))
            throw new PictureException(PictureException.UnknownFormat, "This is not a JPEG, PNG, WebP, GIF or BMP picture.");
        if (PictureHeader.ClaimedSize(bytes) is var (width, height))
            limits.CheckSize(width, height);

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Broken();
        limits.CheckSize(codec.Info.Width, codec.Info.Height);
        return Pixels(codec, moves: codec.FrameCount > 1 || PictureHeader.IsMovingPng(bytes));
    }

    /// <summary>What a file with these first bytes (16 are enough) says it is, <c>image/png</c>; null when it is none of the formats that are decoded here.</summary>
    public static string? MediaType(ReadOnlySpan<byte> head) => PictureHeader.MediaType(head);

    /// <summary>Encodes without loss; equal pixels give equal bytes.</summary>
    public byte[] EncodePng()
    {
        var rgba = new byte[(long)Width * Height * 4];
        for (int from = 0, to = 0; from < Rgb.Length; from += 3, to += 4)
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (Rgb[from], Rgb[from + 1], Rgb[from + 2], 255);
        using var data = SKData.CreateCopy(rgba);
        using var pixels = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque), data.Data);
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))
            ?? throw new InvalidOperationException($"A picture of {Width} x {Height} pixels could not be written as PNG.");
        return png.ToArray();
    }

    private static Picture Pixels(SKCodec codec, bool moves)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb());
        using var bitmap = new SKBitmap(info);
        return codec.GetPixels(info, bitmap.GetPixels()) == SKCodecResult.Success
            ? Upright(bitmap.GetPixelSpan(), info.Width, info.Height, codec.EncodedOrigin, moves)
            : throw Broken();
    }

    private static Picture Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin, bool moves)
    {
        // The eight EXIF orientations are a swap of the axes and a flip of each.
        var swap = origin >= SKEncodedOrigin.LeftTop;
        var flipX = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        var flipY = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (outWidth, outHeight) = swap ? (height, width) : (width, height);
        var rgb = new byte[(long)width * height * 3];
        for (var y = 0; y < outHeight; y++)
            for (var x = 0; x < outWidth; x++)
            {
                var across = flipX ? outWidth - 1 - x : x;
                var down = flipY ? outHeight - 1 - y : y;
                var from = (swap ? (across * width) + down : (down * width) + across) * 4;
                var to = ((y * outWidth) + x) * 3;
                // Colours are premultiplied, so what shines through is what alpha leaves of white.
                var white = 255 - rgba[from + 3];
                (rgb[to], rgb[to + 1], rgb[to + 2]) = ((byte)(rgba[from] + white), (byte)(rgba[from + 1] + white), (byte)(rgba[from + 2] + white));
            }
        return new(outWidth, outHeight, rgb) { Moves = moves };
    }

    private static PictureException Broken() => new(PictureException.Broken, "The picture is broken or was cut short; save it again and send the whole file.");
}
