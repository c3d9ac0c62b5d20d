namespace Steward.Serving;

/// <summary>
/// The last minute of an endpoint in memory: counts by second and by duration. Durations fall into eight bins per
/// doubling, so a quantile is off by 9 % at most.
/// </summary>
internal sealed class Pulse(TimeProvider clock)
{
    private const int Seconds = 60, Bins = 24 * 8;
    private readonly Second[] _seconds = [.. Enumerable.Range(0, Seconds).Select(_ => new Second())];

    public void Beat(long micros)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var second = _seconds[now % Seconds];
        lock (second)
        {
            if (second.At != now)
                second.Start(now);
            second.Bins[Math.Clamp((int)(Math.Log2(Math.Max(1, micros)) * 8), 0, Bins - 1)]++;
        }
    }

    public Figures Read()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var all = new long[Bins];
        foreach (var second in _seconds)
        {
            lock (second)
            {
                if (second.At <= now - Seconds)
                    continue;
                for (var i = 0; i < Bins; i++)
                    all[i] += second.Bins[i];
            }
        }

        var count = all.Sum();
        return new(count, count / (double)Seconds, Quantile(all, count, 0.5), Quantile(all, count, 0.95));
    }

    private static double? Quantile(long[] bins, long count, double share)
    {
        if (count == 0)
            return null;
        var left = (long)Math.Ceiling(count * share);
        var bin = 0;
        while ((left -= bins[bin]) > 0)
            bin++;
        return Math.Pow(2, (bin + 0.5) / 8) / 1000;
    }

    private sealed class Second
    {
        public long At { get; private set; } = long.MinValue;
        public int[] Bins { get; } = new int[Pulse.Bins];

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
