using System.Globalization;
using System.Text;

namespace Steward.Drawing;

/// <summary>One thing that varies: a parameter or a score. One value a line, as text; null where a line has none.</summary>
public sealed record ParallelAxis(string Name, IReadOnlyList<string?> Values);

/// <summary>One run: its name, its colour, and whether it stands out.</summary>
public sealed record ParallelLine(string Name, Ink Ink = Ink.Rill, bool Strong = false);

/// <summary>How parameters meet a result: an upright axis for each, a line for each run through its values (Inselberg 1985).
/// A line without a value on an axis pauses there.</summary>
public sealed record ParallelChart : Chart
{
    private const double Top = 30, Bottom = 34, Margin = 58;

    public required IReadOnlyList<ParallelAxis> Axes { get; init; }

    public required IReadOnlyList<ParallelLine> Lines { get; init; }

    public int Height { get; init; } = 240;

    internal override int DrawnHeight => Height;

    internal override Chart Sized(int width, int height) => this with { Width = width, Height = height };

    internal override string? Told() => Axes.Count < 2 || Lines.Count == 0 ? null : Told([.. Axes.Select(axis => Places.Of(axis.Values))]);

    private protected override void Draw(Sheet sheet)
    {
        var places = Axes.Select(axis => Places.Of(axis.Values)).ToList();
        var room = (Width - (2 * Margin)) / (Axes.Count - 1);
        // The strong ones last, so that nothing lies over them.
        foreach (var i in Enumerable.Range(0, Lines.Count).OrderBy(i => Lines[i].Strong))
            Trace(sheet, Lines[i], [.. places.Select(place => place.At[i])], room);
        for (var axis = 0; axis < Axes.Count; axis++)
        {
            var (x, wide) = (Margin + (axis * room), Math.Min(room - 6, 2 * Margin));
            sheet.Line(new(x, Top), new(x, Height - Bottom), Tone.Quiet);
            Words(sheet, x, Top - 12, Axes[axis].Name, wide, Tone.Words);
            Words(sheet, x, Height - Bottom + 18, places[axis].Ends, wide, Tone.Quiet);
        }
    }

    private static void Words(Sheet sheet, double x, double y, string words, double wide, Tone tone)
    {
        var fitted = sheet.Fit(words, wide);
        sheet.Text(x, y, fitted, Align.Middle, tone, hint: fitted == words ? null : words);
    }

    private void Trace(Sheet sheet, ParallelLine line, double[] at, double room)
    {
        var (path, pen) = (new StringBuilder(), false);
        for (var axis = 0; axis < at.Length; axis++)
        {
            if (double.IsNaN(at[axis]))
            {
                pen = false;
                continue;
            }

            path.Append(pen ? 'L' : 'M').Append(Sheet.At(Margin + (axis * room))).Append(' ').Append(Sheet.At(Height - Bottom - (at[axis] * (Height - Top - Bottom))));
            pen = true;
        }

        sheet.Path(path.ToString(), line.Ink.Line(), line.Strong ? 2.75 : 1.25, line.Strong ? 1 : 0.45, line.Name);
    }

    private string Told(List<Places> places)
        => $"{Lines.Count} lines over {string.Join(", ", Axes.Select((axis, i) => $"{axis.Name} ({places[i].Ends})"))}.{string.Concat(Lines.Where(line => line.Strong).Take(3).Select(line => $" {line.Name}: {string.Join(", ", Axes.Select(axis => $"{axis.Name} {axis.Values[Lines.ToList().IndexOf(line)] ?? "none"}"))}."))}";

    /// <param name="At">0 at the foot of the axis to 1 at its head; NaN where there is no value.</param>
    /// <param name="Ends">What stands at both ends: <c>0.1 … 3</c>.</param>
    private sealed record Places(double[] At, string Ends)
    {
        // From here on equal steps of a logarithm tell more than equal steps of the number.
        private const double Decades = 50;

        public static Places Of(IReadOnlyList<string?> values)
        {
            var numbers = values.Select(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e100 ? number : double.NaN).ToArray();
            if (values.Zip(numbers).All(pair => pair.First is null || !double.IsNaN(pair.Second)) && numbers.Any(number => !double.IsNaN(number)))
                return OfNumbers(numbers);
            var words = values.Where(value => value is not null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            return new([.. values.Select(value => value is null ? double.NaN : words.Count == 1 ? 0.5 : words.IndexOf(value) / (words.Count - 1.0))],
                words.Count switch { 0 => "none", 1 => words[0]!, _ => $"{words[0]} … {words[^1]}" });
        }

        private static Places OfNumbers(double[] numbers)
        {
            var (low, high) = (numbers.Where(number => !double.IsNaN(number)).Min(), numbers.Where(number => !double.IsNaN(number)).Max());
            Func<double, double> scale = low > 0 && high / low >= Decades ? Math.Log : number => number;
            var span = scale(high) - scale(low);
            return new([.. numbers.Select(number => span > 0 ? (scale(number) - scale(low)) / span : double.IsNaN(number) ? number : 0.5)],
                low == high ? Figure.Short(low, AxisReading.Number) : $"{Figure.Short(low, AxisReading.Number)} … {Figure.Short(high, AxisReading.Number)}");
        }
    }
}
