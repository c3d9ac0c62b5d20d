using System.Globalization;
using Steward.Tracking.Pages;

namespace Steward.Tracking.Comparing;

/// <summary>What a comparison came to, in sentences made from its numbers.</summary>
internal static class ComparisonSay
{
    // Under it chance alone often enough gives the same order.
    private const double Sure = 0.9;

    /// <summary>The best run's name, and what is to be said of it; null when nothing can be called best.</summary>
    public static (string Lead, string More)? Conclusion(Comparison all)
    {
        if (all.Primary is not { } primary || all.Best is not { } best)
            return null;
        if (all.Certainty is not { } certainty)
            return (NameOf(best), $" is the only one that finished with {primary.Metric}: {RunSay.Figure(primary.In(best))}.");
        var first = certainty.Best;
        var spread = first.Error is { } error && first.Runs.Count > 1 ? $" ± {RunSay.Figure(2 * error)} over {Say.Count(first.Runs.Count, "repeat")}" : "";
        var ahead = certainty.Ahead < 5e-4 ? $", no more than {NameOf(certainty.Next.Runs[0])}" : $", {RunSay.Figure(certainty.Ahead)} {(primary.Direction is Direction.Maximize ? "above" : "below")} {NameOf(certainty.Next.Runs[0])}";
        return (NameOf(first.Runs[0]), $" is best: {primary.Metric} {RunSay.Figure(first.Value)}{spread}{ahead}. {HowSure(certainty, primary)}{OnTheSame(certainty)}");

        string NameOf(Run run) => Names(all.Runs)[all.Runs.ToList().IndexOf(run)];
    }

    /// <summary>Null with too few runs to tell, or when no parameter explains anything.</summary>
    public static string? Mattered(Comparison all) => all.Mattered.Count == 0 ? null
        : $"What mattered: {string.Join(", ", all.Mattered.Take(4).Select(one => $"{one.Parameter} ({one.Share.ToString("0 %", CultureInfo.InvariantCulture)})"))} of the differences, each by itself.";

    /// <summary>What each run is called beside the others: its name, and what it learned from or its last digits where names repeat.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<Run> runs)
    {
        var (names, taught) = (runs.ToLookup(run => run.Name), runs.ToLookup(run => (run.Name, run.Data)));
        return [.. runs.Select(run => names[run.Name].Count() == 1 ? run.Name : taught[(run.Name, run.Data)].Count() == 1 ? $"{run.Name}, {run.Data}" : $"{run.Name}, {run.Id[^6..]}")];
    }

    public static string Title(ComparisonKind kind) => kind switch
    {
        ComparisonKind.CameOut or ComparisonKind.Took => "What came out",
        ComparisonKind.WentIn => "What went in",
        _ => "Where it comes from",
    };

    /// <summary>What the two best answered to the same items: the sharpest that can be said about their difference.</summary>
    private static string OnTheSame(Certainty certainty)
    {
        if (certainty.Paired is not { } paired)
            return "";
        var how = paired.Ahead == 0 ? "they are equal there" : $"there it is {RunSay.Figure(Math.Abs(paired.Ahead))} {(paired.Ahead > 0 ? "ahead" : "behind")} in {paired.Measure}";
        var judged = paired switch { { Low: > 0 } => "chance does not explain that", { High: < 0 } => "which chance does not explain: look twice before you take it", _ => "so on these items it is not shown to be better" };
        return $" Both answered the same {Say.Count(paired.Items, "test item")}, {paired.BestOnly} right by it alone, {paired.NextOnly} by the other alone: {how} (95 %: {Signed(paired.Low)} to {Signed(paired.High)}), {judged}.";
    }

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string HowSure(Certainty certainty, Primary primary) => certainty.Agrees switch
    {
        null => $"How sure that is, nothing tells: log how many items were judged ({primary.Metric.Split('.')[0]}.n), or run it again with another seed.",
        { } share => $"A repeat would agree in about {Math.Clamp(Math.Round(20 * share), 10, 20)} of 20 cases{(share < Sure ? ", so it may be chance" : "")}.",
    };
}
