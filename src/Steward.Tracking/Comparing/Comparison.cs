namespace Steward.Tracking.Comparing;

/// <summary>Runs side by side, best first: which is best and how sure that is, what mattered, and what differs.</summary>
/// <param name="Primary">What they are compared by; null when they share no such number.</param>
/// <param name="Rows">Everything that could differ, whether it does or not; one cell a run, null where a run has none.</param>
public sealed record Comparison(Primary? Primary, IReadOnlyList<Run> Runs, IReadOnlyList<ComparisonRow> Rows, Certainty? Certainty, IReadOnlyList<Influence> Mattered)
{
    /// <summary>The first by rank that finished and has a value.</summary>
    public Run? Best => Primary?.Best(Runs);

    /// <summary>Rows that are the same in every run.</summary>
    public int Equal => Rows.Count(row => !row.Differs);

    public static Comparison Of(IReadOnlyList<Run> runs, Primary? primary)
    {
        var ranked = primary is null ? [.. runs] : primary.Rank(runs);
        return new(primary, ranked, ComparisonRow.All(ranked, primary), primary is null ? null : Certainty.Of(ranked, primary), primary is null ? [] : Influence.On(primary, ranked));
    }

    /// <summary>The same conclusion over fewer columns: the best of them.</summary>
    public Comparison Shown(int columns) => this with { Runs = [.. Runs.Take(columns)], Rows = ComparisonRow.All([.. Runs.Take(columns)], Primary) };
}

/// <summary>One thing in which runs may differ.</summary>
/// <param name="Kind">Where it belongs.</param>
/// <param name="Key">The metric or parameter; otherwise the kind's own word.</param>
/// <param name="Cells">A value for each run, as it is said; null where there is none.</param>
/// <param name="Detail">Part of another row's number, such as one kind's share in a mean: not shown at first.</param>
public sealed record ComparisonRow(ComparisonKind Kind, string Key, IReadOnlyList<string?> Cells, bool Detail = false)
{
    private const string OfAKind = "test.f1.";

    public bool Differs => Cells.Distinct(StringComparer.Ordinal).Take(2).Count() > 1;

    internal static List<ComparisonRow> All(IReadOnlyList<Run> runs, Primary? primary)
    {
        var rows = Keys(runs, run => run.Metrics.Keys).OrderByDescending(key => key == primary?.Metric).ThenByDescending(key => Measure(key) == Measure(primary?.Metric ?? "")).ThenBy(Depth)
            .Select(key => Row(ComparisonKind.CameOut, key, run => run.Metrics.TryGetValue(key, out var value) ? Pages.RunSay.Figure(value) : null, detail: Depth(key) > 1 || Measure(key) == "n")).ToList();
        rows.InsertRange(rows.FindLastIndex(row => Measure(row.Key) == Measure(primary?.Metric ?? "")) + 1, WorstKinds());
        rows.AddRange(Keys(runs, run => run.Params.Keys).Select(key => Row(ComparisonKind.WentIn, key, run => run.Params.GetValueOrDefault(key))));
        rows.Add(Row(ComparisonKind.Data, "data", run => run.Data));
        rows.Add(Row(ComparisonKind.Code, "code", run => run.Code));
        AddKnown(ComparisonKind.Code, "commit", run => run.Lineage?.Commit is { } commit && commit != run.Code ? commit : null);
        AddKnown(ComparisonKind.Code, "changes", run => run.Lineage is { Dirty: { } dirty } made ? made.Changes?.Hex ?? (dirty ? "not kept" : "none") : null);
        AddKnown(ComparisonKind.Code, "project file", run => run.Lineage?.ProjectFile is { } revision ? $"revision {revision}" : null);
        AddKnown(ComparisonKind.Data, "data digest", run => run.Lineage?.Data?.Hex);
        rows.Add(Row(ComparisonKind.Environment, "ran on", run => run.Environment));
        AddKnown(ComparisonKind.Environment, "environment lock", run => run.Lineage?.Environment?.Hex);
        rows.Add(Row(ComparisonKind.Took, "took", run => run.Took is { } took ? Say.Span(took) : run.Status.Word()));
        return rows;

        // Of runs from before it was kept there is nothing to say.
        void AddKnown(ComparisonKind kind, string key, Func<Run, string?> cell)
        {
            if (runs.Any(run => cell(run) is not null))
                rows.Add(Row(kind, key, cell));
        }

        ComparisonRow Row(ComparisonKind kind, string key, Func<Run, string?> cell, bool detail = false) => new(kind, key, [.. runs.Select(cell)], detail);

        // "test.f1.lemon" and its like are many; the worst of them is what people ask for.
        IEnumerable<ComparisonRow> WorstKinds() => runs.Any(run => KindsOf(run).Any())
            ? [Row(ComparisonKind.CameOut, "worst kind", run => KindsOf(run).OrderBy(kind => kind.F1).Select(kind => $"{kind.Kind} {Pages.RunSay.Figure(kind.F1)}").FirstOrDefault())]
            : [];
    }

    private static IEnumerable<string> Keys(IEnumerable<Run> runs, Func<Run, IEnumerable<string>> of) => runs.SelectMany(of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Kind, double F1)> KindsOf(Run run) => run.Metrics
        .Where(metric => metric.Key.StartsWith(OfAKind, StringComparison.Ordinal) && !IsBound(metric.Key) && double.IsFinite(metric.Value)).Select(metric => (metric.Key[OfAKind.Length..], metric.Value));

    private static bool IsBound(string metric) => metric.EndsWith(".low", StringComparison.Ordinal) || metric.EndsWith(".high", StringComparison.Ordinal);

    /// <summary>What is measured, whatever it is measured on: <c>f1_macro</c> of <c>valid.f1_macro</c>.</summary>
    private static string Measure(string metric) => metric[(metric.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static int Depth(string metric) => metric.Count(c => c == '.');
}

public enum ComparisonKind { CameOut, WentIn, Data, Code, Environment, Took }
