namespace Steward.Statistics;

/// <summary>How large the drift score gets by chance, learned from rows that had no part in choosing the axes.</summary>
internal static class EmbeddingCalibration
{
    public const int SmallestWindow = 8;

    /// <summary>
    /// For windows of 8, 16, 32, … up to half of the held-out rows: draws such a window from them, compares it with the
    /// rest, many times, and fits the tail. Under "nothing changed" a real window and the held-out rows are exchangeable,
    /// which makes this the score's own distribution.
    /// </summary>
    public static GammaTail[] Of(double[][] features, Moments moments, int resamples, Random random)
    {
        var root = moments.Root();
        var white = new double[features.Length][];
        for (var r = 0; r < white.Length; r++)
        {
            white[r] = [.. features[r].Zip(moments.Mean, (f, m) => f - m)];
            root.Whiten(white[r]);
        }
        var tails = new List<GammaTail>();
        for (var size = SmallestWindow; size <= white.Length / 2; size *= 2)
            tails.Add(GammaTail.Fit(size, Draw(white, size, resamples, random)));
        return [.. tails];
    }

    private static double[] Draw(double[][] white, int size, int resamples, Random random)
    {
        var scores = new double[resamples];
        var sum = new double[white[0].Length];
        double n = size, all = white.Length;
        for (var round = 0; round < resamples; round++)
        {
            Array.Clear(sum);
            for (var i = 0; i < size; i++)
            {
                var pick = random.Next(i, white.Length);
                (white[i], white[pick]) = (white[pick], white[i]);
                System.Numerics.Tensors.TensorPrimitives.Add(sum, white[i], sum);
            }
            // The whole has mean zero, so the rest's mean follows from the window's: n·rest/all · |window - rest|².
            scores[round] = all / (n * (all - n)) * sum.Sum(v => v * v);
        }
        return scores;
    }
}
