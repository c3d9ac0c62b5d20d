using System.Globalization;
using Steward.Statistics;
using Steward.Tracking;

namespace Steward.Training;

/// <summary>One way to tell test items apart: a value per item, in their order; "" where nothing is known.</summary>
internal sealed record SliceBy(string By, IReadOnlyList<string> Values)
{
    // More different numbers than this are cut into quarters of the rows.
    private const int MostNumbers = 12, Parts = 4;

    public static SliceBy Of(Column column)
    {
        var values = Enumerable.Range(0, column.Count).Select(column.Say).ToList();
        if (column is not NumberColumn { Values: var numbers } || values.Distinct(StringComparer.Ordinal).Count() <= MostNumbers)
            return new(column.Name, values);
        var sorted = numbers.Where(value => !double.IsNaN(value)).Order().ToArray();
        double[] cuts = [.. Enumerable.Range(1, Parts - 1).Select(part => sorted[part * sorted.Length / Parts]).Distinct()];
        return new(column.Name, [.. numbers.Select(value => double.IsNaN(value) ? "" : Part(cuts, value))]);
    }

    private static string Part(double[] cuts, double value)
    {
        var above = cuts.Count(cut => value >= cut);
        string Text(double cut) => cut.ToString("G6", CultureInfo.InvariantCulture);
        return above == 0 ? $"under {Text(cuts[0])}" : above == cuts.Length ? $"from {Text(cuts[^1])}" : $"{Text(cuts[above - 1])} to under {Text(cuts[above])}";
    }
}

/// <summary>A metric of any rows of the test split.</summary>
internal sealed record SliceFigure(string Metric, RowMetric Of);

/// <summary>Measures parts of the test split by themselves.</summary>
internal static class Slicing
{
    private const int Rounds = 200, MostValues = 50;

    /// <param name="ways">Those that tell nothing apart are left out.</param>
    /// <param name="figures">The first orders the slices.</param>
    /// <param name="rows">Of the test split.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <returns>Null when nothing is told apart.</returns>
    public static Sliced? Of(IReadOnlyList<SliceBy> ways, IReadOnlyList<SliceFigure> figures, bool lessIsBetter, int rows, int seed)
    {
        var (slices, left) = (new List<Slice>(), new Dictionary<string, int>());
        foreach (var way in ways)
        {
            var groups = Enumerable.Range(0, rows).GroupBy(row => way.Values[row], StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (Value: group.Key, Rows: group.ToArray())).ToList();
            if (groups.Count < 2)
                continue;
            if (groups.Count > MostValues)
                left[way.By] = groups.Count - MostValues;
            slices.AddRange(groups.Take(MostValues).Select(group => new Slice(way.By, group.Value, group.Rows.Length, Measure(figures, group.Rows, seed))));
        }
        int[] all = [.. Enumerable.Range(0, rows)];
        return slices.Count == 0 ? null : new(figures[0].Metric, lessIsBetter, figures.ToDictionary(one => one.Metric, one => one.Of(all)), slices) { LeftOut = left };
    }

    private static Dictionary<string, SliceMetric> Measure(IReadOnlyList<SliceFigure> figures, int[] rows, int seed) => figures.ToDictionary(one => one.Metric, one =>
    {
        var drawn = new int[rows.Length];
        var interval = Bootstrap.Of(rows.Length, places =>
        {
            for (var i = 0; i < places.Length; i++)
                drawn[i] = rows[places[i]];
            return one.Of(drawn);
        }, new Random(seed), Rounds).Interval();
        return new SliceMetric(interval.Point, interval.Low, interval.High);
    });

    /// <summary>F1 and the share of right answers.</summary>
    public static IReadOnlyList<SliceFigure> OfAnswers(int[] truth, int[] answers, int kinds) =>
    [
        new("f1_macro", rows => ConfusionMatrix.Of(truth, answers, kinds, rows).MacroF1),
        new("accuracy", rows => ConfusionMatrix.Of(truth, answers, kinds, rows).Accuracy),
    ];

    /// <summary>The root of the mean squared error, and the mean error.</summary>
    public static IReadOnlyList<SliceFigure> OfNumbers(double[] truth, double[] told) =>
    [
        new("rmse", rows => RegressionScores.Rmse(Rows.Pick(truth, rows), Rows.Pick(told, rows))),
        new("mae", rows => RegressionScores.Mae(Rows.Pick(truth, rows), Rows.Pick(told, rows))),
    ];

    /// <summary>The mean of what each item is worth.</summary>
    public static SliceFigure OfMeans(string metric, double[] worth) => new(metric, rows =>
    {
        var sum = 0.0;
        foreach (var row in rows)
            sum += worth[row];
        return sum / rows.Length;
    });
}
