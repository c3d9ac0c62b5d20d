using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Tracking.Comparing;

internal static class ComparisonEndpoint
{
    public static void MapComparison(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/projects/{project}/runs/compare", Compare).WithTags("Runs").Needs(Permission.Read);
        routes.MapGet("/api/projects/{project}/runs/compare/code", (string project, string before, string after, CodeComparisons all, CancellationToken stop) => all.Of(project, before, after, stop)).WithTags("Runs").Needs(Permission.Read);
    }

    /// <summary>Everything by default; <c>best</c> keeps so many columns, <c>all</c> adds the rows that are the same.</summary>
    private static async Task<ComparisonView> Compare(string project, string[]? run, string? study, string? experiment, string? metric, string? direction, int? best, bool? all, Comparisons comparisons, CancellationToken stop)
    {
        var whole = await comparisons.Of(project, Choice.Of(run, study, experiment, metric, direction), stop);
        return ComparisonView.Of(whole, Math.Clamp(best ?? Comparisons.Most, 1, Comparisons.Most), all ?? false);
    }
}

/// <summary>A comparison as it is told over HTTP: columns best first, and a row for each thing that differs.</summary>
/// <param name="Equal">How many rows are the same in all columns; left out unless asked for.</param>
internal sealed record ComparisonView(
    string? Metric, Direction? Direction, string? Conclusion, CertaintyView? Certainty, IReadOnlyList<Influence> Mattered, int Total, IReadOnlyList<ComparedRun> Runs, IReadOnlyList<ComparisonRow> Rows, int Equal)
{
    public static ComparisonView Of(Comparison whole, int columns, bool all)
    {
        var shown = whole.Shown(columns);
        var said = ComparisonSay.Conclusion(whole) is { } conclusion ? conclusion.Lead + conclusion.More : null;
        var titles = ComparisonSay.Names(whole.Runs);
        return new(whole.Primary?.Metric, whole.Primary?.Direction, said, whole.Certainty is { } sure ? new(sure.Best.Runs[0].Id, sure.Next.Runs[0].Id, sure.Ahead, sure.Agrees, sure.Paired) : null, whole.Mattered, whole.Runs.Count,
            [.. shown.Runs.Select((run, i) => new ComparedRun(run.Id, run.Name, titles[i], run.Status, run.Parent, whole.Primary?.In(run)))], [.. shown.Rows.Where(row => all || row.Differs)], shown.Equal);
    }
}

/// <param name="Title">The name, and more where another run has the same one.</param>
/// <param name="Value">Of the metric they are compared by.</param>
internal sealed record ComparedRun(string Id, string Name, string Title, RunStatus Status, string? Study, double? Value);

/// <param name="Agrees">The share of repeats in which the best would be ahead of the next again.</param>
/// <param name="Paired">Both on the items that both answered; null when their runs do not tell.</param>
internal sealed record CertaintyView(string Best, string Next, double Ahead, double? Agrees, Paired? Paired);
