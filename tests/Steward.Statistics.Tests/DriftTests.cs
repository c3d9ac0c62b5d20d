namespace Steward.Statistics.Tests;

/// <summary>Every number that scipy, Evidently's or NannyML's formula gave for the samples in the folder Reference.</summary>
public class DriftTests
{
    [Theory]
    [InlineData("num_exp_small")]
    [InlineData("num_equal_n_small")]
    [InlineData("num_tiny_n")]
    [InlineData("num_few_values_small")]
    [InlineData("num_int_20to30")]
    public void Kolmogorov_Smirnov_equals_scipy(string sample)
    {
        var (reference, current) = ReferenceData.Numbers(sample);
        var test = KolmogorovSmirnov.Of(reference, current);
        Close.To(ReferenceData.Value(sample, "ks_d"), test.Statistic, 1e-14);
        Close.To(ReferenceData.Value(sample, "ks_p_exact"), test.PValue);
        Close.To(ReferenceData.Value(sample, "ks_p_limit"), KolmogorovSmirnov.Limit(test.Statistic, reference.Length, current.Length));
    }

    [Theory]
    [InlineData("num_exp_small")]
    [InlineData("num_equal_n_small")]
    public void Distances_of_numbers_equal_Evidentlys(string sample)
    {
        var (reference, current) = ReferenceData.Numbers(sample);
        var bins = Bins.BySturges(reference, current);
        Close.To(ReferenceData.Value(sample, "psi"), PopulationStability.Index(bins.Reference, bins.Current));
        Close.To(ReferenceData.Value(sample, "jensen_shannon"), JensenShannon.Distance(bins.Reference, bins.Current));
    }

    [Theory]
    [InlineData("cat_5_small")]
    [InlineData("cat_new_category")]
    [InlineData("cat_nodrift")]
    public void Distances_and_tests_of_categories_equal_theirs(string sample)
    {
        var (reference, current) = ReferenceData.Categories(sample);
        Close.To(ReferenceData.Value(sample, "psi"), PopulationStability.Index(reference, current));
        Close.To(ReferenceData.Value(sample, "jensen_shannon"), JensenShannon.Distance(reference, current));
        Close.To(ReferenceData.Value(sample, "hellinger"), Hellinger.Distance(reference, current));
        var test = ChiSquareTest.Of(reference, current);
        Close.To(ReferenceData.Value(sample, "chi2"), test.Statistic);
        Close.To(ReferenceData.Value(sample, "chi2_p"), test.PValue);
    }

    [Fact]
    public void Quantile_bins_are_shared_open_at_the_ends_and_closed_above()
    {
        var edges = Bins.ByQuantile([1, 2, 3, 4, 5, double.NaN], 4);
        Assert.Equal([2, 3, 4], edges);
        Assert.Equal([2, 1, 1, 1], Bins.CountBetween([1, 2, 3, 4, 5], edges));
        Assert.Equal([1, 0, 0, 2], Bins.CountBetween([-100, 4.5, 1e9, double.NaN, double.PositiveInfinity], edges));
        Assert.Equal([7], Bins.ByQuantile([7, 7, 7, 7], 10));
    }

    [Fact]
    public void Population_stability_equals_the_sum_by_hand() => // shares 1/2, 1/2 against 1/4, 3/4
        Close.To(0.25 * Math.Log(2) - 0.25 * Math.Log(2 / 3.0), PopulationStability.Index([50, 50], [25, 75]));

    [Fact]
    public void The_largest_possible_distance_of_two_small_samples_has_a_countable_probability() =>
        Close.To(2 / 20.0, KolmogorovSmirnov.Of([1, 2, 3], [4, 5, 6]).PValue); // 2 of the 20 orders keep the samples apart

    [Fact]
    public void Beyond_ten_thousand_values_the_limit_takes_over()
    {
        // 1001 of 10001 values lie below all of the others, so 2·exp(-2·D²·n/2) is 2·exp(-1001²/10001); further terms vanish.
        var values = Enumerable.Range(0, 10_001).Select(i => (double)i).ToArray();
        var test = KolmogorovSmirnov.Of(values, [.. values.Select(v => v + 1000.5)]);
        Close.To(1001 / 10001.0, test.Statistic, 1e-14);
        Close.To(2 * Math.Exp(-1001.0 * 1001 / 10001), test.PValue);
    }

    [Fact]
    public void P_values_alarm_on_quiet_windows_as_often_as_they_say()
    {
        var random = new Random(9);
        int stability = 0, divergence = 0, smirnov = 0;
        for (var round = 0; round < 1000; round++)
        {
            var reference = Enumerable.Range(0, 1000).Select(_ => Math.Log(1 - random.NextDouble())).ToArray();
            var current = Enumerable.Range(0, 200).Select(_ => Math.Log(1 - random.NextDouble())).ToArray();
            var edges = Bins.ByQuantile(reference);
            long[] first = Bins.CountBetween(reference, edges), second = Bins.CountBetween(current, edges);
            if (PopulationStability.PValue(first, second) <= 0.05) stability++;
            if (JensenShannon.PValue(first, second) <= 0.05) divergence++;
            if (KolmogorovSmirnov.Of(reference, current).PValue <= 0.05) smirnov++;
        }
        // 50 are expected of each.
        Assert.All([stability, divergence, smirnov], alarms => Assert.InRange(alarms, 25, 80));
    }

    [Fact]
    public void A_sample_without_numbers_is_refused()
    {
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Of([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => PopulationStability.Index([0, 0], [1, 2]));
        Assert.Throws<ArgumentException>(() => ChiSquareTest.Of([1, 2, 3], [1, 2]));
    }
}
