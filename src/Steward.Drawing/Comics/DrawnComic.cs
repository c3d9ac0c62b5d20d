namespace Steward.Drawing;

/// <summary>A panel as its reader gets it.</summary>
/// <param name="Said">Who said what in order; "sign" for words that stand in the picture.</param>
/// <param name="Box">Its place on the page.</param>
public sealed record DrawnPanel(int Number, string Alt, string Caption, IReadOnlyList<(string Speaker, string Text)> Said, Box Box);

/// <summary>A comic at one size, ready to be written as SVG, PNG or PDF and to be checked.</summary>
public sealed record DrawnComic(Comic Comic, GroupNode Root, double Width, double Height, Palette Palette)
{
    public required IReadOnlyList<DrawnPanel> Panels { get; init; }

    /// <summary>Every box of text, figure and thing.</summary>
    public required IReadOnlyList<DrawnItem> Items { get; init; }

    public IReadOnlyList<Meaning> Meanings { get; init; } = [];

    public IReadOnlyList<Contrasting> States { get; init; } = [];

    /// <summary>Height of one sheet of paper; 0 when it is one long page.</summary>
    public double SheetHeight { get; init; }

    /// <summary>Pixels of this drawing for one pixel that its text was laid out in: a deck's panel is drawn enlarged.</summary>
    public double Enlarged { get; init; } = 1;

    /// <summary>The whole story in words, panel by panel, for who cannot see it.</summary>
    public required string Transcript { get; init; }

    /// <summary>All words that are shown, in the order of reading.</summary>
    public IReadOnlyList<string> Texts => [.. Items.Where(item => item.IsText).Select(item => item.Name)];
}
