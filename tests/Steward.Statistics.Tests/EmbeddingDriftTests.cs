using System.Text.Json;

namespace Steward.Statistics.Tests;

public class EmbeddingDriftTests
{
    private const int Dimensions = 48;

    [Fact]
    public void Quiet_streams_raise_next_to_no_alarm()
    {
        int alarms = 0, loose = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var world = new EmbeddingWorld(Dimensions, seed);
            var drift = EmbeddingDrift.Fit(world.Rows(600), Dimensions, new Random(seed));
            for (var window = 0; window < 50; window++)
            {
                var judged = drift.Judge(world.Rows(100));
                if (judged.Drifted) alarms++;
                if (judged.PValue <= 0.01) loose++;
            }
        }
        Assert.True(alarms <= 1, $"{alarms} alarms in 1000 quiet windows at 1e-4");
        Assert.True(loose <= 25, $"{loose} of 1000 quiet windows at 1e-2");
    }

    [Theory]
    [InlineData(0.6f, 1f)] // the mean moves
    [InlineData(0f, 1.5f)] // the spread grows
    public void A_changed_stream_alarms(float shift, float stretch)
    {
        var world = new EmbeddingWorld(Dimensions, 1);
        var drift = EmbeddingDrift.Fit(world.Rows(600), Dimensions, new Random(1));
        var judged = drift.Judge(world.Rows(100, shift, stretch));
        Assert.True(judged.Drifted && judged.Ratio > 1 && judged.PValue < 1e-4, judged.ToString());
    }

    [Fact]
    public void A_class_that_takes_over_alarms()
    {
        var world = new EmbeddingWorld(Dimensions, 2);
        var drift = EmbeddingDrift.Fit(world.Rows(600), Dimensions, new Random(2));
        Assert.True(drift.Judge(world.Rows(60, onlyClass: 0)).Drifted);
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        var world = new EmbeddingWorld(Dimensions, 3);
        var drift = EmbeddingDrift.Fit(world.Rows(400), Dimensions, new Random(3));
        var window = world.Rows(64, 0.3f);
        var turned = window.Chunk(Dimensions).Reverse().SelectMany(row => row).ToArray();
        EmbeddingJudgement there = drift.Judge(window), back = drift.Judge(turned);
        Close.To(there.Score, back.Score);
        Assert.Equal(there.Unusual.Select(u => u.Row), back.Unusual.Select(u => 63 - u.Row));
    }

    [Fact]
    public void A_reference_read_back_from_json_judges_the_same()
    {
        var world = new EmbeddingWorld(Dimensions, 4);
        var drift = EmbeddingDrift.Fit(world.Rows(300), Dimensions, new Random(4));
        var stored = JsonSerializer.Serialize(drift.Reference);
        var back = new EmbeddingDrift(JsonSerializer.Deserialize<EmbeddingReference>(stored)!);
        var window = world.Rows(40, 0.5f);
        Assert.Equal(drift.Judge(window).Score, back.Judge(window).Score);
        Assert.Equal(drift.Judge(window).Threshold, back.Judge(window).Threshold);
    }

    [Fact]
    public void The_strangest_row_is_named_first_and_alone_raises_no_alarm()
    {
        var world = new EmbeddingWorld(Dimensions, 5);
        var drift = EmbeddingDrift.Fit(world.Rows(600), Dimensions, new Random(5));
        var window = world.Rows(200);
        for (var d = 0; d < Dimensions; d++) window[17 * Dimensions + d] = 1000;
        var judged = drift.Judge(window);
        Assert.Equal(17, judged.Unusual[0].Row);
        Assert.InRange(judged.Unusual[^1].Distance, 0.5, 3);
        Assert.False(judged.Drifted, judged.ToString());
    }

    [Fact]
    public void A_dimension_that_never_varied_and_now_does_is_noticed()
    {
        var world = new EmbeddingWorld(Dimensions, 6);
        var sample = world.Rows(600);
        var window = world.Rows(100);
        for (var r = 0; r < 600; r++) sample[r * Dimensions] = 0.25f;
        for (var r = 0; r < 100; r++) window[r * Dimensions] = 0.25f + r % 7 * 3;
        Assert.True(EmbeddingDrift.Fit(sample, Dimensions, new Random(6)).Judge(window).Drifted);
    }

    [Fact]
    public void Too_few_rows_broken_values_and_alike_rows_are_refused()
    {
        var random = new Random(1);
        Assert.Throws<ArgumentException>(() => EmbeddingDrift.Fit(new float[127 * 4], 4, random));
        Assert.Throws<ArgumentException>(() => EmbeddingDrift.Fit(new float[200 * 4 + 1], 4, random));
        Assert.Throws<ArgumentException>(() => EmbeddingDrift.Fit(new float[200 * 4], 4, random));
        var drift = EmbeddingDrift.Fit(new EmbeddingWorld(4, 1).Rows(200), 4, random);
        Assert.Throws<ArgumentException>(() => drift.Judge(new float[7 * 4]));
        Assert.Throws<ArgumentException>(() => drift.Judge([.. new float[8 * 4 - 1], float.NaN]));
    }
}
