namespace Steward.Drawing;

/// <summary>How values are spread now against how they were: bars for now, an outline for the reference. Each side is shown as
/// shares of its own total, so that windows of different size compare. Limits are upright lines on the x axis.</summary>
public sealed record Histogram : Chart
{
    /// <summary>Bin borders, rising; one more than there are bins.</summary>
    public required IReadOnlyList<double> Edges { get; init; }

    /// <summary>Values per bin now.</summary>
    public required IReadOnlyList<double> Current { get; init; }

    /// <summary>Values per bin in the reference; empty when there is none.</summary>
    public IReadOnlyList<double> Reference { get; init; } = [];

    public AxisReading X { get; init; } = AxisReading.Number;

    public string XLabel { get; init; } = "";

    public int Height { get; init; } = 220;

    public string CurrentName { get; init; } = "now";

    public string ReferenceName { get; init; } = "reference";

    internal override int DrawnHeight => Height;

    internal override Chart Sized(int width, int height) => this with { Width = width, Height = height };

    /// <exception cref="ArgumentException">Borders do not rise, or the number of bins differs.</exception>
    internal override string? Told()
    {
        if (Current.Count == 0 || Current.Sum() <= 0)
            return null;
        if (Edges.Count != Current.Count + 1 || (Reference.Count > 0 && Reference.Count != Current.Count))
            throw new ArgumentException($"{Edges.Count} borders make {Edges.Count - 1} bins, not {Current.Count} and {Reference.Count}.");
        if (Edges.Zip(Edges.Skip(1)).Any(pair => !(pair.First < pair.Second)) || !Edges.All(Drawable))
            throw new ArgumentException("Bin borders must rise and be finite.");

        return Told(Shares(Current), Shares(Reference));
    }

    private protected override void Draw(Sheet sheet)
    {
        var (now, then) = (Shares(Current), Shares(Reference));
        var entries = then.Count > 0 ? new[] { (CurrentName, Ink.Rill), (ReferenceName, Ink.Soft) } : [(CurrentName, Ink.Rill)];
        var top = 8 + Legend(sheet, 4, 8, entries) + (Limits.Count > 0 ? 14 : 0);
        var bottom = Height - (XLabel.Length > 0 ? 44.0 : 26);
        var y = Scale.Over(0, now.Concat(then).Max(), bottom, top, Math.Max(2, (int)((bottom - top) / 42)), AxisReading.Share, round: true);
        var left = 12 + y.Ticks().Max(tick => sheet.WidthOf(y.Say(tick)));
        var x = Scale.Over(Edges[0], Edges[^1], left, Width - 10, Math.Max(2, (int)(Width - left) / 76), X, round: false);

        Rows(sheet, y, left, Width - 4);
        for (var i = 0; i < now.Count; i++)
        {
            var (from, wide) = (x.Pixel(Edges[i]), x.Pixel(Edges[i + 1]) - x.Pixel(Edges[i]));
            var gap = Math.Min(1, wide / 6);
            sheet.Rect(new(from + gap, y.Pixel(now[i]), wide - (2 * gap), bottom - y.Pixel(now[i])), Ink.Rill.Line(), 2, 0.7, $"{x.Say(Edges[i])} to {x.Say(Edges[i + 1])}: {Figure.Short(now[i], AxisReading.Share)}");
        }
        if (then.Count > 0)
            sheet.Path(Outline(then, x, y), Tone.Words, 2, 0.75, ReferenceName);
        Columns(sheet, x, bottom);
        if (XLabel.Length > 0)
            sheet.Text((left + Width) / 2, Height - 6, sheet.Fit(XLabel, Width - left), Align.Middle);
        foreach (var limit in Limits.Where(limit => limit.Value >= x.Low && limit.Value <= x.High))
            Cross(sheet, limit, x, top, bottom);
    }

    private static List<double> Shares(IReadOnlyList<double> counts)
    {
        var sum = counts.Sum();
        return [.. counts.Select(count => sum > 0 ? Math.Max(0, count / sum) : 0)];
    }

    private string Outline(List<double> shares, Scale x, Scale y)
        => $"M{Sheet.At(x.Pixel(Edges[0]))} {Sheet.At(y.Start)}" + string.Concat(shares.Select((share, i) => $"V{Sheet.At(y.Pixel(share))}H{Sheet.At(x.Pixel(Edges[i + 1]))}")) + $"V{Sheet.At(y.Start)}";

    private void Cross(Sheet sheet, Limit limit, Scale x, double top, double bottom)
    {
        var at = x.Pixel(limit.Value);
        sheet.Line(new(at, top - 6), new(at, bottom), limit.Ink.Line(), 1.5, "6 5");
        var words = sheet.Fit(limit.Label, Width - 8);
        var half = sheet.WidthOf(words) / 2;
        sheet.Text(Math.Clamp(at, half + 2, Width - half - 2), top - 10, words, Align.Middle, limit.Ink.Line(), halo: true, strong: true, facts: limit.Facts);
    }

    private string Told(List<double> now, List<double> then)
    {
        string Peak(List<double> shares) => $"most between {Figure.Short(Edges[shares.IndexOf(shares.Max())], X)} and {Figure.Short(Edges[shares.IndexOf(shares.Max()) + 1], X)} ({Figure.Short(shares.Max(), AxisReading.Share)})";
        var before = then.Count > 0 ? $"; {ReferenceName}: {Peak(then)}" : "";
        return $"Histogram of {now.Count} bins. {CurrentName}: {Peak(now)}{before}.{string.Concat(Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, X)}."))}";
    }
}
