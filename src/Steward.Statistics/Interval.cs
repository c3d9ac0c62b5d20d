namespace Steward.Statistics;

/// <summary>A value and the interval that holds the true one with the confidence that was asked for.</summary>
/// <param name="Point">The value on the data as they are.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Point, double Low, double High)
{
    /// <summary>
    /// Wilson's score interval (1927) for a share of which <paramref name="hits"/> of <paramref name="trials"/> were
    /// seen; it stays inside 0..1 and is sensible for few trials. Without trials it is 0..1 around 0.5.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">hits is not in 0..trials, or the confidence not inside (0, 1).</exception>
    public static Interval Wilson(long hits, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
        Check.Probability(confidence);
        if (trials == 0) return new(0.5, 0, 1);
        double n = trials, share = hits / n, z = Tails.NormalPoint((1 - confidence) / 2), z2 = z * z;
        var middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        return new(share, hits == 0 ? 0 : middle - half, hits == trials ? 1 : middle + half);
    }
}
