namespace Steward.Statistics;

/// <summary>
/// Scores of predicted numbers against the true ones, as scikit-learn defines them. All but <see cref="R2"/> are in the
/// units of what is predicted, or a share of it; 0 is perfect.
/// </summary>
public static class RegressionScores
{
    // Below this a true value counts as this much, so that one zero does not make the share infinite (as scikit-learn does).
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Mean absolute error.</summary>
    /// <exception cref="ArgumentException">The lengths differ or there are no rows.</exception>
    public static double Mae(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) => Mean(truth, predicted, (y, p) => Math.Abs(y - p));

    /// <summary>Root of the mean squared error: large misses count more.</summary>
    /// <exception cref="ArgumentException">The lengths differ or there are no rows.</exception>
    public static double Rmse(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) => Math.Sqrt(Mean(truth, predicted, (y, p) => (y - p) * (y - p)));

    /// <summary>Mean of the absolute errors as shares of the true values: 0.1 is ten percent off. Says little where true values are near 0.</summary>
    /// <exception cref="ArgumentException">The lengths differ or there are no rows.</exception>
    public static double Mape(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) => Mean(truth, predicted, (y, p) => Math.Abs(y - p) / Math.Max(Math.Abs(y), Epsilon));

    /// <summary>The share of the variance that is explained: 1 is perfect, 0 is what the mean explains, below 0 is worse. Where nothing varies, 1 when every prediction is right and 0 otherwise.</summary>
    /// <exception cref="ArgumentException">The lengths differ or there are no rows.</exception>
    public static double R2(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var left = Mean(truth, predicted, (y, p) => (y - p) * (y - p));
        var mean = 0.0;
        foreach (var value in truth) mean += value / truth.Length;
        var spread = 0.0;
        foreach (var value in truth) spread += (value - mean) * (value - mean) / truth.Length;
        return spread > 0 ? 1 - (left / spread) : left == 0 ? 1 : 0;
    }

    private static double Mean(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted, Func<double, double, double> miss)
    {
        Check.SameLength(truth.Length, predicted.Length);
        if (truth.IsEmpty) throw new ArgumentException("There are no rows.", nameof(truth));
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++) sum += miss(truth[row], predicted[row]);
        return sum / truth.Length;
    }
}
