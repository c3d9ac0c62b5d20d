namespace Steward.Statistics;

/// <summary>
/// Scores of one ranked list: <c>gains</c> says, best place first, how much each listed thing was worth (0 when it was not
/// wanted), and <c>wanted</c> what all wanted things are worth, listed or not. The mean over lists is the metric that people name.
/// </summary>
public static class RankingScores
{
    /// <summary>
    /// Normalised discounted cumulative gain of the first <paramref name="k"/> places (Järvelin and Kekäläinen 2002), with gains as they
    /// are and a discount of log2(place + 1): 1 is the best order there is, 0 finds nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not positive.</exception>
    public static double Ndcg(ReadOnlySpan<double> gains, ReadOnlySpan<double> wanted, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var best = wanted.ToArray();
        Array.Sort(best, (a, b) => b.CompareTo(a));
        return Discounted(best, k) is > 0 and var ideal ? Discounted(gains, k) / ideal : 0;
    }

    /// <summary>Average precision of the first <paramref name="k"/> places: the precision at each hit, over the hits there could be.</summary>
    /// <param name="wanted">How many things are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not positive.</exception>
    public static double AveragePrecision(ReadOnlySpan<double> gains, int wanted, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var (hits, sum) = (0, 0.0);
        for (var place = 0; place < Math.Min(k, gains.Length); place++)
            if (gains[place] > 0)
                sum += ++hits / (place + 1.0);
        return wanted == 0 ? 0 : sum / Math.Min(wanted, k);
    }

    /// <summary>The share of what is wanted that is among the first <paramref name="k"/>.</summary>
    /// <param name="wanted">How many things are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not positive.</exception>
    public static double Recall(ReadOnlySpan<double> gains, int wanted, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var hits = 0;
        foreach (var gain in gains[..Math.Min(k, gains.Length)])
            hits += gain > 0 ? 1 : 0;
        return wanted == 0 ? 0 : (double)hits / wanted;
    }

    /// <summary>The share of all things that at least one list shows in its first <paramref name="k"/> places.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k or the number of things is not positive.</exception>
    public static double Coverage(IEnumerable<int[]> lists, int things, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(things);
        ArgumentNullException.ThrowIfNull(lists);
        return lists.SelectMany(list => list.Take(k)).ToHashSet().Count / (double)things;
    }

    /// <summary>How little known the first <paramref name="k"/> things of a list are: the mean of -log2 of the share of people who knew each before, in bits.</summary>
    /// <param name="knownBy">How many people knew each thing; of nobody counts as of one.</param>
    /// <param name="people">How many people there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">k or the number of people is not positive.</exception>
    public static double Novelty(ReadOnlySpan<int> list, ReadOnlySpan<int> knownBy, int people, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(people);
        var (sum, shown) = (0.0, Math.Min(k, list.Length));
        foreach (var thing in list[..shown])
            sum -= Math.Log2(Math.Max(1, knownBy[thing]) / (double)people);
        return shown == 0 ? 0 : sum / shown;
    }

    private static double Discounted(ReadOnlySpan<double> gains, int k)
    {
        var sum = 0.0;
        for (var place = 0; place < Math.Min(k, gains.Length); place++)
            sum += gains[place] / Math.Log2(place + 2);
        return sum;
    }
}
