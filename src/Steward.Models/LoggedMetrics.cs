using System.Globalization;
using Steward.Statistics;

namespace Steward.Models;

/// <summary>How the metrics of a run belong together by their names: counts, ends of intervals, one per kind.</summary>
internal static class LoggedMetrics
{
    /// <summary>How many items stand behind a metric: <c>test.n</c> for <c>test.f1_macro</c>; null when nobody logged it.</summary>
    public static long? CountBehind(this IReadOnlyDictionary<string, double> metrics, string metric)
    {
        var dot = metric.LastIndexOf('.');
        return dot > 0 && metrics.TryGetValue(metric[..dot] + ".n", out var n) ? (long)n : null;
    }

    /// <summary>The 95 % interval of a metric: as it was logged beside it (<c>.low</c>, <c>.high</c>); of a share of right answers it follows from the count.</summary>
    public static (double Low, double High)? IntervalOf(this IReadOnlyDictionary<string, double> metrics, string metric)
    {
        if (metrics.TryGetValue(metric + ".low", out var low) && metrics.TryGetValue(metric + ".high", out var high))
            return (low, high);
        if (metrics.HitsOf(metric) is not { } hits)
            return null;
        var wilson = Interval.Wilson(hits.Right, hits.Of);
        return (wilson.Low, wilson.High);
    }

    /// <summary>Of a share of right answers how many were right; null for other metrics, and without a count.</summary>
    public static (long Right, long Of)? HitsOf(this IReadOnlyDictionary<string, double> metrics, string metric)
        => metric.EndsWith(".accuracy", StringComparison.Ordinal) && metrics.TryGetValue(metric, out var share) && share is >= 0 and <= 1 && metrics.CountBehind(metric) is > 0 and { } n
            ? ((long)Math.Round(share * n), n)
            : null;

    /// <summary>A metric per kind: <c>test.f1.apple</c> for <c>test.f1</c>, with the count <c>test.n.apple</c>; in the order of their names.</summary>
    public static IReadOnlyList<Kind> Kinds(this IReadOnlyDictionary<string, double> metrics, string metric)
    {
        var (start, counts) = (metric + ".", metric[..(metric.IndexOf('.', StringComparison.Ordinal) + 1)] + "n.");
        return [.. metrics.Where(one => one.Key.StartsWith(start, StringComparison.Ordinal) && !metrics.IsBound(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new Kind(one.Key[start.Length..], one.Value, metrics.TryGetValue(counts + one.Key[start.Length..], out var n) ? (long)n : null))];
    }

    /// <summary>Whether a metric is an end of another one's interval.</summary>
    public static bool IsBound(this IReadOnlyDictionary<string, double> metrics, string key)
        => (key.EndsWith(".low", StringComparison.Ordinal) || key.EndsWith(".high", StringComparison.Ordinal)) && metrics.ContainsKey(key[..key.LastIndexOf('.')]);
}

/// <summary>One kind of test items, judged apart.</summary>
/// <param name="Items">How many test items are of it; null when nobody logged it.</param>
public sealed record Kind(string Name, double Value, long? Items)
{
    /// <summary><c>lemon 0.71 (n 80)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value:0.###}") + (Items is { } n ? $" (n {n})" : "");
}
