using System.Globalization;

namespace Steward.Models.Pages;

/// <summary>One thing that users would notice, as it is and as it would be.</summary>
/// <param name="Was">Of the other version; null when it does not tell, or there is none.</param>
internal sealed record Change(string What, string? Was, string Now)
{
    public static IReadOnlyList<Change> Of(ModelVersion one, ModelVersion? other)
    {
        var changes = new List<Change>();
        Add("right answers", Right);
        Add("worst kind", Worst);
        Add("F1, all kinds", version => Metric(version, "test.f1_macro", value => value.ToString("0.000", CultureInfo.InvariantCulture)));
        Add("sure answers", version => Metric(version, "test.sure_share", Percent));
        Add("sureness off by", version => Metric(version, "test.ece", value => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.#} points")));
        Add("answer time, p95", version => version.Gates.FirstOrDefault(gate => gate.Gate == "latency")?.Measured);
        if (one.Gates.FirstOrDefault(gate => gate.Gate == "signature") is { } callers)
            changes.Add(new("callers must change", null, callers.Passed ? "nothing" : callers.Measured));
        return changes;

        void Add(string what, Func<ModelVersion, string?> say)
        {
            if (say(one) is { } now)
                changes.Add(new(what, other is null ? null : say(other), now));
        }
    }

    /// <summary>The first thing to know: <c>It names 618 of 640 test pictures right; fruit@1 named 601 of 640.</c></summary>
    public static string Sentence(ModelVersion one, ModelVersion? other, bool before) => (Right(one), other is null ? null : Right(other)) switch
    {
        (null, _) => other is null ? "Nothing serves yet, so users get answers for the first time." : $"It takes the place of {other.Name}.",
        ({ } now, null) => $"It names {now} test items right. {(other is null ? "Nothing serves yet, so users get answers for the first time." : "")}",
        var (now, was) => $"It names {now} test items right; {other!.Name}, which {(before ? "served before" : "serves now")}, names {was}{(one.Data == other.Data ? "" : ", each of its own test")}.",
    };

    private static string? Right(ModelVersion version)
        => version.Metrics.HitsOf("test.accuracy") is { } hits ? $"{hits.Right} of {hits.Of}" : Metric(version, "test.accuracy", Percent);

    private static string? Worst(ModelVersion version) => version.Metrics.Kinds("test.f1").MinBy(kind => kind.Value) is { } worst ? $"{worst.Name} {worst.Value.ToString("0.00", CultureInfo.InvariantCulture)}" : null;

    private static string? Metric(ModelVersion version, string metric, Func<double, string> say) => version.Metrics.TryGetValue(metric, out var value) ? say(value) : null;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");
}
