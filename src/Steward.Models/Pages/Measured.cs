using System.Globalization;

namespace Steward.Models.Pages;

/// <summary>One metric as people read it: with what stands behind it and how far a repeat could be off.</summary>
/// <param name="Behind">How many items: <c>117 of 120</c>, or <c>120</c>.</param>
/// <param name="Between">95 % interval: <c>0.93 to 0.99</c>.</param>
internal sealed record Measured(string Metric, double Number, string Value, string? Behind, string? Between)
{
    private static readonly string[] OfOneKind = [".f1.", ".precision.", ".recall.", ".n."];

    public static Measured? Of(ModelVersion version, string metric)
    {
        if (!version.Metrics.TryGetValue(metric, out var value))
            return null;
        var behind = version.Metrics.HitsOf(metric) is { } hits ? $"{hits.Right} of {hits.Of}" : version.Metrics.CountBehind(metric)?.ToString("N0", CultureInfo.InvariantCulture);
        return new(metric, value, value.ToString("0.###", CultureInfo.InvariantCulture), behind, version.Metrics.IntervalOf(metric) is { } ends ? $"{Short(ends.Low)} to {Short(ends.High)}" : null);
    }

    /// <summary>What the gates look at first, then the rest; counts and bounds belong to others and are not listed.</summary>
    public static IEnumerable<string> Asked(ModelVersion version, IReadOnlyList<GateSpec> gates)
    {
        var gated = gates.Select(gate => gate.Metric).Where(metric => metric is not null && version.Metrics.ContainsKey(metric)).Select(metric => metric!);
        return gated.Concat(version.Metrics.Keys.Order(StringComparer.Ordinal)).Distinct()
            .Where(key => !key.EndsWith(".n", StringComparison.Ordinal) && !IsOfOneKind(key) && !version.Metrics.IsBound(key));
    }

    /// <summary>A figure of one kind among many, such as <c>test.recall.kiwi</c>: part of a table of its own.</summary>
    public static bool IsOfOneKind(string metric) => OfOneKind.Any(part => metric.Contains(part, StringComparison.Ordinal));

    private static string Short(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
