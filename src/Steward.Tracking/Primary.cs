namespace Steward.Tracking;

/// <summary>The number that runs of a study are compared by, as its tags say: <c>primary</c>, and <c>direction</c> when less is better.</summary>
public sealed record Primary(string Metric, Direction Direction)
{
    private static readonly string[] LessIsBetter = ["loss", "error", "rmse", "mae", "mse", "mape", "smape", "mase", "ece"];

    /// <summary>Of a run, or of the study it belongs to; null when nobody said.</summary>
    public static Primary? Of(Run run, Run? study = null)
    {
        var tags = run.Tags.ContainsKey("primary") ? run.Tags : study?.Tags ?? run.Tags;
        if (tags.GetValueOrDefault("primary") is not { Length: > 0 } metric)
            return null;
        return tags.GetValueOrDefault("direction") is { } said
            ? new(metric, said.StartsWith("min", StringComparison.OrdinalIgnoreCase) ? Direction.Minimize : Direction.Maximize)
            : new(metric, Guess(metric));
    }

    /// <summary>Which way is better, by the metric's name: less of a loss, an error, a calibration error.</summary>
    internal static Direction Guess(string metric) => LessIsBetter.Any(word => metric.Split('.', '_').Contains(word)) ? Direction.Minimize : Direction.Maximize;

    public static Direction Read(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" or "maximize" or "max" => Direction.Maximize,
        "minimize" or "min" => Direction.Minimize,
        _ => throw ProblemException.Invalid("direction_invalid", $"'{Names.Shorten(word)}' is not a direction.", "Write maximize or minimize."),
    };

    public double? In(Run run) => run.Metrics.TryGetValue(Metric, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The best of these that finished, by its last value; equal ones: the first to begin, so that it does not depend on where they ran.</summary>
    public Run? Best(IEnumerable<Run> runs)
    {
        var ended = runs.Where(run => run.Status is RunStatus.Finished && In(run) is not null).OrderBy(run => run.StartedAt).ThenBy(run => run.Id, StringComparer.Ordinal).ToList();
        return Direction is Direction.Maximize ? ended.MaxBy(In) : ended.MinBy(In);
    }

    /// <summary>Best first; those without a value come last, as they came.</summary>
    public List<Run> Rank(IEnumerable<Run> runs)
    {
        var all = runs.ToList();
        var best = Best(all);
        return [.. all.OrderByDescending(run => run == best).ThenByDescending(run => In(run) is { } value ? Direction is Direction.Maximize ? value : -value : double.NegativeInfinity)];
    }
}
