namespace Steward.Drawing;

public enum ItemKind { Title, Caption, Bubble, Label, Figure, Prop, Moral, Source }

/// <summary>A box that was drawn and that the checks look at: every text, figure and thing.</summary>
/// <param name="Panel">Its number; 0 is the page around the panels.</param>
/// <param name="Name">Who or what; for a text its words.</param>
/// <param name="Box">Pixels within its panel.</param>
public sealed record DrawnItem(ItemKind Kind, int Panel, string Name, Box Box)
{
    /// <summary>One box of letters for each line; empty for a figure or a thing.</summary>
    public IReadOnlyList<Box> Lines { get; init; } = [];

    /// <summary>Where the letters must stay.</summary>
    public Box? Inner { get; init; }

    /// <summary>Colours used for its letters, and what they stand on.</summary>
    public IReadOnlyList<string> Inks { get; init; } = [];

    public string? Paper { get; init; }

    public bool IsText => Kind is not (ItemKind.Figure or ItemKind.Prop);
}

/// <summary>A line or area that carries meaning and what it stands on: a limit in a chart, a seat that is taken.</summary>
public sealed record Meaning(int Panel, string Name, string Ink, string Paper);

/// <summary>Two states that must be told apart without hue: by lightness, or because their shape differs too.</summary>
public sealed record Contrasting(int Panel, string Name, string One, string Other, bool ByShape);
