namespace Steward.Statistics;

/// <summary>
/// Scores of predicted probabilities against the true class. Every method takes <c>truth</c> (one class number per
/// row) and <c>probabilities</c> (row-major, rows × classes, each row adding up to 1), and returns 0 without rows.
/// </summary>
public static class ProbabilityScores
{
    /// <summary>
    /// Mean of -ln p(true class), in nats. As scikit-learn's log_loss for 32-bit floats, p is clipped to
    /// [2⁻²³, 1 - 2⁻²³], so that one confident mistake costs 15.9 and not infinity.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or a class number is outside 0..classes-1.</exception>
    public static double LogLoss(ReadOnlySpan<int> truth, ReadOnlySpan<float> probabilities, int classes)
    {
        Fit(truth, probabilities, classes);
        const double epsilon = 1.0 / (1 << 23);
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
            sum -= Math.Log(Math.Clamp(probabilities[row * classes + truth[row]], epsilon, 1 - epsilon));
        return Mean(sum, truth.Length);
    }

    /// <summary>
    /// Mean over rows of Σ over classes of (p - y)², y being 1 for the true class and 0 otherwise: Brier's own
    /// definition (1950), 0 best and 2 worst. For two classes it is twice the one-sided form.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or a class number is outside 0..classes-1.</exception>
    public static double Brier(ReadOnlySpan<int> truth, ReadOnlySpan<float> probabilities, int classes)
    {
        Fit(truth, probabilities, classes);
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
            for (var c = 0; c < classes; c++)
            {
                var miss = probabilities[row * classes + c] - (c == truth[row] ? 1.0 : 0.0);
                sum += miss * miss;
            }
        return Mean(sum, truth.Length);
    }

    /// <summary>
    /// Expected calibration error of the top class (Guo et al., ICML 2017): rows fall by their confidence into bins of
    /// equal width, closed above; Σ share of the bin · |accuracy - mean confidence| in it. 0..1, 0 is calibrated.
    /// On a tie the lowest class number is the answer.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or a class number is outside 0..classes-1.</exception>
    public static double CalibrationError(ReadOnlySpan<int> truth, ReadOnlySpan<float> probabilities, int classes, int bins = 10)
    {
        Fit(truth, probabilities, classes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var surplus = new double[bins];
        for (var row = 0; row < truth.Length; row++)
        {
            var answer = Answer(probabilities.Slice(row * classes, classes));
            var confidence = probabilities[row * classes + answer];
            // In float, so that 0.3f times 10 is 3 and stays in the bin it closes.
            var bin = Math.Clamp((int)MathF.Ceiling(confidence * bins) - 1, 0, bins - 1);
            surplus[bin] += (answer == truth[row] ? 1.0 : 0.0) - confidence;
        }
        // The bin's own row count cancels: share · |difference of means| = |difference of sums| / rows.
        return Mean(surplus.Sum(Math.Abs), truth.Length);
    }

    /// <summary>The class with the highest score; the lowest number on a tie.</summary>
    public static int Answer(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var c = 1; c < scores.Length; c++)
            if (scores[c] > scores[best]) best = c;
        return best;
    }

    private static double Mean(double sum, int rows) => rows == 0 ? 0 : sum / rows;

    private static void Fit(ReadOnlySpan<int> truth, ReadOnlySpan<float> probabilities, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        Check.SameLength(truth.Length * classes, probabilities.Length);
        foreach (var c in truth)
            if ((uint)c >= (uint)classes) throw new ArgumentException($"The class number {c} is outside 0..{classes - 1}.");
    }
}
