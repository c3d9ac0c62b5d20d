using Steward.Projects;
using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>Judges a window by numbers alone: no clock, no store, no chance.</summary>
internal static class Judging
{
    public static (Unsure Unsure, Drift? Drift, string? Note) Of(MonitorSection settings, VersionReference reference, EmbeddingDrift? newNormal, IReadOnlyList<Prediction> answers)
    {
        var unsure = Doubts(settings, reference, answers);
        if (!settings.Drift.Watch)
            return (unsure, null, reference.Confidences.Count == 0 ? reference.Missing : null);
        var (drift, why) = Drifts(settings, reference, newNormal, answers);
        return (unsure, drift, reference.Missing ?? why);
    }

    /// <summary>Whether each kind alarms.</summary>
    public static IEnumerable<LoopWhen> Alarms(Unsure unsure, Drift? drift)
    {
        if (unsure.Limit is { } limit && unsure.Count >= limit)
            yield return LoopWhen.LowConfidence;
        if (drift is not null && drift.Score > drift.Limit)
            yield return LoopWhen.Drift;
    }

    private static Unsure Doubts(MonitorSection settings, VersionReference reference, IReadOnlyList<Prediction> answers)
    {
        var under = settings.Confidence.Threshold;
        var count = answers.Count(answer => !(answer.Confidence >= under));
        var (hits, rows) = (reference.Confidences.Count(confidence => confidence < under), reference.Confidences.Count);
        var judged = ShareShift.Judge(hits, rows, count, answers.Count, settings.FalseAlarms);
        // More than the allowed share, strictly: 15 of 100 is not above 0.15.
        var limit = judged.Threshold is { } fewest ? Math.Max(fewest, (int)Math.Floor((settings.Confidence.Most * answers.Count) + 1e-9) + 1) : (int?)null;
        return new(count, answers.Count, under, limit <= answers.Count ? limit : null, hits, rows, judged.PValue);
    }

    /// <summary>
    /// A window is as usual when it looks like the test split, or like what became normal after an incident; of the two
    /// judgements the milder one counts.
    /// </summary>
    private static (Drift? Drift, string? Why) Drifts(MonitorSection settings, VersionReference reference, EmbeddingDrift? newNormal, IReadOnlyList<Prediction> answers)
    {
        if (reference.Drift is not { } usual)
            return (null, null);
        var rows = answers.Where(answer => answer.Embedding is { } embedding && embedding.Length == usual.Reference.Dimensions && Array.TrueForAll(embedding, float.IsFinite)).Select(answer => answer.Embedding!).ToList();
        if (rows.Count < EmbeddingDrift.FewestWindowRows)
            return (null, $"{rows.Count} of {answers.Count} answers have an embedding; drift needs {EmbeddingDrift.FewestWindowRows}.");
        var flat = References.Flat(rows);
        var drift = Of(usual.Judge(flat, settings.FalseAlarms, 0), Against.TestSplit);
        if (newNormal is not null && newNormal.Reference.Dimensions == usual.Reference.Dimensions && Of(newNormal.Judge(flat, settings.FalseAlarms, 0), Against.NewNormal) is { } other && other.Ratio < drift.Ratio)
            drift = other;
        return (drift, null);
    }

    private static Drift Of(EmbeddingJudgement judged, Against against) => new(judged.Score, judged.Threshold, judged.PValue, judged.Rows, against);
}
