using Steward.Projects;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>From where on a version's windows alarm, in sentences with the numbers of its test split.</summary>
internal static class Limits
{
    /// <param name="settings">Of the project file.</param>
    /// <param name="reference">Of the version that serves; null when none does.</param>
    public static IEnumerable<Explanation> Explain(MonitorSection settings, VersionReference? reference)
    {
        var allowed = settings.FalseAlarms / settings.Scales.Count();
        if (settings.Confidence.Threshold > 0)
            yield return new(LoopWhen.LowConfidence, reference is { Confidences.Count: > 0 } ? Doubts(settings, reference, allowed) : $"Unsure answers, under {Phrases.Percent(settings.Confidence.Threshold)}, cannot be judged: the version brought no confidences of its test split.");
        if (settings.Drift.Watch)
            yield return new(LoopWhen.Drift, reference?.Drift is { } drift ? Drifts(settings, drift, allowed) : "Unfamiliar inputs cannot be judged: the version brought too few embeddings of its test split.");
        if (settings.Kinds.Watch)
            yield return new(LoopWhen.ClassShare, reference is { Kinds.Count: > 0 } ? Shares(settings, reference, allowed) : "The mix of answers cannot be judged: the version did not bring its answers to the test split.");
        if (settings.Accuracy.Watch)
            yield return new(LoopWhen.LowAccuracy, reference is { Rows: > 0 } ? Wrong(settings, reference, allowed) : "Feedback cannot be judged: the version does not say how often it was wrong about its test split.");
        if (settings.Volume is { Watches: true } volume)
            yield return new(LoopWhen.Volume, $"In {Say.Span(volume.Window)} {(volume.AtLeast is { } least ? $"at least {Say.Count(least, "request")} {(volume.AtMost is null ? "" : "and ")}" : "")}{(volume.AtMost is { } most ? $"at most {Say.Count(most, "request")} " : "")}must come; {(volume.AtLeast is null ? "one more alarms" : volume.AtMost is null ? "one fewer alarms" : "fewer or more alarm")}. Counted by the clock, whatever version answers.");
        yield return new(null, $"Every {settings.Window} answers of a version are judged together; a window that is not full is judged after {Say.Span(settings.Patience)}.");
        if (settings.Pool > 1)
            yield return new(null, $"What is too little to be seen in one window shows in many: the last {string.Join(", ", settings.Scales.Skip(1))} windows are judged together, too.");
        yield return new(null, $"When nothing changed, one window in {1 / settings.FalseAlarms:N0} alarms by chance, for each of these.");
    }

    private static string Doubts(MonitorSection settings, VersionReference reference, double allowed)
    {
        var under = settings.Confidence.Threshold;
        var (hits, rows) = (reference.Confidences.Count(confidence => confidence < under), reference.Confidences.Count);
        var test = $"{hits} of {rows} were so in the test split";
        if (ShareShift.Judge(hits, rows, 0, settings.Window, allowed).Threshold is not { } fewest)
            return $"Any number of {settings.Window} answers may be under {Phrases.Percent(under)}: {test}.";
        var most = (int)Math.Floor((settings.Confidence.Most * settings.Window) + 1e-9);
        return fewest > most
            ? $"Up to {fewest - 1} of {settings.Window} answers may be under {Phrases.Percent(under)}; {fewest} alarm, because {test} and chance explains no more."
            : $"Up to {most} of {settings.Window} answers may be under {Phrases.Percent(under)}, because the project file allows that; {test}, and chance would explain {fewest - 1}.";
    }

    private static string Drifts(MonitorSection settings, EmbeddingDrift drift, double allowed)
    {
        if (drift.Reference.Tails.LastOrDefault(tail => tail.Rows <= settings.Window) is not { } tail)
            return "Unfamiliar inputs cannot be judged: the test split is too small.";
        return $"Drift up to {Phrases.Number(tail.Threshold(allowed))} is as usual: windows of {tail.Rows} from {drift.Reference.Rows} rows of the test split, compared with the rest of them, stay below that.";
    }

    private static string Shares(MonitorSection settings, VersionReference reference, double allowed)
    {
        var (kind, count) = reference.Kinds.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First();
        var rows = reference.Kinds.Values.Sum();
        var each = allowed / (2 * reference.Kinds.Count);
        var (few, many) = (Mix.Limit(count, rows, settings.Window, false, each), Mix.Limit(count, rows, settings.Window, true, each));
        return $"{Say.Count(reference.Kinds.Count, "kind")} may each be answered about as often as in the test split: {kind}, for example, {(few ?? -1) + 1} to {(many ?? settings.Window + 1) - 1} times of {settings.Window}, because it was {count} of {rows} there.";
    }

    private static string Wrong(MonitorSection settings, VersionReference reference, double allowed)
    {
        var of = settings.Accuracy.Window;
        return ShareShift.Judge(reference.Wrong, reference.Rows, 0, of, allowed).Threshold is { } fewest
            ? $"Of {of} answers that people speak about, up to {fewest - 1} may be wrong; {fewest} alarm, because {reference.Wrong} of {reference.Rows} were wrong in the test split."
            : $"Of {of} answers that people speak about, any number may be wrong: {reference.Wrong} of {reference.Rows} were wrong in the test split.";
    }
}
