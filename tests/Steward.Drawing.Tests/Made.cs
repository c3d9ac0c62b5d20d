using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace Steward.Drawing.Tests;

/// <summary>Pictures made on the spot, so that every byte of them is known.</summary>
internal static class Made
{
    internal static readonly (byte R, byte G, byte B) Red = (220, 30, 30), Green = (30, 200, 40), Blue = (20, 40, 210), Yellow = (230, 220, 40);

    /// <summary>Four coloured quarters: red and green above, blue and yellow below.</summary>
    internal static Picture Quarters(int width = 48, int height = 32)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = (i / width < height / 2, i % width < width / 2) switch
            {
                (true, true) => Red,
                (true, false) => Green,
                (false, true) => Blue,
                _ => Yellow,
            };
        return Picture.FromRgb(width, height, rgb);
    }

    internal static Picture Noise(int seed, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        new Random(seed).NextBytes(rgb);
        return Picture.FromRgb(width, height, rgb);
    }

    internal static byte[] Encoded(Picture picture, SKEncodedImageFormat format)
    {
        using var bitmap = SKBitmap.Decode(picture.EncodePng());
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    internal static byte[] As(string format, Picture picture) => format switch
    {
        "png" => picture.EncodePng(),
        "jpeg" => Encoded(picture, SKEncodedImageFormat.Jpeg),
        "webp" => Encoded(picture, SKEncodedImageFormat.Webp),
        "bmp" => Bmp(picture),
        _ => Gif(picture.Width, picture.Height, [0]),
    };

    /// <summary>A PNG of any bit depth and colour type (0 grey, 2 RGB, 6 RGBA), one filter byte of 0 before each row.</summary>
    internal static byte[] Png(uint width, uint height, byte depth, byte colour, byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>The same PNG with the chunk that says it has frames.</summary>
    internal static byte[] MovingPng(Picture picture)
    {
        var png = picture.EncodePng();
        return [.. png[..33], .. Chunk("acTL"u8, [0, 0, 0, 2, 0, 0, 0, 0]), .. png[33..]];
    }

    /// <summary>A JPEG of 8 x 8 pixels in one colour of four inks, as Adobe writes it: 255 is no ink.</summary>
    internal static byte[] Cmyk(byte c, byte m, byte y, byte k)
    {
        byte[] quants = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64)];
        byte[] frame = [0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, .. Enumerable.Range(1, 4).SelectMany(id => (byte[])[(byte)id, 0x11, 0])];
        // Sizes of the first coefficient 0 to 11, four bits each; of the others only "no more", one bit.
        byte[] first = [0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 12).Select(size => (byte)size)];
        byte[] others = [0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] scan = [0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0];
        var bits = string.Concat(new[] { c, m, y, k }.Select(ink => Coefficient(ink - 128) + "0"));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        var data = bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2)).SelectMany(one => one == 0xFF ? (byte[])[0xFF, 0] : [one]);
        return [0xFF, 0xD8, 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0, .. quants, .. frame, .. first, .. others, .. scan, .. data, 0xFF, 0xD9];

        static string Coefficient(int value)
        {
            var size = value == 0 ? 0 : (int)Math.Log2(Math.Abs(value)) + 1;
            var word = value < 0 ? value + (1 << size) - 1 : value;
            return Convert.ToString(size, 2).PadLeft(4, '0') + (size == 0 ? "" : Convert.ToString(word, 2).PadLeft(size, '0'));
        }
    }

    /// <summary>A JPEG whose EXIF block holds nothing but an orientation.</summary>
    internal static byte[] Turned(byte orientation)
    {
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        var jpeg = Encoded(Quarters(), SKEncodedImageFormat.Jpeg);
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>A GIF of one colour per frame: 0 red, 1 blue. A clear code before each pixel keeps the code size at three bits.</summary>
    internal static byte[] Gif(int width, int height, byte[] frames)
    {
        byte[] size = [(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];
        byte[] gif = [.. "GIF89a"u8, .. size, 0x80, 0, 0, Red.R, Red.G, Red.B, Blue.R, Blue.G, Blue.B];
        foreach (var colour in frames)
            gif = [.. gif, 0x21, 0xF9, 4, 4, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, .. size, 0, 2, .. Blocks(width * height, colour), 0];
        return [.. gif, 0x3B];
    }

    private static byte[] Blocks(int pixels, byte colour)
    {
        var bits = new List<bool>();
        void Code(int code) => bits.AddRange([(code & 1) != 0, (code & 2) != 0, (code & 4) != 0]);
        for (var i = 0; i < pixels; i++)
        {
            Code(4);
            Code(colour);
        }
        Code(5);
        var bytes = bits.Chunk(8).Select(eight => (byte)eight.Select((bit, at) => bit ? 1 << at : 0).Sum());
        return [.. bytes.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block])];
    }

    private static byte[] Bmp(Picture picture)
    {
        var stride = ((picture.Width * 3) + 3) / 4 * 4;
        var bmp = new byte[54 + (stride * picture.Height)];
        "BM"u8.CopyTo(bmp);
        foreach (var (at, value) in new[] { (2, bmp.Length), (10, 54), (14, 40), (18, picture.Width), (22, picture.Height), (26, 1 + (24 << 16)), (34, stride * picture.Height) })
            BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(at), value);
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width * 3; x++)
                bmp[54 + ((picture.Height - 1 - y) * stride) + x] = picture.Rgb[(((y * picture.Width) + (x / 3)) * 3) + 2 - (x % 3)];
        return bmp;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] body)
    {
        var chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc(chunk.AsSpan(4, body.Length + 4)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var k = 0; k < 8; k++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
