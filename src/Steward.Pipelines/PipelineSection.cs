using Steward.Projects;

namespace Steward.Pipelines;

/// <summary>The section <c>pipelines</c> of the project file: pipelines by name.</summary>
internal static class PipelineSection
{
    private const string Key = "pipelines";
    private const int Most = 200;

    public static Section Of() => Section.Of<IReadOnlyDictionary<string, PipelinePlan>>(Key, "Pipelines by name: when each runs, and the steps of a run.", Complaints);

    public static IReadOnlyDictionary<string, PipelinePlan> Pipelines(this ProjectFile file) => file.Get<Dictionary<string, PipelinePlan>>(Key);

    private static IEnumerable<(string Path, string Why)> Complaints(IReadOnlyDictionary<string, PipelinePlan> all)
    {
        if (all.Count > Most)
            yield return (Key, $"a project has at most {Most} pipelines.");
        foreach (var (name, plan) in all)
            foreach (var (path, why) in plan.Complaints(name).Concat(Dependencies(all, name, plan)))
                yield return ($"{Key}.{name}.{path}", why);
    }

    private static IEnumerable<(string Path, string Why)> Dependencies(IReadOnlyDictionary<string, PipelinePlan> all, string name, PipelinePlan plan)
    {
        foreach (var on in plan.Trigger.Tumbling?.DependsOn ?? [])
            if (!all.TryGetValue(on.Pipeline, out var other))
                yield return ("trigger.tumbling.depends_on", $"there is no pipeline '{Names.Shorten(on.Pipeline)}'. {Suggest.For(on.Pipeline, all.Keys)}");
            else if (other.Trigger.Tumbling is null)
                yield return ("trigger.tumbling.depends_on", $"'{on.Pipeline}' has no windows: only a pipeline with a tumbling trigger can be waited for.");
        if (Circle(all, name, [name]) is { } circle)
            yield return ("trigger.tumbling.depends_on", $"these pipelines wait for each other: {string.Join(" → ", circle)}.");
    }

    /// <summary>The way back to where it began; a pipeline may depend on itself.</summary>
    private static IReadOnlyList<string>? Circle(IReadOnlyDictionary<string, PipelinePlan> all, string at, IReadOnlyList<string> way)
    {
        foreach (var on in all.TryGetValue(at, out var plan) ? plan.Trigger.Tumbling?.DependsOn ?? [] : [])
            if (on.Pipeline == way[0] && at != way[0])
                return [.. way, way[0]];
            else if (!way.Contains(on.Pipeline) && way.Count <= Most && Circle(all, on.Pipeline, [.. way, on.Pipeline]) is { } found)
                return found;
        return null;
    }
}

/// <summary>One pipeline: when it runs, and what a run does.</summary>
public sealed record PipelinePlan
{
    private const int MostSteps = 200;

    public string? Title { get; init; }

    public TriggerPlan Trigger { get; init; } = new();

    /// <summary>In order: a step needs the one before it, unless it says what it needs.</summary>
    public IReadOnlyList<StepPlan> Steps { get; init; } = [];

    /// <summary>How many steps of one run work at once.</summary>
    public int StepsAtOnce { get; init; } = 2;

    public AlarmPlan Alarms { get; init; } = new();

    internal IEnumerable<(string Path, string Why)> Complaints(string name)
    {
        if (!StepNames.IsName(name))
            yield return ("", $"'{Names.Shorten(name)}' cannot be the name of a pipeline: use lower-case letters, digits, dashes and underscores, at most 63, and begin with a letter.");
        if (Title?.Length > 120)
            yield return ("title", "a title has at most 120 characters.");
        if (StepsAtOnce is < 1 or > 16)
            yield return ("steps_at_once", "1 to 16 steps work at once.");
        foreach (var complaint in Trigger.Complaints(name).Concat(Alarms.Complaints()))
            yield return complaint;
        if (Steps.Count > MostSteps)
            yield return ("steps", $"a pipeline has at most {MostSteps} steps.");
        foreach (var complaint in StepGraph.Complaints(Steps))
            yield return complaint;
    }
}

/// <summary>When somebody should know. All of it is told as the event <c>pipelines.alarm</c> and shown.</summary>
public sealed record AlarmPlan
{
    /// <summary>The newest window that succeeded ends no longer ago than this.</summary>
    public TimeSpan? Fresh { get; init; }

    /// <summary>A window writes no fewer rows.</summary>
    public long? RowsAtLeast { get; init; }

    /// <summary>A window writes no more rows.</summary>
    public long? RowsAtMost { get; init; }

    /// <summary>A run takes no longer.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>A window has failed, after all its retries.</summary>
    public bool Failure { get; init; } = true;

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (RowsAtLeast > RowsAtMost)
            yield return ("alarms", "rows_at_least is more than rows_at_most.");
        if (Fresh == TimeSpan.Zero || Duration == TimeSpan.Zero)
            yield return ("alarms", "a time of nothing would always alarm.");
    }
}
