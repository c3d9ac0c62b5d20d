namespace Steward.Drawing;

/// <summary>A value not to be crossed, drawn as a dashed line with its words.</summary>
public sealed record Limit(double Value, string Label, Ink Ink = Ink.Bad);

/// <summary>A stretch of the x axis that means something: an incident, a quiet time, the reference window.</summary>
public sealed record Shade(double From, double To, string Label, Ink Ink = Ink.Bad);

/// <summary>What all charts share: words, size and limits. Sizes are pixels at scale one; a drawing fills the width it gets, so
/// give 560 for a page and 360 for a phone.</summary>
public abstract record Chart
{
    /// <summary>What the chart shows; it opens the text alternative and is not drawn, because the page has a heading.</summary>
    public required string Title { get; init; }

    public int Width { get; init; } = 560;

    /// <summary>Said instead of a chart when there is nothing to draw.</summary>
    public string Empty { get; init; } = "Nothing to draw yet.";

    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>Whether a value can be drawn at all: 1e100 leaves room to subtract and scale.</summary>
    private protected static bool Drawable(double value) => Math.Abs(value) < 1e100;

    private protected string Sentence()
    {
        using var svg = new Svg(Width, 96, Title, Empty);
        svg.Shape("rect", ("x", "1"), ("y", "1"), ("width", $"{Width - 2}"), ("height", "94"), ("rx", "10"), ("fill", "none"), ("stroke", "var(--line)"), ("stroke-dasharray", "4 5"));
        svg.Text(Width / 2.0, 52, Svg.Fit(Empty, Width - 32), "middle");
        return svg.Close();
    }

    /// <summary>Horizontal grid lines with their figures in the left margin.</summary>
    private protected static void Rows(Svg svg, Scale y, double left, double right)
    {
        foreach (var tick in y.Ticks())
        {
            var at = Svg.At(y.Pixel(tick));
            svg.Shape("line", ("x1", Svg.At(left)), ("x2", Svg.At(right)), ("y1", at), ("y2", at), ("stroke", "var(--line)"));
            svg.Text(left - 8, y.Pixel(tick) + 4, y.Say(tick), "end");
        }
    }

    /// <summary>Ticks and their figures under the drawing; the outermost ones lean inwards so that none is cut off.</summary>
    private protected void Columns(Svg svg, Scale x, double bottom)
    {
        foreach (var tick in x.Ticks())
        {
            var (at, words) = (x.Pixel(tick), x.Say(tick));
            svg.Shape("line", ("x1", Svg.At(at)), ("x2", Svg.At(at)), ("y1", Svg.At(bottom)), ("y2", Svg.At(bottom + 5)), ("stroke", "var(--line)"));
            svg.Text(Math.Min(at, Width - 2 - (Svg.WidthOf(words) / 2)), bottom + 19, words, "middle");
        }
    }

    /// <summary>Coloured marks with names in rows from the top; answers with the height used.</summary>
    private protected double Legend(Svg svg, double left, double top, IEnumerable<(string Name, Ink Ink)> entries)
    {
        var (x, y) = (left, top);
        foreach (var (name, ink) in entries)
        {
            var words = Svg.Fit(name, Width - left - 40);
            var wide = Svg.WidthOf(words) + 36;
            if (x > left && x + wide > Width)
                (x, y) = (left, y + 20);
            svg.Shape("rect", ("x", Svg.At(x)), ("y", Svg.At(y)), ("width", "14"), ("height", "4"), ("rx", "2"), ("fill", ink.Line()));
            svg.Text(x + 20, y + 6, words, hint: words == name ? null : name);
            x += wide;
        }
        return y - top + 20;
    }
}
