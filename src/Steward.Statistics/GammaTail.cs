namespace Steward.Statistics;

/// <summary>
/// A gamma distribution, shifted where needed, that stands for the upper tail of a statistic far beyond what
/// resampling can reach: P(T ≥ t) = Q(Shape, (t - Shift) / Scale).
/// </summary>
/// <param name="Rows">The window size, in rows, at which the statistic was resampled.</param>
/// <param name="Shape">Shape of the gamma distribution.</param>
/// <param name="Scale">Its scale, in units of the statistic.</param>
/// <param name="Shift">Where it starts.</param>
public sealed record GammaTail(int Rows, double Shape, double Scale, double Shift)
{
    /// <summary>
    /// Matches mean and variance (Satterthwaite 1946, a scaled chi-square); where the sample is more skewed than that,
    /// also the skewness (Pearson's type III). Never the lighter of the two, so the extrapolation errs to fewer alarms.
    /// </summary>
    /// <exception cref="ArgumentException">The sample does not vary or its mean is not positive.</exception>
    public static GammaTail Fit(int rows, ReadOnlySpan<double> sample)
    {
        double mean = 0, square = 0, cube = 0;
        foreach (var t in sample) mean += t / sample.Length;
        foreach (var t in sample)
        {
            var off = t - mean;
            square += off * off / sample.Length;
            cube += off * off * off / sample.Length;
        }
        if (!(square > 0) || !(mean > 0)) throw new ArgumentException("The resampled statistic does not vary: the reference rows are all alike.");
        double deviation = Math.Sqrt(square), plain = 2 * deviation / mean, skewness = Math.Max(plain, cube / (square * deviation));
        double shape = 4 / (skewness * skewness), scale = deviation * skewness / 2;
        return new(rows, shape, scale, skewness > plain ? mean - shape * scale : 0);
    }

    /// <summary>P(T ≥ statistic).</summary>
    public double PValue(double statistic) => GammaFunction.UpperTail(Shape, (statistic - Shift) / Scale);

    /// <summary>The statistic that is exceeded with this probability.</summary>
    public double Threshold(double probability) =>
        Shift + Scale * Tails.Point(x => GammaFunction.UpperTail(Shape, x), probability);
}
