using System.Globalization;
using Steward.Projects;

namespace Steward.Monitoring;

/// <summary>Figures as sentences: k of n, never a bare share.</summary>
internal static class Phrases
{
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, 1):0.#} %");

    public static string Chance(double p) => p >= 0.001 ? p.ToString("0.###", CultureInfo.InvariantCulture) : p < 1e-99 ? "next to nothing" : p.ToString("0e0", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);

    public static string Kind(LoopWhen kind) => kind is LoopWhen.Drift ? "unfamiliar inputs" : "unsure answers";

    /// <summary>What happened, in one sentence for a headline.</summary>
    public static string Summary(Window window)
    {
        List<string> parts = [];
        if (window.Alarms.Contains(LoopWhen.LowConfidence))
            parts.Add($"{window.Unsure.Count} of {window.Unsure.Of} answers were less than {Percent(window.Unsure.Under)} sure");
        if (window.Alarms.Contains(LoopWhen.Drift))
            parts.Add($"what {window.Endpoint} sees looks unfamiliar");
        var said = string.Join(", and ", parts);
        return char.ToUpperInvariant(said[0]) + said[1..] + ".";
    }

    /// <summary>The figures of a window with their limits, what alarms first.</summary>
    public static string Figures(Window window)
    {
        var doubts = Doubts(window.Unsure);
        if (window.Drift is not { } drift)
            return doubts;
        return drift.Alarms && !window.Unsure.Alarms ? $"{Drifts(drift)} {doubts}" : $"{doubts} {Drifts(drift)}";
    }

    public static string Doubts(Unsure unsure)
    {
        var text = $"{unsure.Count} of {(unsure.Windows > 1 ? $"the last {unsure.Of}" : $"{unsure.Of}")} answers were less than {Percent(unsure.Under)} sure";
        if (unsure.ReferenceOf == 0)
            return text + ".";
        return text + (unsure.Limit is { } limit
            ? $"; {limit} or more alarm, because {unsure.ReferenceCount} of {unsure.ReferenceOf} were so in the test split."
            : $"; {unsure.ReferenceCount} of {unsure.ReferenceOf} were so in the test split, and no count of {unsure.Of} would be clearly more.");
    }

    public static string Drifts(Drift drift)
    {
        var seen = drift.Windows > 1 ? $"The last {drift.Rows} inputs together" : "The inputs";
        var what = drift.Against is Against.TestSplit ? "the test split" : "the first windows after the incident";
        return $"{seen} {(drift.Alarms ? "do not look like" : "look like")} {what}: drift {Number(drift.Score)}, the limit is {Number(drift.Limit)}.";
    }
}
