namespace Steward.Statistics;

/// <summary>Hellinger distance of two rows of counts over the same bins or categories.</summary>
public static class Hellinger
{
    /// <summary>√(1 - Σ √(p·q)) over shares: 0 for equal shares, 1 for shares with nothing in common.</summary>
    /// <exception cref="ArgumentException">The rows differ in length, a count is negative, or one row is all zero.</exception>
    public static double Distance(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        Check.SameLength(reference.Length, current.Length);
        double[] p = Shares.Of(reference), q = Shares.Of(current);
        var common = 0.0;
        for (var i = 0; i < p.Length; i++) common += Math.Sqrt(p[i] * q[i]);
        return Math.Sqrt(Math.Max(0, 1 - common));
    }
}
