namespace Steward.Drawing;

/// <summary>A named value with, where known, the interval it is sure to lie in.</summary>
public sealed record Bar(string Name, double Value, double? Low = null, double? High = null, Ink Ink = Ink.Rill);

/// <summary>Values side by side: F1 by class, drift by dimension. One row each, names at the left.</summary>
public sealed record BarChart : Chart
{
    private const double Row = 30;

    public required IReadOnlyList<Bar> Bars { get; init; }

    public Reading Reading { get; init; } = Reading.Number;

    /// <summary>The drawing as one svg element; its height follows the number of bars. A bar whose value is not finite keeps its row, empty.</summary>
    public string Draw()
    {
        var values = Bars.SelectMany(bar => new[] { bar.Value, bar.Low ?? bar.Value, bar.High ?? bar.Value }).Where(Drawable).ToList();
        if (values.Count == 0)
            return Sentence();

        var limits = Limits.Where(limit => Drawable(limit.Value)).ToList();
        var top = limits.Count > 0 ? 24.0 : 6;
        var bottom = top + (Bars.Count * Row);
        using var svg = new Svg(Width, (int)bottom + 28, Title, Told());
        var left = Math.Min(Width * 0.36, 14 + Bars.Max(bar => Svg.WidthOf(bar.Name)));
        var told = 12 + Bars.Max(bar => Svg.WidthOf(Said(bar)));
        values.AddRange(limits.Select(limit => limit.Value));
        var x = Scale.Over(Math.Min(0, values.Min()), Math.Max(0, values.Max()), left, Width - told, Math.Max(2, (int)((Width - left - told) / 64)), Reading, round: true);

        foreach (var tick in x.Ticks())
            svg.Shape("line", ("x1", Svg.At(x.Pixel(tick))), ("x2", Svg.At(x.Pixel(tick))), ("y1", Svg.At(top)), ("y2", Svg.At(bottom)), ("stroke", Math.Abs(tick) < x.Step / 2 ? "var(--soft)" : "var(--line)"));
        Columns(svg, x, bottom);
        for (var i = 0; i < Bars.Count; i++)
            Paint(svg, Bars[i], top + ((i + 0.5) * Row), x, left);
        foreach (var limit in limits)
            Cross(svg, limit, x, top, bottom);
        return svg.Close();
    }

    private void Paint(Svg svg, Bar bar, double middle, Scale x, double left)
    {
        var name = Svg.Fit(bar.Name, left - 12);
        svg.Text(left - 8, middle + 4, name, "end", "var(--ink)", hint: name == bar.Name ? null : bar.Name);
        svg.Text(Width - 4, middle + 4, Said(bar), "end", "var(--ink)");
        if (!Drawable(bar.Value))
            return;
        var (from, to) = (Math.Min(x.Pixel(0), x.Pixel(bar.Value)), Math.Max(x.Pixel(0), x.Pixel(bar.Value)));
        svg.Shape("rect", $"{bar.Name}: {Said(bar)}", ("x", Svg.At(from)), ("y", Svg.At(middle - 9)), ("width", Svg.At(Math.Max(1, to - from))), ("height", "18"), ("rx", "3"), ("fill", bar.Ink.Line()), ("fill-opacity", "0.85"));
        if (bar is not { Low: { } low, High: { } high } || !Drawable(low) || !Drawable(high))
            return;
        // Drawn twice: the wide one in the card's colour keeps the whisker visible on its own bar.
        var whisker = $"M{Svg.At(x.Pixel(low))} {Svg.At(middle - 5)}v10M{Svg.At(x.Pixel(high))} {Svg.At(middle - 5)}v10M{Svg.At(x.Pixel(low))} {Svg.At(middle)}H{Svg.At(x.Pixel(high))}";
        svg.Shape("path", ("d", whisker), ("stroke", "var(--card)"), ("stroke-width", "4"), ("fill", "none"));
        svg.Shape("path", ("d", whisker), ("stroke", "var(--ink)"), ("stroke-width", "1.5"), ("fill", "none"));
    }

    private void Cross(Svg svg, Limit limit, Scale x, double top, double bottom)
    {
        var at = x.Pixel(limit.Value);
        svg.Shape("line", ("x1", Svg.At(at)), ("x2", Svg.At(at)), ("y1", Svg.At(top - 4)), ("y2", Svg.At(bottom)), ("stroke", limit.Ink.Line()), ("stroke-width", "1.5"), ("stroke-dasharray", "6 5"));
        var words = Svg.Fit(limit.Label, Width - 8);
        var half = Svg.WidthOf(words) / 2;
        svg.Text(Math.Clamp(at, half + 2, Width - half - 2), top - 10, words, "middle", limit.Ink.Line(), halo: true, strong: true);
    }

    private string Said(Bar bar) => Drawable(bar.Value) ? Figure.Short(bar.Value, Reading) : "none";

    private string Told()
    {
        var bars = Bars.Select(bar => bar is { Low: { } low, High: { } high } ? $"{bar.Name} {Said(bar)} ({Figure.Short(low, Reading)} to {Figure.Short(high, Reading)})" : $"{bar.Name} {Said(bar)}");
        return $"Bars: {string.Join("; ", bars)}.{string.Concat(Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, Reading)}."))}";
    }
}
