namespace Steward.Statistics.Tests;

/// <summary>How much of a spread goes with a grouping.</summary>
public class ExplainedShareTests
{
    [Fact]
    public void It_equals_the_value_by_hand()
        // Groups 1,2,3 and 4,5,6: total 17.5, within 4; 1 - (4/4)/(17.5/5) = 5/7.
        => Assert.Equal(5 / 7.0, ExplainedShare.Of(["a", "a", "a", "b", "b", "b"], [1, 2, 3, 4, 5, 6]), 12);

    [Fact]
    public void A_grouping_that_decides_everything_explains_all() => Assert.Equal(1, ExplainedShare.Of([1, 1, 2, 2], [3, 3, 7, 7]), 12);

    [Fact]
    public void What_chance_gives_counts_for_nothing_on_average()
    {
        var random = new Random(1);
        var shares = Enumerable.Range(0, 400).Select(_ => ExplainedShare.Of(Enumerable.Range(0, 12).Select(i => i % 3).ToList(), Enumerable.Range(0, 12).Select(_ => random.NextDouble()).ToList())).ToList();
        Assert.InRange(shares.Average(), 0, 0.1);
        Assert.True(shares.Count(share => share == 0) > 200);
    }

    [Fact]
    public void Groups_of_one_and_values_all_alike_say_nothing()
    {
        Assert.Equal(double.NaN, ExplainedShare.Of([1, 2, 3], [1, 2, 3]));
        Assert.Equal(double.NaN, ExplainedShare.Of([1, 1, 2], [5, 5, 5]));
    }
}
