namespace Steward.Statistics;

/// <summary>Two models that answered the same items.</summary>
public static class PairedAnswers
{
    /// <summary>
    /// The first's macro F1 (or share of right answers) less the second's, and how that scatters: both are measured on the
    /// same draws (paired bootstrap), so what makes items hard for both cancels.
    /// </summary>
    /// <param name="truth">What each item is.</param>
    /// <param name="first">What the first said to each.</param>
    /// <param name="second">What the second said.</param>
    /// <param name="macroF1">False: the share of right answers.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="rounds">Draws.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Bootstrap Difference(IReadOnlyList<string> truth, IReadOnlyList<string> first, IReadOnlyList<string> second, bool macroF1, Random random, int rounds = 1000)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Check.SameLength(truth.Count, first.Count);
        Check.SameLength(truth.Count, second.Count);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] was = [.. truth.Select(Number)], one = [.. first.Select(Number)], other = [.. second.Select(Number)];
        return Bootstrap.OfDifference(was.Length, rows => Measure(one, rows), rows => Measure(other, rows), random, rounds);

        int Number(string label) => numbers.TryGetValue(label, out var number) ? number : numbers[label] = numbers.Count;

        double Measure(int[] answers, ReadOnlySpan<int> rows)
        {
            var matrix = ConfusionMatrix.Of(was, answers, numbers.Count, rows);
            return macroF1 ? matrix.MacroF1 : matrix.Accuracy;
        }
    }
}
