namespace Steward.Statistics.Tests;

/// <summary>Expected values: Fisher's exact test in Python's exact fractions.</summary>
public class ShareShiftTests
{
    [Theory]
    [InlineData(5, 100, 12, 100, 0.06308943063184523)]
    [InlineData(2, 50, 3, 20, 0.1366811605770265)]
    [InlineData(30, 1000, 20, 200, 4.9691361033143135e-05)]
    [InlineData(0, 40, 2, 10, 9 / 245.0)]
    public void The_p_value_is_Fishers(int k0, int n0, int k, int n, double expected) =>
        Close.To(expected, ShareShift.Judge(k0, n0, k, n).PValue);

    [Theory]
    [InlineData(30, 1000, 200, 1e-4, 20)]
    [InlineData(5, 100, 100, 1e-2, 16)]
    [InlineData(0, 40, 10, 1e-4, 6)]
    [InlineData(50, 1000, 500, 1e-4, 53)]
    public void The_threshold_is_the_first_count_that_alarms(int k0, int n0, int n, double falseAlarm, int threshold)
    {
        Assert.Equal(threshold, ShareShift.Judge(k0, n0, 0, n, falseAlarm).Threshold);
        Assert.True(ShareShift.Judge(k0, n0, threshold, n, falseAlarm).Shifted);
        Assert.False(ShareShift.Judge(k0, n0, threshold - 1, n, falseAlarm).Shifted);
    }

    [Fact]
    public void Where_no_count_could_be_convincing_there_is_no_threshold()
    {
        Assert.Null(ShareShift.Judge(0, 0, 5, 5).Threshold);
        Assert.False(ShareShift.Judge(40, 40, 10, 10).Shifted);
        Assert.Equal(1, ShareShift.Judge(3, 9, 0, 0).PValue);
    }

    [Fact]
    public void Quiet_streams_stay_quiet_though_the_reference_is_a_guess()
    {
        int alarms = 0, loose = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var reference = Unsure(random, 300, 0.08);
            for (var window = 0; window < 20; window++)
            {
                var judged = ShareShift.Judge(reference, 300, Unsure(random, 200, 0.08), 200);
                if (judged.Shifted) alarms++;
                if (judged.PValue <= 0.01) loose++;
            }
        }
        Assert.True(alarms <= 3, $"{alarms} alarms in 4000 windows at 1e-4");
        Assert.True(loose <= 60, $"{loose} of 4000 windows at 1e-2");
    }

    [Fact]
    public void Twice_the_share_of_unsure_answers_alarms() => Assert.True(ShareShift.Judge(80, 1000, 80, 400).Shifted);

    private static int Unsure(Random random, int rows, double share) => Enumerable.Range(0, rows).Count(_ => random.NextDouble() < share);
}
