namespace Steward.Serving.Tests;

public class PulseTests
{
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void Half_and_nearly_all_are_within_a_tenth()
    {
        var pulse = new Pulse(new Clock());
        for (var micros = 1000; micros <= 100_000; micros += 1000)
            pulse.Beat(micros);
        var figures = pulse.Read();
        Assert.Equal(100, figures.Answers);
        Assert.InRange(figures.P50!.Value, 45, 55);
        Assert.InRange(figures.P95!.Value, 85.5, 104.5);
    }

    [Fact]
    public void What_is_older_than_a_minute_is_forgotten()
    {
        var clock = new Clock();
        var pulse = new Pulse(clock);
        pulse.Beat(1000);
        clock.Now += TimeSpan.FromSeconds(59);
        pulse.Beat(1000);
        Assert.Equal(2, pulse.Read().Answers);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, pulse.Read().Answers);
        clock.Now += TimeSpan.FromSeconds(60);
        Assert.Equal(new Figures(0, 0, null, null), pulse.Read());
    }
}
