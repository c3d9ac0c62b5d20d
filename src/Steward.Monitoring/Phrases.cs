using System.Globalization;
using Steward.Projects;

namespace Steward.Monitoring;

/// <summary>Figures as sentences: k of n, never a bare share.</summary>
internal static class Phrases
{
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, 1):0.#} %");

    public static string Chance(double p) => p >= 0.001 ? p.ToString("0.###", CultureInfo.InvariantCulture) : p < 1e-99 ? "next to nothing" : p.ToString("0e0", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);

    public static string Kind(LoopWhen kind) => kind switch
    {
        LoopWhen.Drift => "unfamiliar inputs",
        LoopWhen.ClassShare => "an unusual mix of answers",
        LoopWhen.LowAccuracy => "wrong answers",
        LoopWhen.CanaryAbort => "a release that stopped itself",
        LoopWhen.Volume => "an unusual number of requests",
        _ => "unsure answers",
    };

    /// <summary>What happened, in one sentence for a headline.</summary>
    public static string Summary(Window window)
    {
        List<string> parts = [];
        if (window.Alarms.Contains(LoopWhen.LowConfidence))
            parts.Add($"{window.Unsure.Count} of {window.Unsure.Of} answers were less than {Percent(window.Unsure.Under)} sure");
        if (window.Alarms.Contains(LoopWhen.Drift))
            parts.Add($"what {window.Endpoint} sees looks unfamiliar");
        if (window.Alarms.Contains(LoopWhen.ClassShare) && window.Kinds is { } kinds)
            parts.Add($"{kinds.Count} of {kinds.Of} answers were {kinds.Kind}, unusually {(kinds.More ? "many" : "few")}");
        var said = string.Join(", and ", parts);
        return char.ToUpperInvariant(said[0]) + said[1..] + ".";
    }

    /// <summary>The figures of a window with their limits, what alarms first.</summary>
    public static string Figures(Window window) => string.Join(' ', All(window).OrderByDescending(one => one.Alarms).Select(one => one.Text));

    /// <summary>Those figures alone that alarm.</summary>
    public static string Alarming(Window window) => string.Join(' ', All(window).Where(one => one.Alarms).Select(one => one.Text));

    private static List<(bool Alarms, string Text)> All(Window window)
    {
        List<(bool Alarms, string Text)> all = [(window.Unsure.Alarms, Doubts(window.Unsure))];
        if (window.Drift is { } drift)
            all.Add((drift.Alarms, Drifts(drift)));
        if (window.Kinds is { } kinds)
            all.Add((kinds.Alarms, Mix(kinds)));
        return all;
    }

    public static string Mix(KindShare kinds)
    {
        var seen = $"{kinds.Count} of {(kinds.Windows > 1 ? $"the last {kinds.Of}" : $"{kinds.Of}")} answers were {kinds.Kind}";
        var usual = $"{kinds.ReferenceCount} of {kinds.ReferenceOf} in {What(kinds.Against)}";
        return kinds.Alarms
            ? $"{seen}, {usual}: {(kinds.More ? $"{kinds.Limit} or more alarm" : $"{kinds.Limit} or fewer alarm")}."
            : $"The mix of answers is as usual: the most unusual is {kinds.Kind} with {kinds.Count} of {kinds.Of}, {usual}.";
    }

    public static string Told(Mistakes one)
    {
        var text = $"{one.PooledWrong} of {(one.Batches > 1 ? $"the last {one.PooledAnswers}" : $"{one.PooledAnswers}")} answers that people spoke about were wrong";
        return text + (one.Limit is { } limit
            ? $"; {limit} or more alarm, because {one.ReferenceWrong} of {one.ReferenceRows} were so in the test split."
            : $"; {one.ReferenceWrong} of {one.ReferenceRows} were so in the test split, and no count of {one.PooledAnswers} would be clearly more.");
    }

    public static string Realised(Realised told) => told.How is Serving.ToldHow.Feedback
        ? $"{told.Right} of {told.Of} answers that people spoke about were right ({Percent(told.Low)} to {Percent(told.High)} with 95 % confidence)."
        : $"{told.Right} of {told.Of} answers that people were asked to name were right; those were chosen for being doubtful, so they say little about the rest.";

    private static string What(Against against) => against is Against.TestSplit ? "the test split" : "the first windows after the incident";

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
        return $"{seen} {(drift.Alarms ? "do not look like" : "look like")} {What(drift.Against)}: drift {Number(drift.Score)}, the limit is {Number(drift.Limit)}.";
    }
}
