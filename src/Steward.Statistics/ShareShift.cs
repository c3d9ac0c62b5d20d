namespace Steward.Statistics;

/// <summary>
/// Whether a share, such as that of answers below a confidence, is larger in a window than in a reference of which it is
/// itself only known from a count.
/// </summary>
public static class ShareShift
{
    /// <summary>
    /// One-sided exact test of k of n in the window against k0 of n0 in the reference. The window's count is beta-binomial
    /// with the reference's share uncertain as Beta(k0 + 1, n0 - k0), its upper Clopper-Pearson form; that is the same
    /// number as Fisher's exact test, so alarms are never more frequent than allowed. A reference without rows never alarms.
    /// </summary>
    /// <param name="referenceHits">k0.</param>
    /// <param name="referenceRows">n0.</param>
    /// <param name="hits">k.</param>
    /// <param name="rows">n.</param>
    /// <param name="falseAlarm">How probable an alarm may be when nothing changed, per window.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or above its rows, or the probability not inside (0, 1).</exception>
    public static ShareJudgement Judge(
        int referenceHits, int referenceRows, int hits, int rows, double falseAlarm = EmbeddingDrift.DefaultFalseAlarm)
    {
        Inside(referenceHits, referenceRows);
        Inside(hits, rows);
        Check.Probability(falseAlarm);
        int low = 0, high = rows + 1; // the p-value falls as k grows; rows + 1 stands for "no count is enough"
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (middle > rows || Tail(referenceHits, referenceRows, middle, rows) <= falseAlarm) high = middle;
            else low = middle + 1;
        }
        return new(hits, rows, Share(referenceHits, referenceRows), low <= rows ? low : null,
            Tail(referenceHits, referenceRows, hits, rows));
    }

    /// <summary>How probable at least k of n hits are when nothing changed: the same exact test without its limit, which is dearer to find.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or above its rows.</exception>
    public static double PValue(int referenceHits, int referenceRows, int hits, int rows)
    {
        Inside(referenceHits, referenceRows);
        Inside(hits, rows);
        return Tail(referenceHits, referenceRows, hits, rows);
    }

    /// <summary>P(at least k hits in n rows), summed from the hypergeometric terms of the pooled table.</summary>
    private static double Tail(int k0, int n0, int k, int n)
    {
        int pooled = k0 + k, most = Math.Min(n, pooled);
        double sum = 0, whole = LogChoose(n + n0, pooled);
        for (var x = most; x >= Math.Max(k, pooled - n0); x--)
            sum += Math.Exp(LogChoose(n, x) + LogChoose(n0, pooled - x) - whole);
        return Math.Min(1, sum);
    }

    private static double LogChoose(int n, int k) =>
        GammaFunction.Log(n + 1.0) - GammaFunction.Log(k + 1.0) - GammaFunction.Log(n - k + 1.0);

    private static double Share(int hits, int rows) => rows == 0 ? 0 : (double)hits / rows;

    private static void Inside(int hits, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, rows);
    }
}

/// <summary>What was found about the share in one window.</summary>
/// <param name="Hits">Rows that count, such as unsure answers.</param>
/// <param name="Rows">Rows in the window.</param>
/// <param name="ReferenceShare">The reference's share, 0..1.</param>
/// <param name="Threshold">The fewest hits that raise an alarm in so many rows; null when no count would.</param>
/// <param name="PValue">How probable so many hits are when nothing changed.</param>
public sealed record ShareJudgement(int Hits, int Rows, double ReferenceShare, int? Threshold, double PValue)
{
    /// <summary>The window's share, 0..1; 0 without rows.</summary>
    public double Share => Rows == 0 ? 0 : (double)Hits / Rows;

    /// <summary>Whether the window raises an alarm.</summary>
    public bool Shifted => Hits >= Threshold;
}
