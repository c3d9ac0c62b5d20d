using System.Globalization;
using Steward.Statistics;

namespace Steward.Models.Pages;

/// <summary>One metric as people read it: with what stands behind it and how far a repeat could be off.</summary>
/// <param name="Behind">How many items: <c>117 of 120</c>, or <c>120</c>.</param>
/// <param name="Between">95 % interval: <c>0.93 to 0.99</c>.</param>
internal sealed record Measured(string Metric, double Number, string Value, string? Behind, string? Between)
{
    private const string OfOneKind = ".f1.";

    public static Measured? Of(ModelVersion version, string metric)
    {
        if (!version.Metrics.TryGetValue(metric, out var value))
            return null;
        var n = version.CountBehind(metric);
        var (behind, between) = (n is null ? null : n.Value.ToString("N0", CultureInfo.InvariantCulture), Logged(version, metric));
        // Of shares of right answers the hits are known, and with them the interval.
        if (n is > 0 && metric.EndsWith(".accuracy", StringComparison.Ordinal) && value is >= 0 and <= 1)
        {
            var hits = (long)Math.Round(value * n.Value);
            var wilson = Interval.Wilson(hits, n.Value);
            (behind, between) = ($"{hits} of {n}", between ?? $"{Short(wilson.Low)} to {Short(wilson.High)}");
        }

        return new(metric, value, value.ToString("0.###", CultureInfo.InvariantCulture), behind, between);
    }

    /// <summary>What the gates look at first, then the rest; counts and bounds belong to others and are not listed.</summary>
    public static IEnumerable<string> Asked(ModelVersion version)
    {
        var gated = version.Metrics.Keys.Where(key => version.Gates.Any(gate => gate.Gate == "metric" && gate.Title.StartsWith(key + " ", StringComparison.Ordinal)));
        return gated.Concat(version.Metrics.Keys.Order(StringComparer.Ordinal)).Distinct().Where(key => !key.EndsWith(".n", StringComparison.Ordinal) && !Bound(version, key) && !key.Contains(OfOneKind, StringComparison.Ordinal));
    }

    /// <summary>The kind that the test pictures of are told worst, with its F1: <c>lemon 0.823</c>; null when kinds were not judged apart.</summary>
    public static string? WorstKind(ModelVersion version) => version.Metrics.Where(metric => metric.Key.StartsWith("test" + OfOneKind, StringComparison.Ordinal))
        .OrderBy(metric => metric.Value).ThenBy(metric => metric.Key, StringComparer.Ordinal)
        .Select(metric => $"{metric.Key[("test" + OfOneKind).Length..]} {metric.Value.ToString("0.###", CultureInfo.InvariantCulture)}").FirstOrDefault();

    private static bool Bound(ModelVersion version, string key)
        => (key.EndsWith(".low", StringComparison.Ordinal) || key.EndsWith(".high", StringComparison.Ordinal)) && version.Metrics.ContainsKey(key[..key.LastIndexOf('.')]);

    private static string? Logged(ModelVersion version, string metric)
        => version.Metrics.TryGetValue(metric + ".low", out var low) && version.Metrics.TryGetValue(metric + ".high", out var high) ? $"{Short(low)} to {Short(high)}" : null;

    private static string Short(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
