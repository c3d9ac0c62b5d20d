using static Steward.Statistics.Tests.Teaching.Lesson;

namespace Steward.Statistics.Tests.Teaching;

/// <summary>Few names teach much when they are asked for well.</summary>
public class TeachingTests
{
    private static readonly string Reference = Path.Combine(AppContext.BaseDirectory, "Reference");

    [Fact]
    public void Asked_well_two_fifths_of_the_names_that_chance_needs_teach_digits_as_well()
    {
        var chance = Marks(Way.Chance, 50, typicalStart: false, 500);
        var ours = Marks(Way.Ours, 50, typicalStart: true, 220);
        Assert.InRange(Crossing(ours, 0.95) / Crossing(chance, 0.95), 0, 0.4);
    }

    [Fact]
    public void Typical_rows_teach_more_at_first_than_chance_ones()
    {
        var (typical, chance) = (Marks(Way.Chance, 50, true, 50)[0].Right, Marks(Way.Chance, 50, false, 50)[0].Right);
        Assert.InRange(typical - chance, 0.03, 1);
    }

    [Fact]
    public void Of_many_alike_and_a_few_others_every_sort_is_asked_for()
    {
        float[] rows = [.. Enumerable.Range(0, 20).SelectMany(i => new[] { i * 1e-4f, 0 }), .. Enumerable.Range(90, 5).SelectMany(i => new[] { i * 10f, i })];
        double[] margins = [.. Enumerable.Repeat(0.1, 20), .. Enumerable.Repeat(0.2, 5)];
        Assert.Equal(5, Statistics.Teaching.Doubtful(margins, rows, 2, 10, new Random(1)).Count(row => row >= 20));
    }

    [Fact]
    public void Where_it_is_not_known_where_rows_lie_the_closest_decisions_are_asked_for()
        => Assert.Equal([3, 1], Statistics.Teaching.Doubtful([0.5, 0.2, 0.9, 0.1], [], 0, 2, new Random(1)));

    [Fact]
    public void Kappa_is_that_of_Cohens_table()
        // agreed 0.7; shares 0.6 and 0.5 of the first name: chance 0.3 + 0.2
        => Close.To(0.4, CohensKappa.Of([.. "aaaaaabbbb"], (char[])[.. "aaaabbbbba"]), 1e-12);

    [Theory]
    [InlineData(false, 0.99, 0.99)]
    [InlineData(true, 0.5, 0.99, 0.995, 1.0)]
    [InlineData(false, 0.99, 0.995, 1.0, 0.98)]
    [InlineData(false, 1.0, 1.0, 0.98, 1.0, 1.0)]
    public void Naming_may_stop_when_three_models_running_answer_as_the_one_before(bool stop, params double[] kappas)
        => Assert.Equal(stop, Statistics.Teaching.MayStop(kappas));

    private static List<Mark> Marks(Way way, int start, bool typicalStart, int most)
        => Mean(Enumerable.Range(0, 10).AsParallel().Select(seed => Learn(Pool.Digits(Reference, seed), way, start, typicalStart, 10, most, seed)).ToList());
}
