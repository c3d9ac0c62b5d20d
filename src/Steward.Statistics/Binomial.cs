namespace Steward.Statistics;

/// <summary>Counts of independent trials with a known chance each.</summary>
public static class Binomial
{
    /// <summary>P(at least <paramref name="hits"/> of <paramref name="trials"/>), summed term by term.</summary>
    /// <param name="hits">0 to trials.</param>
    /// <param name="trials">How often.</param>
    /// <param name="chance">Of one hit, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">hits is not in 0..trials, or the chance not in 0..1.</exception>
    public static double AtLeast(int hits, int trials, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
        if (!(chance is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(chance), chance, "A chance is 0 to 1.");
        if (hits == 0 || chance == 1) return 1;
        if (chance == 0) return 0;
        // As logarithms: half to the power of two thousand is no double. The first term is the largest when hits is beyond the mean.
        double sum = 0, term = GammaFunction.Log(trials + 1.0) - GammaFunction.Log(hits + 1.0) - GammaFunction.Log(trials - hits + 1.0)
            + hits * Math.Log(chance) + (trials - hits) * Math.Log(1 - chance), odds = Math.Log(chance) - Math.Log(1 - chance);
        for (var k = hits; k <= trials; k++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(trials - k) / (k + 1)) + odds;
        }
        return Math.Min(1, sum);
    }
}
