using Steward.Statistics;

namespace Steward.Tracking.Comparing;

/// <summary>How sure it is that the best way of training is best, and not lucky.</summary>
/// <param name="Best">The best contender.</param>
/// <param name="Next">The one after it.</param>
/// <param name="Ahead">By how much, in units of the metric; at least 0.</param>
/// <param name="Agrees">The share of repeats that would have the best ahead of the next again; null when nothing tells how much the numbers scatter.</param>
public sealed record Certainty(Contender Best, Contender Next, double Ahead, double? Agrees)
{
    /// <summary>The two on the same items; null when their runs do not tell what they answered to which.</summary>
    public Paired? Paired { get; init; }

    // The normal quantile of a 95 % interval.
    private const double Half = 1.959964;

    /// <summary>Null when there are not two contenders with a finished run.</summary>
    internal static Certainty? Of(IReadOnlyList<Run> ranked, Primary primary)
    {
        var contenders = ranked.Where(run => run.Status is RunStatus.Finished && primary.In(run) is not null).GroupBy(Way).Select(runs => Contender.Of([.. runs], primary))
            .OrderByDescending(one => primary.Direction is Direction.Maximize ? one.Value : -one.Value).Take(2).ToList();
        if (contenders is not [var best, var next])
            return null;
        var ahead = Math.Abs(best.Value - next.Value);
        // Both were judged on the same pictures more often than not; taking them for independent errs to the side of doubt.
        var scatter = best.Error is { } one && next.Error is { } other ? Math.Sqrt((one * one) + (other * other)) : (double?)null;
        return new(best, next, ahead, scatter is null ? null : scatter > 0 ? 1 - Tails.Normal(ahead / scatter.Value) : ahead > 0 ? 1 : 0.5);
    }

    /// <summary>Runs that differ in nothing but the seed are repeats of one way of training.</summary>
    private static string Way(Run run) => string.Join('\n', run.Params.Where(pair => pair.Key != "seed").OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Append(run.Data).Append(run.Code).Append(run.Lineage?.Changes?.Hex));

    /// <summary>The standard error of a run's own value: from its logged 95 % interval, or from how many items are behind a share.</summary>
    internal static double? ErrorOf(Run run, string metric)
    {
        if (run.Metrics.TryGetValue(metric + ".low", out var low) && run.Metrics.TryGetValue(metric + ".high", out var high) && high >= low)
            return (high - low) / (2 * Half);
        // A mean of shares scatters about as one share of all items does.
        return run.Metrics.TryGetValue(metric[..(metric.IndexOf('.', StringComparison.Ordinal) + 1)] + "n", out var n) && n >= 1 && run.Metrics.TryGetValue(metric, out var value) && value is >= 0 and <= 1
            ? Math.Sqrt(Math.Max(value * (1 - value), 0.25 / n) / n)
            : null;
    }
}

/// <summary>One way of training, run once or several times.</summary>
/// <param name="Runs">Its repeats, best first.</param>
/// <param name="Value">The mean of its runs.</param>
/// <param name="Error">The standard error of that mean; null when nothing tells.</param>
public sealed record Contender(IReadOnlyList<Run> Runs, double Value, double? Error)
{
    internal static Contender Of(List<Run> runs, Primary primary)
    {
        var values = runs.ConvertAll(run => primary.In(run)!.Value);
        var mean = values.Average();
        return new(runs, mean, runs.Count == 1
            ? Certainty.ErrorOf(runs[0], primary.Metric)
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count));
    }
}
