namespace Steward.Statistics;

/// <summary>Which rows a person should name, so that few names teach much.</summary>
public static class Teaching
{
    // For each name wanted so many of the closest decisions are looked at, but not what is decided already: at most a quarter of
    // all rows, unless that leaves nothing to choose from. Measured as in bench/results/labels.md, ten in the place of four needed as
    // many names of digits for 95 of 100, and of clothes 1,950 instead of 1,600 to be as good as with all of them.
    private const double Most = 4, Least = 2.5, Quarter = 0.25;

    /// <summary>Two models that learned one after the other answer alike from this kappa on.</summary>
    public const double Alike = 0.99;

    /// <summary>So many times running before it counts: once may be luck.</summary>
    public const int Running = 3;

    /// <summary>
    /// Of the closest decisions (smallest margins between the two likeliest answers) clusters weighted by doubt, and of each
    /// its middle: doubtful ones that differ. The rows' numbers, the closest decision first.
    /// </summary>
    /// <param name="margins">One per row, 0 for undecided to 1 for sure.</param>
    /// <param name="rows">Where the rows lie, row-major; empty when that is not known: then the closest decisions alone.</param>
    /// <param name="dimensions">Values per row.</param>
    /// <param name="batch">Names wanted.</param>
    /// <param name="random">Seeded.</param>
    public static int[] Doubtful(ReadOnlySpan<double> margins, ReadOnlySpan<float> rows, int dimensions, int batch, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var margin = margins.ToArray();
        int[] closest = [.. Enumerable.Range(0, margin.Length).OrderBy(row => margin[row]).ThenBy(row => row).Take(Considered(margin.Length, batch))];
        if (closest.Length <= batch || rows.IsEmpty)
            return closest[..Math.Min(batch, closest.Length)];
        Check.SameLength(margin.Length, Check.Rows(rows.Length, dimensions));
        var (near, weights) = (new float[closest.Length * dimensions], Array.ConvertAll(closest, row => (float)Math.Max(1e-3, 1 - margin[row])));
        for (var i = 0; i < closest.Length; i++)
            rows.Slice(closest[i] * dimensions, dimensions).CopyTo(near.AsSpan(i * dimensions));
        var chosen = KMeans.Of(near, dimensions, batch, random, weights).Medoids.Where(i => i >= 0).Select(i => closest[i]).ToHashSet();
        // Fewer clusters than asked for (rows that are alike): the closest decisions fill up.
        chosen.UnionWith([.. closest.Where(row => !chosen.Contains(row)).Take(batch - chosen.Count)]);
        return [.. closest.Where(chosen.Contains)];
    }

    /// <summary>
    /// Whether naming may stop: models that learned one after the other, each with more names, answer the same things alike,
    /// three times running (stabilizing predictions, Bloodgood and Vijay-Shanker 2009).
    /// </summary>
    /// <param name="kappas">Of each model's answers with those of the one before, oldest first.</param>
    public static bool MayStop(IReadOnlyList<double> kappas) => AlikeRunning(kappas) >= Running;

    /// <summary>How many times running, up to now, a model answered like the one before.</summary>
    public static int AlikeRunning(IReadOnlyList<double> kappas) => kappas.Reverse().TakeWhile(kappa => kappa >= Alike).Count();

    private static int Considered(int rows, int batch) => (int)Math.Ceiling(Math.Clamp(rows * Quarter, batch * Least, batch * Most));

    /// <summary>
    /// Where nothing is learned yet: the middles of as many clusters as names are wanted, that of the largest cluster first.
    /// On digits a model of 50 such names is right in 90 of 100 cases, of 50 chance ones in 83.
    /// </summary>
    public static int[] Typical(ReadOnlySpan<float> rows, int dimensions, int count, Random random)
    {
        var found = KMeans.Of(rows, dimensions, count, random);
        var sizes = found.Labels.CountBy(label => label).ToDictionary(size => size.Key, size => size.Value);
        return [.. found.Medoids.Where(row => row >= 0).OrderByDescending(row => sizes[found.Labels[row]]).ThenBy(row => row)];
    }
}
