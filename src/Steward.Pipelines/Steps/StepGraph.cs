namespace Steward.Pipelines;

/// <summary>The steps of a run as they depend on each other, each value of a for-each a step of its own.</summary>
internal sealed record StepGraph(IReadOnlyList<StepNode> Nodes)
{
    private const int MostNodes = 500, MostValues = 100;

    public static StepGraph Of(IReadOnlyList<StepPlan> steps)
    {
        var named = Named(steps);
        return new([.. named.SelectMany((one, i) => (one.Settings.ForEach ?? [null!]).Select((each, k) => new StepNode(
            one.Settings.ForEach is null ? one.Id : $"{one.Id}.{k + 1}", one.Id, one.Settings, each, one.Settings.Needs ?? (i == 0 ? [] : [named[i - 1].Id]))))]);
    }

    public static IEnumerable<(string Path, string Why)> Complaints(IReadOnlyList<StepPlan> steps)
    {
        foreach (var (step, i) in steps.Select((step, i) => (step, i)))
            if (step.Settings is null)
                yield return ($"steps[{i}]", $"step {i + 1} has {(step.Said.Count == 0 ? "no kind" : "several kinds")}; write one of {string.Join(", ", StepPlan.Kinds)}.");
        if (steps.Any(step => step.Settings is null))
            yield break;
        var named = Named(steps);
        foreach (var (id, settings) in named)
            foreach (var why in Complaints(id, settings, named))
                yield return ("steps", $"step '{Names.Shorten(id)}': {why}");
        foreach (var twice in named.GroupBy(one => one.Id).Where(same => same.Count() > 1))
            yield return ("steps", $"two steps are called '{Names.Shorten(twice.Key)}'; give one an id of its own.");
        if (named.Sum(one => one.Settings.ForEach?.Count ?? 1) > MostNodes)
            yield return ("steps", $"with every value of for_each there are more than {MostNodes} steps.");
        if (Circle(named) is { } circle)
            yield return ("steps", $"these steps wait for each other: {string.Join(", ", circle)}.");
        foreach (var twice in named.SelectMany(one => one.Settings.Writes.Distinct().Select(table => (table, one.Id))).GroupBy(pair => pair.table).Where(same => same.Count() > 1))
            yield return ("steps", $"'{Names.Shorten(twice.Key)}' is written by the steps {string.Join(" and ", twice.Select(pair => pair.Id))}; a run writes a table once.");
    }

    private static IEnumerable<string> Complaints(string id, StepSettings settings, IReadOnlyList<(string Id, StepSettings Settings)> all)
    {
        if (!StepNames.IsName(id))
            yield return "a step's id has lower-case letters, digits, dashes and underscores, at most 63, and begins with a letter.";
        foreach (var need in settings.Needs ?? [])
            if (all.All(other => other.Id != need))
                yield return $"it needs '{Names.Shorten(need)}', which is not there. {Projects.Suggest.For(need, all.Select(other => other.Id))}";
        if (settings.ForEach is { Count: 0 or > MostValues })
            yield return $"for_each has 1 to {MostValues} values.";
        if (settings.Timeout < TimeSpan.FromSeconds(1) || settings.Timeout > TimeSpan.FromDays(7))
            yield return "a timeout is 1s to 7d.";
        if (settings.Memory is < 16L << 20 or > 1L << 40)
            yield return "memory is 16MiB to 1024GiB.";
        if (Variables.Complaint(settings) is { } unknown)
            yield return unknown;
        foreach (var why in settings.Complaints())
            yield return why;
    }

    private static List<(string Id, StepSettings Settings)> Named(IReadOnlyList<StepPlan> steps) => [.. steps.Select(step => (step.Settings!.Id ?? step.Settings.Kind, step.Settings))];

    /// <summary>The steps that are left when those that need nothing unfinished are taken away again and again.</summary>
    private static IReadOnlyList<string>? Circle(IReadOnlyList<(string Id, StepSettings Settings)> steps)
    {
        var left = steps.Select((one, i) => (one.Id, Needs: (one.Settings.Needs ?? (i == 0 ? [] : [steps[i - 1].Id])).ToHashSet())).ToList();
        while (left.RemoveAll(one => !one.Needs.Overlaps(left.Select(other => other.Id))) > 0)
        {
        }

        return left.Count > 0 ? [.. left.Select(one => one.Id)] : null;
    }
}

/// <param name="Id">Of the step, with the number of its value: <c>parse.2</c>.</param>
/// <param name="Step">Of the step alone; what others need.</param>
/// <param name="Needs">Steps, every value of them.</param>
internal sealed record StepNode(string Id, string Step, StepSettings Settings, string? Each, IReadOnlyList<string> Needs);
