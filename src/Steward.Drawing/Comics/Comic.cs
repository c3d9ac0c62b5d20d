namespace Steward.Drawing;

/// <summary>Where a number comes from: its letter, the exact value in words, and its record.</summary>
public sealed record SourceLine(string Mark, string Text, string? Link = null);

/// <summary>A picture story, before it has a size.</summary>
/// <param name="Language">BCP 47: "en", "de".</param>
/// <param name="Moral">What to remember.</param>
/// <param name="Limits">What nobody checked.</param>
public sealed record Comic(
    string Title, string Subtitle, string Language, IReadOnlyList<Scene> Panels, Phrase Moral, Phrase Limits, string SourcesTitle, IReadOnlyList<SourceLine> Sources)
{
    /// <summary>A word across the title, "Example", for a story that is made up.</summary>
    public string? Banner { get; init; }

    /// <summary>A small thing beside the title, drawn around the given point, at most 60 pixels wide and 70 high.</summary>
    public Action<Sketch, Point>? Emblem { get; init; }
}
