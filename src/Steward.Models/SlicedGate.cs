using Steward.Blobs;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>Asks that every slice of a column, or one slice of it, reaches a limit by itself. Slices of too few items are named and not judged.</summary>
internal sealed class SlicedGate(IBlobs blobs) : IGate
{
    private const int MostNamed = 6;

    public string Name => "sliced";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
        => Check(await Sliced.Of(version.Artifacts, blobs, stop), config.Slice!, config.Metric!, new(config.Op!, config.Value!.Value));

    internal GateResult Check(Sliced? told, string wanted, string metric, Comparison asked)
    {
        var title = $"no slice of {wanted} {(asked.Upward ? "under" : "over")} {Comparison.Number(asked.Limit)} in {MetricWords.Of(metric)}";
        var key = metric[(metric.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var slices = told?.Slices.Where(slice => (slice.By == wanted || slice.Name == wanted) && slice.Metrics.ContainsKey(key))
            .OrderBy(slice => asked.Upward ? slice.Metrics[key].Value : -slice.Metrics[key].Value).ThenBy(slice => slice.Name, StringComparer.Ordinal).ToList() ?? [];
        GateResult Failed(string measured, string why, string help) => new(Name, title, false, measured, Comparison.Number(asked.Limit), why, help);
        if (slices.Count == 0)
            return Failed("not measured", $"The run told no {metric} of {wanted}.", told is { Slices: var all }
                ? $"It told of {string.Join(", ", all.Select(slice => slice.By).Distinct().Order(StringComparer.Ordinal))}, in {string.Join(", ", all.SelectMany(slice => slice.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).Select(one => "test." + one))}."
                : $"Name it under train.slices: [{wanted.Split('=')[0]}], and train again.");
        var (large, small) = (slices.FindAll(slice => !slice.IsSmall), slices.FindAll(slice => slice.IsSmall));
        var aside = small.Count == 0 ? "" : $" Not judged, with fewer than {Sliced.Fewest} items: {Some(small, slice => $"{slice.Words} (n {slice.N})")}.";
        if (large.Count == 0)
            return Failed("too few items", $"No slice has {Sliced.Fewest} test items.{aside}", "Hold more back to test on, or name a column with fewer values.");
        string Words(Slice slice) => $"{slice.Words} {Comparison.Number(Math.Round(slice.Metrics[key].Value, 3))} (n {slice.N})";
        var (worst, missed) = (large[0], large.FindAll(slice => !asked.Holds(slice.Metrics[key].Value)));
        return new(Name, title, missed.Count == 0, $"{worst.Words} {Comparison.Number(Math.Round(worst.Metrics[key].Value, 3))}", Comparison.Number(asked.Limit),
            missed.Count == 0
                ? $"The worst of {Say.Count(large.Count, "slice")} is {Words(worst)}, and {asked.Words} is asked.{aside}"
                : $"{missed.Count} of {Say.Count(large.Count, "slice")} {(missed.Count == 1 ? "misses" : "miss")} the limit: {Some(missed, Words)}.{aside}",
            missed.Count == 0 ? null : $"Bring more of {worst.Words} to learn from, and train again.",
            MetricGate.Spread(worst.N, (worst.Metrics[key].Low, worst.Metrics[key].High)));
    }

    private static string Some(List<Slice> slices, Func<Slice, string> words) => string.Join(", ", slices.Take(MostNamed).Select(words)) + (slices.Count > MostNamed ? $" and {slices.Count - MostNamed} more" : "");
}
