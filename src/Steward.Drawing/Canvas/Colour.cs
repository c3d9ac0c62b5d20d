using System.Globalization;

namespace Steward.Drawing;

/// <summary>Reckoning with colours written #RRGGBB.</summary>
public static class Colour
{
    /// <summary>A colour between two: 0 is the first, 1 the second.</summary>
    public static string Mix(string from, string to, double share)
    {
        var (a, b) = (Parts(from), Parts(to));
        int Between(int x, int y) => (int)Math.Round(x + ((y - x) * share));
        return $"#{Between(a.Red, b.Red):X2}{Between(a.Green, b.Green):X2}{Between(a.Blue, b.Blue):X2}";
    }

    /// <summary>Relative luminance, 0 black to 1 white (WCAG 2.2).</summary>
    public static double Luminance(string colour)
    {
        var (red, green, blue) = Parts(colour);
        return (0.2126 * Linear(red)) + (0.7152 * Linear(green)) + (0.0722 * Linear(blue));
    }

    /// <summary>Contrast ratio, 1 to 21 (WCAG 2.2): text wants 4.5, lines that carry meaning 3.</summary>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    internal static (int Red, int Green, int Blue) Parts(string colour) => (Part(colour, 1), Part(colour, 3), Part(colour, 5));

    private static int Part(string colour, int at) => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static double Linear(int channel) => channel / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
}
