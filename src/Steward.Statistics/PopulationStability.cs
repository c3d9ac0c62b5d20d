namespace Steward.Statistics;

/// <summary>Population stability index (PSI) of two rows of counts over the same bins or categories.</summary>
public static class PopulationStability
{
    /// <summary>
    /// Σ (reference - current) · ln(reference / current) over shares. 0 is no change; credit scoring's habit is to look
    /// above 0.1 and to act above 0.2, which is only right for thousands of rows: see <see cref="PValue"/>.
    /// An empty bin is filled as Evidently fills it, separately in each row: with 0.0001, or with a millionth of the
    /// row's smallest share when that is itself at most 0.0001.
    /// </summary>
    /// <exception cref="ArgumentException">The rows differ in length, a count is negative, or one row is all zero.</exception>
    public static double Index(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        Check.SameLength(reference.Length, current.Length);
        double[] first = Filled(reference), second = Filled(current);
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            if (reference[i] + current[i] > 0) sum += (first[i] - second[i]) * Math.Log(first[i] / second[i]);
        return sum;
    }

    /// <summary>
    /// How probable so large an index is when nothing changed: PSI · nm/(n+m) is then about chi-square with one degree
    /// less than there are used bins (Yurdakul 2018), for n and m rows. A window of 100 rows exceeds 0.1 by chance alone.
    /// </summary>
    /// <exception cref="ArgumentException">As for <see cref="Index"/>.</exception>
    public static double PValue(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        double n = Shares.Total(reference), m = Shares.Total(current);
        return Tails.ChiSquare(Index(reference, current) * n * m / (n + m), Shares.Degrees(reference, current));
    }

    private static double[] Filled(ReadOnlySpan<long> counts)
    {
        var shares = Shares.Of(counts);
        var smallest = shares.Where(share => share > 0).Min();
        var fill = smallest <= 1e-4 ? smallest / 1e6 : 1e-4;
        for (var i = 0; i < shares.Length; i++)
            if (shares[i] == 0) shares[i] = fill;
        return shares;
    }
}
