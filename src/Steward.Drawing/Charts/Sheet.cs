using System.Globalization;
using System.Text;

namespace Steward.Drawing;

/// <summary>A colour of a chart by what it is for; a page's style sheet or a comic's palette says what it looks like.</summary>
internal readonly record struct Tone(Ink Ink, Tone.Part Of)
{
    internal enum Part { Line, Area, Grid, Words, Quiet, Ground }

    public static Tone Grid => new(default, Part.Grid);

    public static Tone Words => new(default, Part.Words);

    public static Tone Quiet => new(default, Part.Quiet);

    public static Tone Ground => new(default, Part.Ground);
}

/// <summary>What charts draw on: a web page (<see cref="Svg"/>) or a panel of a comic (<see cref="PanelSheet"/>). One geometry, two inks.</summary>
internal abstract class Sheet
{
    /// <summary>A tenth of a pixel is finer than the eye and keeps drawings small.</summary>
    internal static string At(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Pixels that words take.</summary>
    internal abstract double WidthOf(string words);

    internal abstract void Line(Point from, Point to, Tone tone, double thickness = 1, string? dash = null);

    /// <param name="hint">Words that appear while the pointer rests on it, where there is a pointer.</param>
    internal abstract void Rect(Box box, Tone fill, double radius = 0, double opacity = 1, string? hint = null);

    internal abstract void Path(string data, Tone tone, double thickness, double opacity = 1, string? hint = null);

    /// <summary>A point worth looking at.</summary>
    internal abstract void Dot(Point at, double radius, Tone fill, string? hint = null);

    /// <summary>An empty frame with dashes.</summary>
    internal abstract void Frame(Box box);

    /// <param name="facts">The same words with their sources, for a sheet that shows them.</param>
    internal abstract void Text(double x, double y, string words, Align align = Align.Start, Tone? tone = null, bool halo = false, string? hint = null, bool strong = false, Phrase? facts = null);

    /// <summary>The words, shortened with an ellipsis to a width in pixels.</summary>
    internal string Fit(string words, double width)
    {
        if (WidthOf(words) <= width)
            return words;
        var kept = new StringBuilder();
        var left = width - 10;
        foreach (var rune in words.EnumerateRunes())
        {
            left -= WidthOf(rune.ToString());
            if (left < 0)
                break;
            kept.Append(rune);
        }
        return kept.Append('…').ToString();
    }
}
