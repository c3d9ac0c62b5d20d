namespace Steward.Models;

/// <summary>Asks that every kind reaches a limit by itself, so that a good average hides no kind that is always told wrong.</summary>
internal sealed class SliceGate : IGate
{
    private const int MostNamed = 6;

    public string Name => "slice";

    public Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
        => Task.FromResult(Check(version, config.Metric!, new(config.Op!, config.Value!.Value)));

    private GateResult Check(ModelVersion version, string metric, Comparison asked)
    {
        var title = $"no kind {(asked.Upward ? "under" : "over")} {Comparison.Number(asked.Limit)} in {MetricWords.Of(metric)}";
        // The worst first; of equals the first by name, so that a repeat says the same.
        var kinds = version.Metrics.Kinds(metric).OrderBy(kind => asked.Upward ? kind.Value : -kind.Value).ThenBy(kind => kind.Name, StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
            return new(Name, title, false, "not measured", Comparison.Number(asked.Limit), $"The run logged no {metric} per kind.", $"Log {metric}.KIND for every kind, such as {metric}.apple.");
        var (worst, missed) = (kinds[0], kinds.FindAll(kind => !asked.Holds(kind.Value)));
        var passed = missed.Count == 0;
        return new(Name, title, passed, $"{worst.Name} {Comparison.Number(worst.Value)}", Comparison.Number(asked.Limit),
            passed
                ? $"The worst of {Say.Count(kinds.Count, "kind")} is {worst}, and {asked.Words} is asked."
                : $"{missed.Count} of {Say.Count(kinds.Count, "kind")} {(missed.Count == 1 ? "misses" : "miss")} the limit: {string.Join(", ", missed.Take(MostNamed))}{(missed.Count > MostNamed ? $" and {missed.Count - MostNamed} more" : "")}.",
            passed ? null : version.Data.Contains('.', StringComparison.Ordinal) ? $"Bring more rows of {worst.Name} into {version.Data.Split('@')[0]}, and train again." : $"Add pictures of {worst.Name}: steward data add {version.Data.Split('@')[0]} FOLDER",
            MetricGate.Spread(worst.Items, null));
    }
}
