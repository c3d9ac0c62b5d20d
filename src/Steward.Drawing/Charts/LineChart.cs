using System.Text;

namespace Steward.Drawing;

/// <summary>A named line. X are steps or, with <see cref="AxisReading.Time"/>, seconds since 1970; a point that is not finite leaves a gap.</summary>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, Ink Ink = Ink.Rill)
{
    /// <summary>Places on the x axis whose points stand out: those beyond a limit.</summary>
    public IReadOnlySet<double> Noted { get; init; } = new HashSet<double>();
}

/// <summary>Values over steps or time: loss by epoch, share of unsure answers by hour.</summary>
public sealed record LineChart : Chart
{
    public required IReadOnlyList<Series> Series { get; init; }

    public AxisReading X { get; init; } = AxisReading.Whole;

    public AxisReading Y { get; init; } = AxisReading.Number;

    /// <summary>What x counts, said in the text alternative and under the axis: "epoch", "day".</summary>
    public string XLabel { get; init; } = "";

    public int Height { get; init; } = 240;

    public IReadOnlyList<Shade> Shades { get; init; } = [];

    /// <summary>Words at places of the x axis, instead of its figures.</summary>
    public IReadOnlyList<(double X, string Words)> XWords { get; init; } = [];

    internal override int DrawnHeight => Height;

    internal override Chart Sized(int width, int height) => this with { Width = width, Height = height };

    internal override string? Told() => Series.SelectMany(series => series.Points).Where(Drawable).ToList() is { Count: > 0 } drawn ? Told(drawn) : null;

    private protected override void Draw(Sheet sheet)
    {
        var drawn = Series.SelectMany(series => series.Points).Where(Drawable).ToList();
        var top = Series.Count > 1 ? 8 + Legend(sheet, 4, 8, Series.Select(series => (series.Name, series.Ink))) : 14;
        var bottom = Height - (XLabel.Length > 0 ? 44.0 : 26);
        var limits = Limits.Where(limit => Drawable(limit.Value)).ToList();
        var heights = drawn.Select(point => point.Y).Concat(limits.Select(limit => limit.Value)).ToList();
        var y = Scale.Over(heights.Min(), heights.Max(), bottom, top, Math.Max(2, (int)((bottom - top) / 42)), Y, round: true);
        var left = 12 + y.Ticks().Max(tick => sheet.WidthOf(y.Say(tick)));
        var x = Scale.Over(drawn.Min(point => point.X), drawn.Max(point => point.X), left + 4, Width - 10, Math.Max(2, (int)(Width - left) / 76), X, round: false);

        foreach (var shade in Shades)
            Paint(sheet, shade, x, top, bottom);
        Rows(sheet, y, left, Width - 4);
        if (XWords.Count > 0)
            Name(sheet, x, left, bottom);
        else
            Columns(sheet, x, bottom);
        if (XLabel.Length > 0)
            sheet.Text((left + Width) / 2, Height - 6, sheet.Fit(XLabel, Width - left), Align.Middle);
        foreach (var limit in limits)
            Cross(sheet, limit, y, left);
        foreach (var series in Series)
            Trace(sheet, series, x, y);
        foreach (var limit in limits)
            sheet.Text(left + 6, y.Pixel(limit.Value) + (y.Pixel(limit.Value) - top < 16 || limit.Below ? 15 : -6), sheet.Fit(limit.Label, Width - left - 16), tone: limit.Ink.Line(), halo: true, strong: true, facts: limit.Facts);
    }

    private static bool Drawable((double X, double Y) point) => Drawable(point.X) && Drawable(point.Y);

    private static void Paint(Sheet sheet, Shade shade, Scale x, double top, double bottom)
    {
        var (from, to) = (Math.Clamp(shade.From, x.Low, x.High), Math.Clamp(shade.To, x.Low, x.High));
        if (!(to > from))
            return;
        var wide = x.Pixel(to) - x.Pixel(from);
        sheet.Rect(new(x.Pixel(from), top, wide, bottom - top), shade.Ink.Area(), hint: shade.Label);
        // A stretch too narrow for its word goes without: the hint and the text alternative have it.
        if (sheet.WidthOf(shade.Label) <= wide - 10)
            sheet.Text(x.Pixel(from) + 6, bottom - 7, shade.Label, tone: shade.Ink.Line(), hint: shade.Label);
    }

    private void Cross(Sheet sheet, Limit limit, Scale y, double left)
        => sheet.Line(new(left, y.Pixel(limit.Value)), new(Width - 4, y.Pixel(limit.Value)), limit.Ink.Line(), 1.5, "6 5");

    /// <summary>Words under the axis; the outermost ones lean inwards so that none is cut off.</summary>
    private void Name(Sheet sheet, Scale x, double left, double bottom)
    {
        foreach (var (at, words) in XWords)
        {
            var half = sheet.WidthOf(words) / 2;
            sheet.Line(new(x.Pixel(at), bottom), new(x.Pixel(at), bottom + 5), Tone.Grid);
            sheet.Text(Math.Clamp(x.Pixel(at), Math.Min(left - 8 + half, Width - 2 - half), Width - 2 - half), bottom + 19, words, Align.Middle);
        }
    }

    private void Trace(Sheet sheet, Series series, Scale x, Scale y)
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
            path.Append(pen ? 'L' : 'M').Append(Sheet.At(x.Pixel(point.X))).Append(' ').Append(Sheet.At(y.Pixel(point.Y)));
            pen = true;
        }
        sheet.Path(path.ToString(), series.Ink.Line(), 2.25, hint: series.Name);
        foreach (var point in series.Points.Where(point => Drawable(point) && series.Noted.Contains(point.X)))
            sheet.Dot(new(x.Pixel(point.X), y.Pixel(point.Y)), 5, Ink.Bad.Line(), $"{series.Name}: {Figure.Short(point.Y, Y)}");
        if (series.Points.LastOrDefault(Drawable) is var last && series.Points.Any(Drawable) && !series.Noted.Contains(last.X))
            sheet.Dot(new(x.Pixel(last.X), y.Pixel(last.Y)), 4, series.Ink.Line(), $"{series.Name}: {Figure.Short(last.Y, Y)}");
    }

    /// <summary>A long line keeps the lowest and highest point of each pixel column, so no peak is lost.</summary>
    private IEnumerable<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points, Scale x)
        => points.Count <= 2 * Width
            ? points
            : points.Where(Drawable).GroupBy(point => (int)x.Pixel(point.X)).SelectMany(column =>
                ((IEnumerable<(double X, double Y)>)[column.MinBy(point => point.Y), column.MaxBy(point => point.Y)]).Distinct().OrderBy(point => point.X));

    private string Told(List<(double X, double Y)> drawn)
    {
        var over = $"{(XLabel.Length > 0 ? XLabel : X == AxisReading.Time ? "time" : "x")} {Figure.Short(drawn.Min(point => point.X), X)} to {Figure.Short(drawn.Max(point => point.X), X)}";
        var lines = Series.Where(series => series.Points.Any(Drawable)).Select(series =>
            $"{series.Name} goes from {Figure.Short(series.Points.First(Drawable).Y, Y)} to {Figure.Short(series.Points.Last(Drawable).Y, Y)}");
        var limits = Limits.Select(limit => $" Limit {limit.Label}: {Figure.Short(limit.Value, Y)}.");
        return $"Lines over {over}: {string.Join("; ", lines)}.{string.Concat(limits)}{string.Concat(Shades.Select(shade => $" Marked: {shade.Label}."))}";
    }
}
