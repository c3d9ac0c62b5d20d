namespace Steward.Statistics.Tests;

public class ConformalTests
{
    private const int Classes = 5;

    /// <summary>4,000 rows to set the borders by and 20,000 to see: by chance alone the share would leave 88 to 92 % once in a million draws.</summary>
    [Fact]
    public void Sets_hold_the_truth_nine_times_of_ten_also_of_a_rare_class_and_a_model_that_lies()
    {
        var chance = new Random(11);
        var (known, told) = Draw(4000, chance);
        var least = Conformal.LeastProbabilities(known, told, Classes, 0.9);
        var (truth, probabilities) = Draw(20_000, chance);
        var held = new int[Classes];
        for (var row = 0; row < truth.Length; row++)
            held[truth[row]] += Conformal.Among(probabilities.AsSpan(row * Classes, Classes), least).Contains(truth[row]) ? 1 : 0;
        Assert.InRange(held.Sum() / 20_000.0, 0.88, 0.92);
        // The rarest class is the hardest, too, and has 1 row of 20: its share scatters more, and would not be held without a border of its own.
        Assert.All(Enumerable.Range(0, Classes), k => Assert.InRange(held[k] / (double)truth.Count(kind => kind == k), 0.85, 0.95));
        float[] shared = [.. Enumerable.Repeat(Conformal.LeastProbabilities(new int[known.Length], [.. known.Select((kind, row) => told[(row * Classes) + kind])], 1, 0.9)[0], Classes)];
        Assert.InRange(Enumerable.Range(0, truth.Length).Count(row => truth[row] == 4 && Conformal.Among(probabilities.AsSpan(row * Classes, Classes), shared).Contains(4)) / (double)truth.Count(kind => kind == 4), 0.5, 0.85);
    }

    [Fact]
    public void Around_a_predicted_number_the_truth_lies_nine_times_of_ten()
    {
        var chance = new Random(12);
        // Errors with a long tail, as money has.
        double[] Errors(int rows) => [.. Enumerable.Range(0, rows).Select(_ => Math.Exp(2 * chance.NextDouble() * chance.NextDouble()) * (chance.NextDouble() - 0.4))];
        var margin = Conformal.Margin(Errors(4000), 0.9);
        Assert.InRange(Errors(20_000).Count(error => Math.Abs(error) <= margin) / 20_000.0, 0.88, 0.92);
    }

    [Fact]
    public void The_border_is_the_rank_that_one_more_row_would_have()
    {
        // Of 9 rows and one more, 9 of 10 lie at or above the least; of 8 nothing can be said.
        int[] truth = [.. Enumerable.Repeat(0, 9), .. Enumerable.Repeat(1, 8)];
        float[] probabilities = [.. Enumerable.Range(1, 9).SelectMany(i => new[] { i / 10f, 1 - (i / 10f) }), .. Enumerable.Range(1, 8).SelectMany(i => new[] { 1 - (i / 10f), i / 10f })];
        Assert.Equal([0.1f, 0f], Conformal.LeastProbabilities(truth, probabilities, 2, 0.9));
        Assert.Equal(0.5f, Conformal.LeastProbabilities(truth, probabilities, 2, 0.5)[0]);
        Assert.Equal(9, Conformal.Margin([1, -9, 3, 4, -5, 6, 7, 8, 2], 0.9));
        Assert.Equal(double.PositiveInfinity, Conformal.Margin([1, 2, 3], 0.9));
    }

    [Fact]
    public void The_most_probable_class_is_always_among_them_and_comes_first()
    {
        Assert.Equal([1], Conformal.Among([0.2f, 0.5f, 0.3f], [0.9f, 0.9f, 0.9f]));
        Assert.Equal([1, 2], Conformal.Among([0.2f, 0.5f, 0.3f], [0.9f, 0.9f, 0.3f]));
    }

    /// <summary>Probabilities that are sharper than they should be, of classes of different difficulty.</summary>
    private static (int[] Truth, float[] Probabilities) Draw(int rows, Random chance)
    {
        var (truth, probabilities) = (new int[rows], new float[rows * Classes]);
        for (var row = 0; row < rows; row++)
        {
            truth[row] = chance.NextDouble() < 0.05 ? 4 : chance.Next(4);
            var scores = Enumerable.Range(0, Classes).Select(k => Math.Exp(3 * ((k == truth[row] ? 0.2 + (0.1 * (4 - k)) : 0) + (1.6 * (chance.NextDouble() - 0.5))))).ToArray();
            for (var k = 0; k < Classes; k++)
                probabilities[(row * Classes) + k] = (float)(scores[k] / scores.Sum());
        }
        return (truth, probabilities);
    }
}
