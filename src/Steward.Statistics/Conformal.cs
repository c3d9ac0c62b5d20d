namespace Steward.Statistics;

/// <summary>
/// Split-conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): from rows that nothing was learned from follows how
/// much an answer must be widened to hold the truth as often as wanted, whatever the model is. It holds for rows like those rows.
/// </summary>
public static class Conformal
{
    /// <summary>
    /// How probable a class must be told to belong to the answer's set, class by class (Vovk 2012; Sadinle, Lei and Wasserman
    /// 2019), so that rare classes are held as often as common ones. 0, always in, for a class of too few rows to say.
    /// </summary>
    /// <param name="truth">The true class of each row.</param>
    /// <param name="probabilities">Rows times classes.</param>
    /// <param name="coverage">Wanted, such as 0.9.</param>
    public static float[] LeastProbabilities(ReadOnlySpan<int> truth, ReadOnlySpan<float> probabilities, int classes, double coverage)
    {
        Check.SameLength(truth.Length * classes, probabilities.Length);
        Check.Probability(coverage);
        var told = new List<float>[classes];
        for (var k = 0; k < classes; k++)
            told[k] = [];
        for (var row = 0; row < truth.Length; row++)
            told[truth[row]].Add(probabilities[(row * classes) + truth[row]]);
        return [.. told.Select(own => Rank(own.Count, coverage) is var rank && rank > own.Count ? 0 : own.OrderDescending().ElementAt(rank - 1))];
    }

    /// <summary>The classes that hold the truth as often as was wanted; the most probable one is always among them.</summary>
    /// <param name="row">Probabilities of the classes.</param>
    /// <param name="least">Of <see cref="LeastProbabilities"/>.</param>
    /// <returns>The most probable first.</returns>
    public static int[] Among(ReadOnlySpan<float> row, ReadOnlySpan<float> least)
    {
        Check.SameLength(row.Length, least.Length);
        var (told, best, among) = (row.ToArray(), ProbabilityScores.Answer(row), new List<int>());
        for (var k = 0; k < row.Length; k++)
            if (k == best || row[k] >= least[k])
                among.Add(k);
        return [.. among.OrderByDescending(k => told[k]).ThenBy(k => k)];
    }

    /// <summary>How far around a predicted number the truth lies as often as wanted; infinite when there are too few rows to say.</summary>
    /// <param name="errors">Of the rows, whatever their sign.</param>
    public static double Margin(IReadOnlyCollection<double> errors, double coverage)
    {
        Check.Probability(coverage);
        var rank = Rank(errors.Count, coverage);
        return rank > errors.Count ? double.PositiveInfinity : errors.Select(Math.Abs).Order().ElementAt(rank - 1);
    }

    // Of n rows and one more each is as likely to be at any rank, so n + 1 counts.
    private static int Rank(int rows, double coverage) => (int)Math.Ceiling(((rows + 1) * coverage) - 1e-9);
}
