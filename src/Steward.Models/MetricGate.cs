using System.Globalization;

namespace Steward.Models;

/// <summary>Compares a metric of the version with a limit, and says how many items stand behind it.</summary>
internal sealed class MetricGate : IGate
{
    public string Name => "metric";

    public Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop) => Task.FromResult(Check(version, config.Metric!, config.Op!, config.Value!.Value));

    private static GateResult Check(ModelVersion version, string metric, string op, double limit)
    {
        var title = $"{metric} {Word(op)} {Number(limit)}";
        if (!version.Metrics.TryGetValue(metric, out var value))
            return new("metric", title, false, "not measured", Number(limit), $"The run did not log {metric}.", $"Log {metric} in the run, or mend its name in steward.yaml; the run has: {string.Join(", ", version.Metrics.Keys.Order(StringComparer.Ordinal).Take(8))}.");
        var passed = op switch
        {
            ">=" => value >= limit,
            ">" => value > limit,
            "<=" => value <= limit,
            _ => value < limit,
        };
        var measured = version.CountBehind(metric) is { } n ? $"{Number(value)} (n {n})" : Number(value);
        return new("metric", title, passed, measured, Number(limit),
            passed ? $"{metric} is {Number(value)}, and {Word(op)} {Number(limit)} is asked." : $"{metric} is {Number(value)}, {Number(Math.Abs(limit - value))} {(op[0] == '>' ? "under" : "over")} the limit.",
            passed ? null : $"steward runs best --metric {metric}");
    }

    private static string Word(string op) => op switch
    {
        ">=" => "at least",
        ">" => "more than",
        "<=" => "at most",
        _ => "less than",
    };

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
