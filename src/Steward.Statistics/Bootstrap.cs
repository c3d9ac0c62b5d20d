namespace Steward.Statistics;

/// <summary>A metric of some rows of a data set; a row number may come several times.</summary>
public delegate double RowMetric(ReadOnlySpan<int> rows);

/// <summary>What a metric does when the rows are drawn anew, with replacement (Efron 1979).</summary>
public sealed class Bootstrap
{
    private readonly double[] _sorted;

    private Bootstrap(double point, double[] sorted) => (Point, _sorted) = (point, sorted);

    /// <summary>The metric of all rows, each once.</summary>
    public double Point { get; }

    /// <summary>Draws <paramref name="rows"/> of <paramref name="rows"/> rows <paramref name="rounds"/> times and measures each draw.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no rows or no rounds.</exception>
    public static Bootstrap Of(int rows, RowMetric metric, Random random, int rounds = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(random);
        var drawn = new int[rows];
        for (var i = 0; i < rows; i++) drawn[i] = i;
        var point = metric(drawn);
        var values = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < rows; i++) drawn[i] = random.Next(rows);
            values[round] = metric(drawn);
        }
        Array.Sort(values);
        return new(point, values);
    }

    /// <summary>A metric that was measured on draws made elsewhere, so that several metrics share them.</summary>
    /// <param name="point">The metric of all rows, each once.</param>
    /// <param name="draws">One value a draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Bootstrap OfDraws(double point, IEnumerable<double> draws)
    {
        double[] values = [.. draws];
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(draws));
        Array.Sort(values);
        return new(point, values);
    }

    /// <summary>
    /// The difference first - second of two models on the same rows: both are measured on every draw, so what makes
    /// rows hard for both cancels.
    /// </summary>
    public static Bootstrap OfDifference(int rows, RowMetric first, RowMetric second, Random random, int rounds = 1000) =>
        Of(rows, drawn => first(drawn) - second(drawn), random, rounds);

    /// <summary>The percentile interval: (1-confidence)/2 of the draws lie below it and as many above.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public Interval Interval(double confidence = 0.95)
    {
        Check.Probability(confidence);
        return new(Point, Quantiles.OfSorted(_sorted, (1 - confidence) / 2), Quantiles.OfSorted(_sorted, (1 + confidence) / 2));
    }

    /// <summary>
    /// Share of draws at or above this value. "Not worse than the champion by more than 0.005, with confidence 0.95"
    /// is <c>OfDifference(…, candidate, champion, …).ShareAtLeast(-0.005) >= 0.95</c>.
    /// </summary>
    public double ShareAtLeast(double value) => (double)_sorted.Count(draw => draw >= value) / _sorted.Length;
}
