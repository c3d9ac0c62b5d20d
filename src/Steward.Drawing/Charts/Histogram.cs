namespace Steward.Drawing;

/// <summary>How values are spread now against how they were: bars for now, an outline for the reference. Each side is shown as
/// shares of its own total, so that windows of different size compare.</summary>
public sealed record Histogram : Chart
{
    /// <summary>Bin borders, rising; one more than there are bins.</summary>
    public required IReadOnlyList<double> Edges { get; init; }

    /// <summary>Values per bin now.</summary>
    public required IReadOnlyList<double> Current { get; init; }

    /// <summary>Values per bin in the reference; empty when there is none.</summary>
    public IReadOnlyList<double> Reference { get; init; } = [];

    public Reading X { get; init; } = Reading.Number;

    public string XLabel { get; init; } = "";

    public int Height { get; init; } = 220;

    public string CurrentName { get; init; } = "now";

    public string ReferenceName { get; init; } = "reference";

    /// <summary>The drawing as one svg element. Limits are upright lines on the x axis.</summary>
    /// <exception cref="ArgumentException">Borders do not rise, or the number of bins differs.</exception>
    public string Draw()
    {
        if (Current.Count == 0 || Current.Sum() <= 0)
            return Sentence();
        if (Edges.Count != Current.Count + 1 || (Reference.Count > 0 && Reference.Count != Current.Count))
            throw new ArgumentException($"{Edges.Count} borders make {Edges.Count - 1} bins, not {Current.Count} and {Reference.Count}.");
        if (Edges.Zip(Edges.Skip(1)).Any(pair => !(pair.First < pair.Second)) || !Edges.All(Drawable))
            throw new ArgumentException("Bin borders must rise and be finite.");

        var (now, then) = (Shares(Current), Shares(Reference));
        using var svg = new Svg(Width, Height, Title, Told(now, then));
        var entries = then.Count > 0 ? new[] { (CurrentName, Ink.Rill), (ReferenceName, Ink.Soft) } : [(CurrentName, Ink.Rill)];
        var top = 8 + Legend(svg, 4, 8, entries) + (Limits.Count > 0 ? 14 : 0);
        var bottom = Height - (XLabel.Length > 0 ? 44.0 : 26);
        var y = Scale.Over(0, now.Concat(then).Max(), bottom, top, Math.Max(2, (int)((bottom - top) / 42)), Reading.Share, round: true);
        var left = 12 + y.Ticks().Max(tick => Svg.WidthOf(y.Say(tick)));
        var x = Scale.Over(Edges[0], Edges[^1], left, Width - 10, Math.Max(2, (int)(Width - left) / 76), X, round: false);

        Rows(svg, y, left, Width - 4);
        for (var i = 0; i < now.Count; i++)
        {
            var (from, wide) = (x.Pixel(Edges[i]), x.Pixel(Edges[i + 1]) - x.Pixel(Edges[i]));
            var gap = Math.Min(1, wide / 6);
            svg.Shape("rect", $"{x.Say(Edges[i])} to {x.Say(Edges[i + 1])}: {Figure.Short(now[i], Reading.Share)}", ("x", Svg.At(from + gap)), ("y", Svg.At(y.Pixel(now[i]))), ("width", Svg.At(wide - (2 * gap))), ("height", Svg.At(bottom - y.Pixel(now[i]))), ("rx", "2"), ("fill", "var(--rill)"), ("fill-opacity", "0.7"));
        }
        if (then.Count > 0)
            svg.Shape("path", ReferenceName, ("d", Outline(then, x, y)), ("fill", "none"), ("stroke", "var(--ink)"), ("stroke-opacity", "0.75"), ("stroke-width", "2"), ("stroke-linejoin", "round"));
        Columns(svg, x, bottom);
        if (XLabel.Length > 0)
            svg.Text((left + Width) / 2, Height - 6, Svg.Fit(XLabel, Width - left), "middle");
        foreach (var limit in Limits.Where(limit => limit.Value >= x.Low && limit.Value <= x.High))
            Cross(svg, limit, x, top, bottom);
        return svg.Close();
    }

    private static List<double> Shares(IReadOnlyList<double> counts)
    {
        var sum = counts.Sum();
        return [.. counts.Select(count => sum > 0 ? Math.Max(0, count / sum) : 0)];
    }

    private string Outline(List<double> shares, Scale x, Scale y)
        => $"M{Svg.At(x.Pixel(Edges[0]))} {Svg.At(y.Start)}" + string.Concat(shares.Select((share, i) => $"V{Svg.At(y.Pixel(share))}H{Svg.At(x.Pixel(Edges[i + 1]))}")) + $"V{Svg.At(y.Start)}";

    private void Cross(Svg svg, Limit limit, Scale x, double top, double bottom)
    {
        var at = x.Pixel(limit.Value);
        svg.Shape("line", ("x1", Svg.At(at)), ("x2", Svg.At(at)), ("y1", Svg.At(top - 6)), ("y2", Svg.At(bottom)), ("stroke", limit.Ink.Line()), ("stroke-width", "1.5"), ("stroke-dasharray", "6 5"));
        var words = Svg.Fit(limit.Label, Width - 8);
        var half = Svg.WidthOf(words) / 2;
        svg.Text(Math.Clamp(at, half + 2, Width - half - 2), top - 10, words, "middle", limit.Ink.Line(), halo: true, strong: true);
    }

    private string Told(List<double> now, List<double> then)
    {
        string Peak(List<double> shares) => $"most between {Figure.Short(Edges[shares.IndexOf(shares.Max())], X)} and {Figure.Short(Edges[shares.IndexOf(shares.Max()) + 1], X)} ({Figure.Short(shares.Max(), Reading.Share)})";
        var before = then.Count > 0 ? $"; {ReferenceName}: {Peak(then)}" : "";
        return $"Histogram of {now.Count} bins. {CurrentName}: {Peak(now)}{before}.{string.Concat(Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, X)}."))}";
    }
}
