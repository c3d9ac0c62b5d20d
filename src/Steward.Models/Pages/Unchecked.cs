using System.Globalization;

namespace Steward.Models.Pages;

/// <summary>What nobody looked at before a version would serve: said before the vote, not after the accident.</summary>
internal static class Unchecked
{
    /// <summary>With fewer test items than this, a figure of one kind says little.</summary>
    private const int FewItems = 30;

    /// <param name="other">The version that serves.</param>
    public static IReadOnlyList<string> Of(ModelVersion one, IReadOnlyList<GateSpec> gates, ModelVersion? other)
    {
        var kinds = gates.Select(gate => gate.Kind()).ToHashSet();
        var open = new List<string>();
        var n = one.Metrics.TryGetValue("test.n", out var count) ? ((long)count).ToString("N0", CultureInfo.InvariantCulture) + " " : "";
        open.Add($"Anything unlike its {n}test items: they come from {one.Data}, like those it learned from. {(IsTable(one) ? "Other people, other times and prices were" : "Another camera, light or style was")} not tried.");
        if (one.Metrics.Kinds("test.f1").Where(kind => kind.Items < FewItems).Select(kind => kind.Name).ToList() is { Count: > 0 } few)
            open.Add($"{Conclusion.And([.. few.Take(4)])}{(few.Count > 4 ? $" and {few.Count - 4} more" : "")} by enough items: fewer than {FewItems} each.");
        if (!kinds.Contains("slice") && one.Metrics.ContainsKey("test.f1_macro"))
            open.Add("Whether one kind is always told wrong: no gate asks every kind.");
        if (other is not null && !kinds.Contains("champion"))
            open.Add($"Whether it is worse than {other.Name}: no gate compares them.");
        if (one.Gates.Any(gate => gate.Gate == "champion" && gate.Spread?.Contains("not paired", StringComparison.Ordinal) == true))
            open.Add("The same items twice: the two versions were compared each on its own test.");
        if (one.Metrics.ContainsKey("test.ece") && !gates.Any(gate => gate.Metric?.EndsWith(".ece", StringComparison.Ordinal) == true))
            open.Add("How honest its confidence is: no gate asks.");
        open.Add(kinds.Contains("latency") ? "How fast it is when many ask at once: it was asked one at a time." : "How fast it answers: no gate asks.");
        return open;
    }

    /// <summary>Names of tables have a schema, those of picture sets have none.</summary>
    private static bool IsTable(ModelVersion one) => one.Data.Contains('.', StringComparison.Ordinal);
}
