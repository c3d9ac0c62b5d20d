namespace Steward.Statistics;

/// <summary>Cuts numbers into bins that both sides of a comparison share. NaN and infinities are left out everywhere.</summary>
public static class Bins
{
    /// <summary>
    /// Inner edges that cut the reference into equally full bins: the quantiles at 1/bins, 2/bins, …, without repeats,
    /// so a column with few values gets fewer bins. The outer bins are open, so nothing falls outside. Store these once;
    /// then count every window with <see cref="CountBetween"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The reference has no finite value, or fewer than two bins were asked for.</exception>
    public static double[] ByQuantile(ReadOnlySpan<double> reference, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var sorted = Finite(reference);
        Array.Sort(sorted);
        var edges = new double[bins - 1];
        for (var i = 1; i < bins; i++) edges[i - 1] = Quantiles.OfSorted(sorted, (double)i / bins);
        return [.. edges.Distinct()];
    }

    /// <summary>Counts per bin, edges.Length + 1 of them; a value equal to an edge belongs to the bin below it.</summary>
    public static long[] CountBetween(ReadOnlySpan<double> values, ReadOnlySpan<double> innerEdges)
    {
        var counts = new long[innerEdges.Length + 1];
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) continue;
            var place = innerEdges.BinarySearch(value);
            counts[place < 0 ? ~place : place]++;
        }
        return counts;
    }

    /// <summary>
    /// Counts of both samples in equal-width bins over their common range, ⌈log₂ n + 1⌉ of them (Sturges 1926), the
    /// last one closed: numpy's histogram_bin_edges(…, 'sturges'), which Evidently uses, so its distances can be had exactly.
    /// </summary>
    /// <exception cref="ArgumentException">Neither sample has a finite value.</exception>
    public static (long[] Reference, long[] Current) BySturges(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] first = Finite(reference, mayBeEmpty: true), second = Finite(current, mayBeEmpty: true);
        double[] both = Finite([.. first, .. second]);
        double low = both.Min(), high = both.Max();
        var count = 1;
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        else count = (int)Math.Ceiling((high - low) / ((high - low) / (Math.Log2(both.Length) + 1)));
        var edges = new double[count + 1];
        for (var i = 0; i < count; i++) edges[i] = i * ((high - low) / count) + low;
        edges[count] = high;
        return (CountInside(first, edges), CountInside(second, edges));
    }

    private static long[] CountInside(double[] values, double[] edges)
    {
        var counts = new long[edges.Length - 1];
        foreach (var value in values)
        {
            var place = Array.BinarySearch(edges, value);
            counts[Math.Min(place < 0 ? ~place - 1 : place, counts.Length - 1)]++;
        }
        return counts;
    }

    private static double[] Finite(ReadOnlySpan<double> values, bool mayBeEmpty = false)
    {
        var kept = new List<double>(values.Length);
        foreach (var value in values)
            if (double.IsFinite(value)) kept.Add(value);
        return kept.Count > 0 || mayBeEmpty ? [.. kept] : throw new ArgumentException("There is no finite value to make bins from.");
    }
}
