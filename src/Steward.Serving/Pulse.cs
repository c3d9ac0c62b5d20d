namespace Steward.Serving;

/// <summary>The last minute of an endpoint in memory: counts by second and by duration.</summary>
internal sealed class Pulse(TimeProvider clock)
{
    private const int Seconds = 60;
    private readonly Second[] _seconds = [.. Enumerable.Range(0, Seconds).Select(_ => new Second())];

    public void Beat(long micros)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var second = _seconds[now % Seconds];
        lock (second)
        {
            if (second.At != now)
                second.Start(now);
            second.Bins[Durations.Bin(micros)]++;
        }
    }

    public Figures Read()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var all = new long[Durations.Bins];
        foreach (var second in _seconds)
        {
            lock (second)
            {
                if (second.At <= now - Seconds)
                    continue;
                for (var i = 0; i < Durations.Bins; i++)
                    all[i] += second.Bins[i];
            }
        }

        var count = Durations.Count(all);
        return new(count, count / (double)Seconds, Durations.Quantile(all, 0.5), Durations.Quantile(all, 0.95));
    }

    private sealed class Second
    {
        public long At { get; private set; } = long.MinValue;
        public int[] Bins { get; } = new int[Durations.Bins];

        public void Start(long at)
        {
            At = at;
            Array.Clear(Bins);
        }
    }
}

/// <summary>An endpoint's last minute in this process.</summary>
/// <param name="Answers">How many.</param>
/// <param name="PerSecond">Answers per second, over the whole minute.</param>
/// <param name="P50">Half took at most this many milliseconds; null without answers.</param>
/// <param name="P95">95 of 100 took at most this many milliseconds.</param>
public sealed record Figures(long Answers, double PerSecond, double? P50, double? P95);
