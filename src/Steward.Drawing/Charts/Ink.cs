namespace Steward.Drawing;

/// <summary>A colour by its meaning; the page's style sheet says what it looks like by day and by night.</summary>
public enum Ink { Rill, Pom, Good, Warn, Bad, Violet, Soft }

internal static class Inks
{
    internal static string Line(this Ink ink) => ink switch
    {
        Ink.Rill => "var(--rill)",
        Ink.Pom => "var(--pom)",
        Ink.Good => "var(--good)",
        Ink.Warn => "var(--warn)",
        Ink.Bad => "var(--bad)",
        Ink.Violet => "var(--violet)",
        _ => "var(--soft)",
    };

    /// <summary>The quiet sibling for areas; inks without one get the page's hover tone.</summary>
    internal static string Area(this Ink ink) => ink switch
    {
        Ink.Rill => "var(--rill-bg)",
        Ink.Good => "var(--good-bg)",
        Ink.Warn => "var(--warn-bg)",
        Ink.Bad => "var(--bad-bg)",
        _ => "var(--hover)",
    };
}
