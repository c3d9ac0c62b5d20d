namespace Steward.Statistics;

/// <summary>Jensen-Shannon divergence (Lin 1991) of two rows of counts over the same bins or categories.</summary>
public static class JensenShannon
{
    /// <summary>½ KL(p ‖ m) + ½ KL(q ‖ m) with m their mean, in nats: 0 for equal shares, ln 2 for shares with nothing in common.</summary>
    /// <exception cref="ArgumentException">The rows differ in length, a count is negative, or one row is all zero.</exception>
    public static double Divergence(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        Check.SameLength(reference.Length, current.Length);
        double[] p = Shares.Of(reference), q = Shares.Of(current);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++) sum += Half(p[i], q[i]) + Half(q[i], p[i]);
        return Math.Clamp(sum, 0, Math.Log(2));
    }

    /// <summary>The square root of the divergence, a metric: 0..√(ln 2) ≈ 0.833. Divide by √(ln 2) for the base-2 form, 0..1.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Divergence"/>.</exception>
    public static double Distance(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Math.Sqrt(Divergence(reference, current));

    /// <summary>
    /// How probable so large a divergence is when nothing changed: 8nm/(n+m) · divergence is then about chi-square with
    /// one degree less than there are used bins, for n and m rows.
    /// </summary>
    /// <exception cref="ArgumentException">As for <see cref="Divergence"/>.</exception>
    public static double PValue(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        double n = Shares.Total(reference), m = Shares.Total(current);
        return Tails.ChiSquare(8 * n * m / (n + m) * Divergence(reference, current), Shares.Degrees(reference, current));
    }

    private static double Half(double p, double q) => p == 0 ? 0 : 0.5 * p * Math.Log(2 * p / (p + q));
}
