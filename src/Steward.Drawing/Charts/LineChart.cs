using System.Text;

namespace Steward.Drawing;

/// <summary>A named line. X are steps or, with <see cref="Reading.Time"/>, seconds since 1970; a point that is not finite leaves a gap.</summary>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, Ink Ink = Ink.Rill);

/// <summary>Values over steps or time: loss by epoch, share of unsure answers by hour.</summary>
public sealed record LineChart : Chart
{
    public required IReadOnlyList<Series> Series { get; init; }

    public Reading X { get; init; } = Reading.Whole;

    public Reading Y { get; init; } = Reading.Number;

    /// <summary>What x counts, said in the text alternative and under the axis: "epoch", "day".</summary>
    public string XLabel { get; init; } = "";

    public int Height { get; init; } = 240;

    public IReadOnlyList<Shade> Shades { get; init; } = [];

    /// <summary>The drawing as one svg element.</summary>
    public string Draw()
    {
        var drawn = Series.SelectMany(series => series.Points).Where(Drawable).ToList();
        if (drawn.Count == 0)
            return Sentence();

        using var svg = new Svg(Width, Height, Title, Told(drawn));
        var top = Series.Count > 1 ? 8 + Legend(svg, 4, 8, Series.Select(series => (series.Name, series.Ink))) : 14;
        var bottom = Height - (XLabel.Length > 0 ? 44.0 : 26);
        var limits = Limits.Where(limit => Drawable(limit.Value)).ToList();
        var heights = drawn.Select(point => point.Y).Concat(limits.Select(limit => limit.Value)).ToList();
        var y = Scale.Over(heights.Min(), heights.Max(), bottom, top, Math.Max(2, (int)((bottom - top) / 42)), Y, round: true);
        var left = 12 + y.Ticks().Max(tick => Svg.WidthOf(y.Say(tick)));
        var x = Scale.Over(drawn.Min(point => point.X), drawn.Max(point => point.X), left + 4, Width - 10, Math.Max(2, (int)(Width - left) / 76), X, round: false);

        foreach (var shade in Shades)
            Paint(svg, shade, x, top, bottom);
        Rows(svg, y, left, Width - 4);
        Columns(svg, x, bottom);
        if (XLabel.Length > 0)
            svg.Text((left + Width) / 2, Height - 6, Svg.Fit(XLabel, Width - left), "middle");
        foreach (var limit in limits)
            Cross(svg, limit, y, left);
        foreach (var series in Series)
            Trace(svg, series, x, y);
        foreach (var limit in limits)
            svg.Text(left + 6, y.Pixel(limit.Value) + (y.Pixel(limit.Value) - top < 16 ? 15 : -6), Svg.Fit(limit.Label, Width - left - 16), ink: limit.Ink.Line(), halo: true, strong: true);
        return svg.Close();
    }

    private static bool Drawable((double X, double Y) point) => Drawable(point.X) && Drawable(point.Y);

    private static void Paint(Svg svg, Shade shade, Scale x, double top, double bottom)
    {
        var (from, to) = (Math.Clamp(shade.From, x.Low, x.High), Math.Clamp(shade.To, x.Low, x.High));
        if (!(to > from))
            return;
        var wide = x.Pixel(to) - x.Pixel(from);
        svg.Shape("rect", shade.Label, ("x", Svg.At(x.Pixel(from))), ("y", Svg.At(top)), ("width", Svg.At(wide)), ("height", Svg.At(bottom - top)), ("fill", shade.Ink.Area()));
        // A stretch too narrow for its word goes without: the hint and the text alternative have it.
        if (Svg.WidthOf(shade.Label) <= wide - 10)
            svg.Text(x.Pixel(from) + 6, bottom - 7, shade.Label, ink: shade.Ink.Line(), hint: shade.Label);
    }

    private void Cross(Svg svg, Limit limit, Scale y, double left)
    {
        var at = Svg.At(y.Pixel(limit.Value));
        svg.Shape("line", ("x1", Svg.At(left)), ("x2", $"{Width - 4}"), ("y1", at), ("y2", at), ("stroke", limit.Ink.Line()), ("stroke-width", "1.5"), ("stroke-dasharray", "6 5"));
    }

    private void Trace(Svg svg, Series series, Scale x, Scale y)
    {
        var path = new StringBuilder();
        var pen = false;
        foreach (var point in Thinned(series.Points, x))
        {
            if (!Drawable(point))
            {
                pen = false;
                continue;
            }
            path.Append(pen ? 'L' : 'M').Append(Svg.At(x.Pixel(point.X))).Append(' ').Append(Svg.At(y.Pixel(point.Y)));
            pen = true;
        }
        svg.Shape("path", series.Name, ("d", path.ToString()), ("fill", "none"), ("stroke", series.Ink.Line()), ("stroke-width", "2.25"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"));
        if (series.Points.LastOrDefault(Drawable) is var last && series.Points.Any(Drawable))
            svg.Shape("circle", $"{series.Name}: {Figure.Short(last.Y, Y)}", ("cx", Svg.At(x.Pixel(last.X))), ("cy", Svg.At(y.Pixel(last.Y))), ("r", "4"), ("fill", series.Ink.Line()), ("stroke", "var(--card)"), ("stroke-width", "2"));
    }

    /// <summary>A long line keeps the lowest and highest point of each pixel column, so no peak is lost.</summary>
    private IEnumerable<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points, Scale x)
        => points.Count <= 2 * Width
            ? points
            : points.Where(Drawable).GroupBy(point => (int)x.Pixel(point.X)).SelectMany(column =>
                ((IEnumerable<(double X, double Y)>)[column.MinBy(point => point.Y), column.MaxBy(point => point.Y)]).Distinct().OrderBy(point => point.X));

    private string Told(List<(double X, double Y)> drawn)
    {
        var over = $"{(XLabel.Length > 0 ? XLabel : X == Reading.Time ? "time" : "x")} {Figure.Short(drawn.Min(point => point.X), X)} to {Figure.Short(drawn.Max(point => point.X), X)}";
        var lines = Series.Where(series => series.Points.Any(Drawable)).Select(series =>
            $"{series.Name} goes from {Figure.Short(series.Points.First(Drawable).Y, Y)} to {Figure.Short(series.Points.Last(Drawable).Y, Y)}");
        var limits = Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, Y)}.");
        return $"Lines over {over}: {string.Join("; ", lines)}.{string.Concat(limits)}{string.Concat(Shades.Select(shade => $" Marked: {shade.Label}."))}";
    }
}
