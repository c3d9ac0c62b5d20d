namespace Steward.Drawing;

/// <summary>A colour by its meaning; the page's style sheet says what it looks like by day and by night.</summary>
public enum Ink { Rill, Pom, Good, Warn, Bad, Violet, Soft }

/// <summary>The variables of a page's style sheet.</summary>
internal static class Inks
{
    internal static Tone Line(this Ink ink) => new(ink, Tone.Part.Line);

    /// <summary>The quiet sibling for areas.</summary>
    internal static Tone Area(this Ink ink) => new(ink, Tone.Part.Area);

    internal static string Css(this Tone tone) => tone.Of switch
    {
        Tone.Part.Line => LineCss(tone.Ink),
        Tone.Part.Area => AreaCss(tone.Ink),
        Tone.Part.Grid => "var(--line)",
        Tone.Part.Words => "var(--ink)",
        Tone.Part.Ground => "var(--card)",
        _ => "var(--soft)",
    };

    private static string LineCss(Ink ink) => ink switch
    {
        Ink.Rill => "var(--rill)",
        Ink.Pom => "var(--pom)",
        Ink.Good => "var(--good)",
        Ink.Warn => "var(--warn)",
        Ink.Bad => "var(--bad)",
        Ink.Violet => "var(--violet)",
        _ => "var(--soft)",
    };

    // Inks without a quiet sibling get the page's hover tone.
    private static string AreaCss(Ink ink) => ink switch
    {
        Ink.Rill => "var(--rill-bg)",
        Ink.Good => "var(--good-bg)",
        Ink.Warn => "var(--warn-bg)",
        Ink.Bad => "var(--bad-bg)",
        _ => "var(--hover)",
    };
}
