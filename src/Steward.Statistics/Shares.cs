namespace Steward.Statistics;

/// <summary>Counts per bin or category turned into shares of their total.</summary>
internal static class Shares
{
    public static double[] Of(ReadOnlySpan<long> counts)
    {
        var total = Total(counts);
        if (total == 0) throw new ArgumentException("All counts are zero: there is nothing to compare.");
        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++) shares[i] = (double)counts[i] / total;
        return shares;
    }

    public static long Total(ReadOnlySpan<long> counts)
    {
        long total = 0;
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            total += count;
        }
        return total;
    }

    /// <summary>Bins that hold something on either side, less one: the degrees of freedom of every test on two rows of counts.</summary>
    public static int Degrees(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        Check.SameLength(first.Length, second.Length);
        var used = 0;
        for (var i = 0; i < first.Length; i++)
            if (first[i] + second[i] > 0) used++;
        return Math.Max(used - 1, 0);
    }
}
