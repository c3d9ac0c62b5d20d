namespace Steward.Drawing;

/// <summary>A value not to be crossed, drawn as a dashed line with its words.</summary>
public sealed record Limit(double Value, string Label, Ink Ink = Ink.Bad)
{
    /// <summary>The words with their sources, for a comic; the label stays what is said elsewhere.</summary>
    public Phrase? Facts { get; init; }

    /// <summary>Words under the line instead of over it, away from the curve.</summary>
    public bool Below { get; init; }
}

/// <summary>A stretch of the x axis that means something: an incident, a quiet time, the reference window.</summary>
public sealed record Shade(double From, double To, string Label, Ink Ink = Ink.Bad);

/// <summary>What all charts share: words, size and limits. Sizes are pixels at scale one; a drawing fills the width it gets, so
/// give 560 for a page and 360 for a phone.</summary>
public abstract record Chart
{
    private const int SentenceHeight = 96;

    /// <summary>What the chart shows; it opens the text alternative and is not drawn, because the page has a heading.</summary>
    public required string Title { get; init; }

    public int Width { get; init; } = 560;

    /// <summary>Said instead of a chart when there is nothing to draw.</summary>
    public string Empty { get; init; } = "Nothing to draw yet.";

    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>Whether a value can be drawn at all: 1e100 leaves room to subtract and scale.</summary>
    private protected static bool Drawable(double value) => Math.Abs(value) < 1e100;

    /// <summary>The drawing as one svg element.</summary>
    public string Draw()
    {
        var told = Told();
        using var svg = new Svg(Width, told is null ? SentenceHeight : DrawnHeight, Title, told ?? Empty);
        DrawOn(svg);
        return svg.Close();
    }

    /// <summary>Draws the chart, or its sentence when there is nothing to draw.</summary>
    internal void DrawOn(Sheet sheet)
    {
        if (Told() is not null)
        {
            Draw(sheet);
            return;
        }
        sheet.Frame(new(1, 1, Width - 2, SentenceHeight - 2));
        sheet.Text(Width / 2.0, 52, sheet.Fit(Empty, Width - 32), Align.Middle);
    }

    /// <summary>The same chart at another size; one whose height follows its rows keeps that.</summary>
    internal abstract Chart Sized(int width, int height);

    /// <summary>Pixels that the drawing takes from top to bottom.</summary>
    internal abstract int DrawnHeight { get; }

    /// <summary>The figures in words; null when there is nothing to draw.</summary>
    internal abstract string? Told();

    private protected abstract void Draw(Sheet sheet);

    /// <summary>Horizontal grid lines with their figures in the left margin.</summary>
    private protected static void Rows(Sheet sheet, Scale y, double left, double right)
    {
        foreach (var tick in y.Ticks())
        {
            var at = y.Pixel(tick);
            sheet.Line(new(left, at), new(right, at), Tone.Grid);
            sheet.Text(left - 8, at + 4, y.Say(tick), Align.End);
        }
    }

    /// <summary>Ticks and their figures under the drawing; the outermost ones lean inwards so that none is cut off.</summary>
    private protected void Columns(Sheet sheet, Scale x, double bottom)
    {
        foreach (var tick in x.Ticks())
        {
            var (at, words) = (x.Pixel(tick), x.Say(tick));
            sheet.Line(new(at, bottom), new(at, bottom + 5), Tone.Grid);
            sheet.Text(Math.Min(at, Width - 2 - (sheet.WidthOf(words) / 2)), bottom + 19, words, Align.Middle);
        }
    }

    /// <summary>Coloured marks with names in rows from the top; answers with the height used.</summary>
    private protected double Legend(Sheet sheet, double left, double top, IEnumerable<(string Name, Ink Ink)> entries)
    {
        var (x, y) = (left, top);
        foreach (var (name, ink) in entries)
        {
            var words = sheet.Fit(name, Width - left - 40);
            var wide = sheet.WidthOf(words) + 36;
            if (x > left && x + wide > Width)
                (x, y) = (left, y + 20);
            sheet.Rect(new(x, y, 14, 4), ink.Line(), 2);
            sheet.Text(x + 20, y + 6, words, hint: words == name ? null : name);
            x += wide;
        }
        return y - top + 20;
    }
}
