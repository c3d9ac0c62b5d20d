using CsCheck;

namespace Steward.Statistics.Tests;

public class BootstrapTests
{
    private static RowMetric Mean(double[] values) => rows =>
    {
        var sum = 0.0;
        foreach (var row in rows) sum += values[row];
        return sum / rows.Length;
    };

    [Fact]
    public void The_interval_of_a_mean_is_as_wide_as_theory_says()
    {
        var values = Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : 0.0).ToArray();
        var interval = Bootstrap.Of(400, Mean(values), new Random(1), 4000).Interval();
        Assert.Equal(0.5, interval.Point);
        Close.To(0.5 - 1.96 * 0.025, interval.Low, 0.02); // the standard error of 400 coin flips is 0.025
        Close.To(0.5 + 1.96 * 0.025, interval.High, 0.02);
    }

    [Fact]
    public void Draws_made_elsewhere_give_the_interval_of_their_own_metric()
    {
        double[] values = [1, 2, 4, 8, 16];
        var draws = new List<double>();
        var made = Bootstrap.Of(5, rows => { draws.Add(Mean(values)(rows)); return draws[^1]; }, new Random(7), 200);
        Assert.Equal(made.Interval(), Bootstrap.OfDraws(draws[0], draws.Skip(1)).Interval());
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfDraws(1, []));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        double[] values = [1, 2, 4, 8, 16];
        Assert.Equal(Bootstrap.Of(5, Mean(values), new Random(7)).Interval(), Bootstrap.Of(5, Mean(values), new Random(7)).Interval());
    }

    [Fact]
    public void A_constant_difference_between_two_models_has_no_width()
    {
        double[] hard = [0.1, 0.9, 0.4, 0.7, 0.2, 0.5];
        var difference = Bootstrap.OfDifference(6, Mean([.. hard.Select(v => v + 0.25)]), Mean(hard), new Random(3));
        var interval = difference.Interval();
        Assert.Equal(0.25, interval.Low, 12);
        Assert.Equal(0.25, interval.High, 12);
        Assert.Equal((1.0, 0.0), (difference.ShareAtLeast(0.2), difference.ShareAtLeast(0.3)));
    }

    [Fact]
    public void The_interval_of_a_symmetric_sample_contains_its_mean() =>
        Gen.Double[0.1, 10].Array[5, 40].Sample(half =>
        {
            double[] values = [.. half, .. half.Select(v => -v)];
            var interval = Bootstrap.Of(values.Length, Mean(values), new Random(11), 300).Interval();
            return interval.Low <= interval.Point && interval.Point <= interval.High;
        }, iter: 200);

    [Theory] // Wilson's formula evaluated with Python's statistics.NormalDist
    [InlineData(7, 10, 0.39677814746114537, 0.8922087325936989)]
    [InlineData(0, 10, 0, 0.27753279986288915)]
    [InlineData(81, 263, 0.2552885198782743, 0.3662095769828001)]
    public void Wilsons_interval_equals_the_formula(int hits, int trials, double low, double high)
    {
        var interval = Interval.Wilson(hits, trials);
        Close.To(low, interval.Low);
        Close.To(high, interval.High);
    }
}
