using System.Collections.Concurrent;
using SkiaSharp;

namespace Steward.Drawing;

/// <summary>Our typefaces for Skia: no kerning, no hinting, widths that are not rounded.</summary>
internal static class SkiaFonts
{
    private static readonly ConcurrentDictionary<Typeface, SKTypeface> Faces = [];

    internal static SKFont Of(Typeface face, double size) => new(Faces.GetOrAdd(face, Load), (float)size)
    {
        Subpixel = true,
        LinearMetrics = true,
        Hinting = SKFontHinting.None,
        Edging = SKFontEdging.Antialias,
    };

    private static SKTypeface Load(Typeface face)
    {
        using var data = SKData.CreateCopy(face.File.Span);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"Skia cannot read {face.Family}.");
    }
}
