using System.Globalization;

namespace Steward.Tracking.Pages;

/// <summary>What pages say about runs.</summary>
internal static class RunSay
{
    public static string Kind(RunStatus status) => status switch
    {
        RunStatus.Running => "info",
        RunStatus.Finished => "good",
        RunStatus.Failed => "bad",
        _ => "warn",
    };

    /// <summary>Three digits after the point for scores, fewer for large numbers.</summary>
    public static string Figure(double? value) => value switch
    {
        null => "–",
        { } strange when !double.IsFinite(strange) => strange.ToString(CultureInfo.InvariantCulture),
        { } large when Math.Abs(large) >= 1000 => large.ToString("N0", CultureInfo.InvariantCulture),
        { } whole when whole == Math.Floor(whole) => whole.ToString("0", CultureInfo.InvariantCulture),
        { } tiny when Math.Abs(tiny) < 0.001 => tiny.ToString("0.##e0", CultureInfo.InvariantCulture),
        { } plain => plain.ToString("0.000", CultureInfo.InvariantCulture),
    };

    public static string Took(Run run, DateTimeOffset now) => Say.Span(run.Took ?? (now - run.StartedAt));

    /// <summary>What a study or run came to, in one sentence made from its numbers. <c>Lead</c> is said in bold.</summary>
    public static (string Lead, string More) Conclusion(RunSight sight)
    {
        var run = sight.Run;
        if (run.Status is RunStatus.Failed)
            return ("It failed", $": {run.Tags.GetValueOrDefault("why") ?? sight.Of?.Run.Tags.GetValueOrDefault("why") ?? "nobody said why. What it logged before is below."}");
        if (run.Status is RunStatus.Cancelled)
            return ("It was cancelled", $"{(run.Tags.GetValueOrDefault("why") is { } why ? $": {why}" : ".")} What it logged before is below.");
        return sight.Study.Tunes.Count > 0 ? OfStudy(sight.Study) : OfRun(sight);
    }

    private static (string Lead, string More) OfStudy(Study study)
    {
        var (count, over) = (study.Tunes.Count, study.Tunes.Count(tune => tune.IsOver));
        var done = study.Run.IsOver ? $"of {Say.Count(count, "tune")}" : $"so far; {over} of {Say.Count(count, "tune")} are done";
        if (study.Primary is not { } primary || study.Best is not { } best)
            return study.Run.IsOver
                ? ($"{Say.Count(count, "tune")} ended", study.Primary is { } by ? $", and none that finished measured {by.Metric}." : ", and nothing says which is best: the tag 'primary' names the metric to compare by.")
                : ($"{over} of {Say.Count(count, "tune")} are done", study.Primary is { } leads && leads.In(study.Ranked.First()) is { } ahead ? $"; {study.Ranked.First().Name} leads with {leads.Metric} {Figure(ahead)}." : ".");
        var score = primary.In(best)!.Value;
        var next = study.Ranked.Where(tune => tune != best && tune.Status is RunStatus.Finished).Select(tune => primary.In(tune)).FirstOrDefault(value => value is not null);
        return (best.Name, $" is best {done}: {primary.Metric} {Figure(score)}{(next is { } second ? Ahead(score, second, primary) : "")}.");
    }

    private static string Ahead(double score, double second, Primary primary) => Math.Abs(score - second) < 5e-4
        ? ", no more than another tune"
        : $", {Figure(Math.Abs(score - second))} {(primary.Direction is Direction.Maximize ? "above" : "below")} the next";

    private static (string Lead, string More) OfRun(RunSight sight)
    {
        var run = sight.Run;
        if (sight.Primary is not { } primary || primary.In(run) is not { } score)
            return run.IsOver ? ("It finished", run.Metrics.Count == 0 ? " and measured nothing." : $" with {Say.Count(run.Metrics.Count, "metric")}.") : ("It runs", run.Metrics.Count == 0 ? "; nothing was measured yet." : ".");
        var best = sight.Of?.Best;
        var rank = sight.Of is null || !run.IsOver ? 0 : sight.Of.Ranked.ToList().FindIndex(tune => tune.Id == run.Id) + 1;
        return ($"{primary.Metric} {Figure(score)}", !run.IsOver ? " so far."
            : best?.Id == run.Id ? $": the best of {Say.Count(sight.Of!.Tunes.Count, "tune")}."
            : best is not null ? $": number {rank} of {Say.Count(sight.Of!.Tunes.Count, "tune")}; {best.Name} reached {Figure(primary.In(best))}."
            : ".");
    }
}
