using System.Buffers.Binary;

namespace Steward.Drawing;

/// <summary>The first bytes of a file: which of the five formats it is, whatever its name says, and for the formats that
/// state it at a fixed place the size it claims, so that a bomb is refused before any decoder looks at it.</summary>
internal static class PictureHeader
{
    internal static bool IsKnown(ReadOnlySpan<byte> bytes) => MediaType(bytes) is not null;

    internal static string? MediaType(ReadOnlySpan<byte> bytes)
        => IsPng(bytes) ? "image/png" : IsGif(bytes) ? "image/gif" : IsBmp(bytes) ? "image/bmp" : IsJpeg(bytes) ? "image/jpeg" : IsWebp(bytes) ? "image/webp" : null;

    /// <summary>Width and height as claimed, or null where the format keeps them elsewhere (JPEG, WebP) or the file is cut.</summary>
    internal static (long Width, long Height)? ClaimedSize(ReadOnlySpan<byte> bytes)
    {
        if (IsPng(bytes) && bytes.Length >= 24)
            return (BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
        if (IsGif(bytes) && bytes.Length >= 10)
            return (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        // A BMP height below zero means rows from the top; 12 is the size of the oldest header, with 16-bit sides.
        if (IsBmp(bytes) && bytes.Length >= 26)
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) == 12
                ? (BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]))
                : (Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[18..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..])));
        return null;
    }

    /// <summary>A PNG that says before its pixels that it has frames (the chunk <c>acTL</c>); decoders that do not know it show the first.</summary>
    internal static bool IsMovingPng(ReadOnlySpan<byte> bytes)
    {
        if (!IsPng(bytes))
            return false;
        for (var at = 8L; at + 8 <= bytes.Length; at += 12 + BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)at..]))
        {
            var chunk = bytes.Slice((int)at + 4, 4);
            if (chunk.SequenceEqual("acTL"u8))
                return true;
            if (chunk.SequenceEqual("IDAT"u8))
                return false;
        }

        return false;
    }

    private static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
    private static bool IsGif(ReadOnlySpan<byte> bytes) => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8);
    private static bool IsBmp(ReadOnlySpan<byte> bytes) => bytes.StartsWith("BM"u8);
    private static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
    private static bool IsWebp(ReadOnlySpan<byte> bytes) => bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8);
}
