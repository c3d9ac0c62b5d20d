namespace Steward.Drawing;

/// <summary>A named value with, where known, the interval it is sure to lie in.</summary>
public sealed record Bar(string Name, double Value, double? Low = null, double? High = null, Ink Ink = Ink.Rill);

/// <summary>Values side by side: F1 by class, drift by dimension. One row each, names at the left; the height follows the number of bars.
/// A bar whose value is not finite keeps its row, empty.</summary>
public sealed record BarChart : Chart
{
    private const double TallestRow = 30, TallestInPanel = 46, LowestRow = 16, Feet = 28;

    public required IReadOnlyList<Bar> Bars { get; init; }

    public AxisReading Reading { get; init; } = AxisReading.Number;

    /// <summary>Pixels from one bar to the next.</summary>
    public double Row { get; init; } = TallestRow;

    internal override int DrawnHeight => (int)(Bottom + Feet);

    internal override Chart Sized(int width, int height) => this with { Width = width, Row = Math.Clamp((height - Feet - Top) / Math.Max(1, Bars.Count), LowestRow, TallestInPanel) };

    private double Top => Limits.Any(limit => Drawable(limit.Value)) ? 24 : 6;

    private double Bottom => Top + (Bars.Count * Row);

    private List<double> Values => [.. Bars.SelectMany(bar => new[] { bar.Value, bar.Low ?? bar.Value, bar.High ?? bar.Value }).Where(Drawable)];

    private protected override void Draw(Sheet sheet)
    {
        var (values, top, bottom) = (Values, Top, Bottom);
        var limits = Limits.Where(limit => Drawable(limit.Value)).ToList();
        var left = Math.Min(Width * 0.36, 14 + Bars.Max(bar => sheet.WidthOf(bar.Name)));
        var told = 12 + Bars.Max(bar => sheet.WidthOf(Said(bar)));
        values.AddRange(limits.Select(limit => limit.Value));
        var x = Scale.Over(Math.Min(0, values.Min()), Math.Max(0, values.Max()), left, Width - told, Math.Max(2, (int)((Width - left - told) / 64)), Reading, round: true);

        foreach (var tick in x.Ticks())
            sheet.Line(new(x.Pixel(tick), top), new(x.Pixel(tick), bottom), Math.Abs(tick) < x.Step / 2 ? Tone.Quiet : Tone.Grid);
        Columns(sheet, x, bottom);
        for (var i = 0; i < Bars.Count; i++)
            Paint(sheet, Bars[i], top + ((i + 0.5) * Row), x, left);
        foreach (var limit in limits)
            Cross(sheet, limit, x, top, bottom);
    }

    private void Paint(Sheet sheet, Bar bar, double middle, Scale x, double left)
    {
        var name = sheet.Fit(bar.Name, left - 12);
        sheet.Text(left - 8, middle + 4, name, Align.End, Tone.Words, hint: name == bar.Name ? null : bar.Name);
        sheet.Text(Width - 4, middle + 4, Said(bar), Align.End, Tone.Words);
        if (!Drawable(bar.Value))
            return;
        var (from, to) = (Math.Min(x.Pixel(0), x.Pixel(bar.Value)), Math.Max(x.Pixel(0), x.Pixel(bar.Value)));
        sheet.Rect(new(from, middle - (Row * 0.3), Math.Max(1, to - from), Row * 0.6), bar.Ink.Line(), 3, 0.85, $"{bar.Name}: {Said(bar)}");
        if (bar is not { Low: { } low, High: { } high } || !Drawable(low) || !Drawable(high))
            return;
        // Drawn twice: the wide one in the card's colour keeps the whisker visible on its own bar.
        var whisker = $"M{Sheet.At(x.Pixel(low))} {Sheet.At(middle - 5)}v10M{Sheet.At(x.Pixel(high))} {Sheet.At(middle - 5)}v10M{Sheet.At(x.Pixel(low))} {Sheet.At(middle)}H{Sheet.At(x.Pixel(high))}";
        sheet.Path(whisker, Tone.Ground, 4);
        sheet.Path(whisker, Tone.Words, 1.5);
    }

    private void Cross(Sheet sheet, Limit limit, Scale x, double top, double bottom)
    {
        var at = x.Pixel(limit.Value);
        sheet.Line(new(at, top - 4), new(at, bottom), limit.Ink.Line(), 1.5, "6 5");
        var words = sheet.Fit(limit.Label, Width - 8);
        var half = sheet.WidthOf(words) / 2;
        sheet.Text(Math.Clamp(at, half + 2, Width - half - 2), top - 10, words, Align.Middle, limit.Ink.Line(), halo: true, strong: true, facts: limit.Facts);
    }

    private string Said(Bar bar) => Drawable(bar.Value) ? Figure.Short(bar.Value, Reading) : "none";

    internal override string? Told()
    {
        if (Values.Count == 0)
            return null;
        var bars = Bars.Select(bar => bar is { Low: { } low, High: { } high } ? $"{bar.Name} {Said(bar)} ({Figure.Short(low, Reading)} to {Figure.Short(high, Reading)})" : $"{bar.Name} {Said(bar)}");
        return $"Bars: {string.Join("; ", bars)}.{string.Concat(Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, Reading)}."))}";
    }
}
