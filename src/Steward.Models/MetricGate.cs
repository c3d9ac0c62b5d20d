namespace Steward.Models;

/// <summary>Compares a metric of the version with a limit, and says how many items stand behind it and how far a repeat could be off.</summary>
internal sealed class MetricGate : IGate
{
    public string Name => "metric";

    public Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
        => Task.FromResult(Check(version, config.Metric!, new(config.Op!, config.Value!.Value), config.Interval is not null));

    private GateResult Check(ModelVersion version, string metric, Comparison asked, bool also)
    {
        var title = MetricWords.Title(metric, asked) + (also ? ", at the unlucky end of its interval too" : "");
        if (!version.Metrics.TryGetValue(metric, out var value))
            return new(Name, title, false, "not measured", asked.Words, $"The run did not log {metric}.", $"Log {metric} in the run, or mend its name in steward.yaml; the run has: {string.Join(", ", version.Metrics.Keys.Order(StringComparer.Ordinal).Take(8))}.");
        var interval = version.Metrics.IntervalOf(metric);
        var judged = !also ? value : interval is not { } known ? double.NaN : asked.Upward ? known.Low : known.High;
        var passed = asked.Holds(judged);
        var help = passed ? null : also && interval is null
            ? $"Log {metric}.low and {metric}.high, the ends of its 95 % interval, in the run."
            : $"steward runs best --metric {metric}";
        return new(Name, title, passed, Comparison.Number(value), asked.Words, Sentence(), help, Spread(version.Metrics.CountBehind(metric), interval));

        string Sentence()
        {
            if (also && interval is null)
                return $"{metric} is {Comparison.Number(value)}, and the run logged no interval for it.";
            var what = also ? $"the {(asked.Upward ? "lower" : "upper")} end of {metric}" : metric;
            var said = passed ? $"{what} is {Comparison.Number(judged)}, and {asked.Words} is asked." : $"{what} is {Comparison.Number(judged)}, {asked.Miss(judged)}.";
            return MetricWords.Explain(metric, value) is { } more ? $"{said} {more}" : said;
        }
    }

    /// <summary><c>95 %: 0.89 to 0.93, n 640</c>; null when nothing is known.</summary>
    internal static string? Spread(long? n, (double Low, double High)? interval)
    {
        string?[] parts = [interval is { } known ? $"95 %: {Comparison.Number(Math.Round(known.Low, 3))} to {Comparison.Number(Math.Round(known.High, 3))}" : null, n is { } count ? $"n {count}" : null];
        return parts.Any(part => part is not null) ? string.Join(", ", parts.Where(part => part is not null)) : null;
    }
}
