using System.Diagnostics;

namespace Steward.Bench;

/// <param name="PerSecond">Operations.</param>
/// <param name="Micros">Mean time of one.</param>
/// <param name="P50">Microseconds.</param>
/// <param name="P99">Microseconds.</param>
internal sealed record Rate(double PerSecond, double Micros, double P50, double P99);

/// <summary>Runs something for a while and says how often it went: a round to warm up, then the best of three.</summary>
internal static class Measure
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1), Round = TimeSpan.FromSeconds(2), Turn = TimeSpan.FromSeconds(1);

    public static Rate Loop(Action once) => Best(time => Run(once, time));

    public static async Task<Rate> LoopAsync(Func<Task> once, int atOnce = 1)
    {
        await Many(once, atOnce, Warm);
        Rate? best = null;
        for (var i = 0; i < 3; i++)
            if (await Many(once, atOnce, Round) is var rate && (best is null || rate.PerSecond > best.PerSecond))
                best = rate;
        return best!;
    }

    /// <summary>Two ways in turns, so that what else the machine does falls on both: best of five rounds of a second each.</summary>
    public static async Task<(Rate Raw, Rate Ours)> InTurns(Func<Task> raw, Func<Task> ours, int atOnce = 1)
    {
        await Many(raw, atOnce, Turn);
        await Many(ours, atOnce, Turn);
        var (one, other) = (new List<Rate>(), new List<Rate>());
        for (var i = 0; i < 5; i++)
        {
            one.Add(await Many(raw, atOnce, Turn));
            other.Add(await Many(ours, atOnce, Turn));
        }

        return (one.MaxBy(rate => rate.PerSecond)!, other.MaxBy(rate => rate.PerSecond)!);
    }

    /// <summary>The same on one thread, for what takes microseconds.</summary>
    public static (Rate Raw, Rate Ours) InTurns(Action raw, Action ours)
    {
        Run(raw, Turn);
        Run(ours, Turn);
        var (one, other) = (new List<Rate>(), new List<Rate>());
        for (var i = 0; i < 5; i++)
        {
            one.Add(Run(raw, Turn));
            other.Add(Run(ours, Turn));
        }

        return (one.MaxBy(rate => rate.PerSecond)!, other.MaxBy(rate => rate.PerSecond)!);
    }

    private static Rate Best(Func<TimeSpan, Rate> run)
    {
        run(Warm);
        return Enumerable.Range(0, 3).Select(_ => run(Round)).MaxBy(rate => rate.PerSecond)!;
    }

    private static Rate Run(Action once, TimeSpan time)
    {
        var times = new List<long>(1 << 20);
        var began = Stopwatch.GetTimestamp();
        var last = began;
        var until = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (last < until)
        {
            once();
            var now = Stopwatch.GetTimestamp();
            times.Add(now - last);
            last = now;
        }

        return Of(times, last - began);
    }

    private static async Task<Rate> Many(Func<Task> once, int atOnce, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var until = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var lanes = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            var times = new List<long>();
            for (var last = Stopwatch.GetTimestamp(); last < until;)
            {
                await once();
                var now = Stopwatch.GetTimestamp();
                times.Add(now - last);
                last = now;
            }

            return times;
        })));
        return Of([.. lanes.SelectMany(times => times)], Stopwatch.GetTimestamp() - began);
    }

    private static Rate Of(List<long> times, long took)
    {
        times.Sort();
        var micro = 1e6 / Stopwatch.Frequency;
        return new(times.Count * (double)Stopwatch.Frequency / took, times.Average() * micro, times[times.Count / 2] * micro, times[(int)(times.Count * 0.99)] * micro);
    }
}
