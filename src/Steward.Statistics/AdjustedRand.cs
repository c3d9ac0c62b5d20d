namespace Steward.Statistics;

/// <summary>How well two ways of sorting the same rows agree.</summary>
public static class AdjustedRand
{
    /// <summary>
    /// The adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions whatever their labels are called, about 0 for
    /// unrelated ones, below 0 for worse than chance. Two partitions without any pair to judge agree: 1.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Index(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        Check.SameLength(first.Length, second.Length);
        Dictionary<int, long> rows = [], columns = [];
        Dictionary<(int, int), long> cells = [];
        for (var i = 0; i < first.Length; i++)
        {
            Add(rows, first[i]);
            Add(columns, second[i]);
            Add(cells, (first[i], second[i]));
        }
        double all = Pairs(first.Length), a = rows.Values.Sum(Pairs), b = columns.Values.Sum(Pairs), both = cells.Values.Sum(Pairs);
        var expected = all == 0 ? 0 : a * b / all;
        var most = (a + b) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    private static void Add<T>(Dictionary<T, long> counts, T key) where T : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    private static double Pairs(long n) => n * (n - 1.0) / 2;
}
