namespace Steward.Statistics;

/// <summary>Upper tails of the distributions that the tests refer to, and their inverses.</summary>
public static class Tails
{
    /// <summary>P(X ≥ x) of a chi-square variable with that many degrees of freedom; 1 when it has none.</summary>
    public static double ChiSquare(double x, double degrees) =>
        degrees <= 0 ? 1 : GammaFunction.UpperTail(degrees / 2, x / 2);

    /// <summary>P(Z ≥ z) of a standard normal variable.</summary>
    public static double Normal(double z) =>
        z < 0 ? 1 - Normal(-z) : 0.5 * GammaFunction.UpperTail(0.5, z * z / 2);

    /// <summary>The z above which a standard normal variable lies with this probability (0 &lt; probability &lt; 1).</summary>
    public static double NormalPoint(double probability) =>
        probability > 0.5 ? -NormalPoint(1 - probability) : Point(Normal, probability);

    /// <summary>Where a decreasing tail function that starts at 0 with at least that probability falls to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not strictly between 0 and 1.</exception>
    public static double Point(Func<double, double> tail, double probability)
    {
        ArgumentNullException.ThrowIfNull(tail);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        double low = 0, high = 1;
        while (tail(high) > probability) high *= 2;
        for (var middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
            if (tail(middle) > probability) low = middle; else high = middle;
        return high;
    }
}
