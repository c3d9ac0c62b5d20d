namespace Steward.Drawing;

/// <summary>A surface to draw on: it fills a display list, first drawn lowest.</summary>
public sealed class Sketch
{
    private readonly List<Node> _nodes = [];

    public IReadOnlyList<Node> Nodes => _nodes;

    public Sketch Add(Node node)
    {
        _nodes.Add(node);
        return this;
    }

    public Sketch Path(string data, Style style) => Add(new PathNode(data, style));

    public Sketch Path(string data, string? fill, string? stroke = null, double thickness = 0, double opacity = 1, string? dash = null)
        => Path(data, new Style(fill, stroke, thickness, opacity, dash));

    public Sketch Ellipse(double x, double y, double radiusX, double radiusY, string? fill, string? stroke = null, double thickness = 0, double opacity = 1)
        => Add(new EllipseNode(new(x, y), radiusX, radiusY, new(fill, stroke, thickness, opacity)));

    public Sketch Circle(double x, double y, double radius, string? fill, string? stroke = null, double thickness = 0, double opacity = 1)
        => Ellipse(x, y, radius, radius, fill, stroke, thickness, opacity);

    public Sketch Rounded(Box box, double radius, string? fill, string? stroke = null, double thickness = 0, double opacity = 1)
        => Path(PathBuilder.Rounded(box, radius), fill, stroke, thickness, opacity);

    public Sketch Line(double fromX, double fromY, double toX, double toY, string stroke, double thickness, string? dash = null, double opacity = 1)
        => Path(new PathBuilder().Move(fromX, fromY).Line(toX, toY), null, stroke, thickness, opacity, dash);

    /// <summary>Words on one line; letters that the first typeface lacks come from the next. Use <see cref="Panel.Label"/> for words in a panel.</summary>
    /// <exception cref="MissingGlyphException">No typeface has a letter of it.</exception>
    public Sketch Text(Point at, string words, double size, string fill, Align align = Align.Start, Weight weight = Weight.Bold, TextRole role = TextRole.Words)
    {
        var x = at.X - (Lettering.Measure(words, size, weight) * align switch { Align.Middle => 0.5, Align.End => 1, _ => 0 });
        foreach (var (part, face) in Lettering.Parts(words, weight))
        {
            var width = face.Measure(part, size);
            Add(new TextNode(new(x, at.Y), part, face, size, fill, width, role));
            x += width;
        }
        return this;
    }

    /// <summary>Everything drawn so far as one node.</summary>
    public GroupNode Group() => new([.. _nodes]);

    public GroupNode Group(Point at, double scale = 1, double turn = 0) => Group() with { At = at, ScaleX = scale, ScaleY = scale, Turn = turn };
}
