namespace Steward.Drawing;

/// <summary>How a shape is filled and outlined. Colours are #RRGGBB; lines have round ends and joints.</summary>
/// <param name="Dash">Lengths of dash and gap, "6 5".</param>
public sealed record Style(string? Fill = null, string? Stroke = null, double Thickness = 0, double Opacity = 1, string? Dash = null);

/// <summary>One thing of a display list. Every face of a drawing (SVG, PNG, PDF, the checks) walks the same list.</summary>
public abstract record Node;

/// <param name="Data">Written by <see cref="PathBuilder"/>.</param>
public sealed record PathNode(string Data, Style Style) : Node;

public sealed record EllipseNode(Point Center, double RadiusX, double RadiusY, Style Style) : Node;

/// <summary>What a piece of text is to its reader.</summary>
public enum TextRole
{
    /// <summary>Words to be read.</summary>
    Words,

    /// <summary>The raised letter that leads to a source; not read aloud, it would cut the sentence.</summary>
    Mark,

    /// <summary>A number on a body, told by the figure's own label.</summary>
    Badge,
}

/// <summary>Letters of one typeface, size and colour on one line; <paramref name="At"/> is the left end of the baseline.</summary>
/// <param name="Width">Pixels, the sum of the typeface's own advances.</param>
public sealed record TextNode(Point At, string Words, Typeface Face, double Size, string Fill, double Width, TextRole Role = TextRole.Words) : Node;

/// <summary>A display list moved, turned (degrees) and scaled as one, perhaps cut to a rounded box, named for who cannot see it, or leading somewhere.</summary>
public sealed record GroupNode(IReadOnlyList<Node> Nodes) : Node
{
    public Point At { get; init; }

    public double ScaleX { get; init; } = 1;

    public double ScaleY { get; init; } = 1;

    public double Turn { get; init; }

    public Box? Clip { get; init; }

    public double ClipRadius { get; init; }

    /// <summary>An ARIA role: "img", "group".</summary>
    public string? Role { get; init; }

    public string? Label { get; init; }

    /// <summary>Where a click leads. Only http, https and addresses within the site are written.</summary>
    public string? Link { get; init; }
}
