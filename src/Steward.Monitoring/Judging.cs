using Steward.Projects;
using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>Judges a window by numbers alone: no clock, no store, no chance.</summary>
internal static class Judging
{
    /// <summary>Answers that show one kind of alarm best: more than a person looks at are no help.</summary>
    private const int MostTelling = 6;

    /// <summary>The answers with a picture that show an alarming window's alarms best.</summary>
    public static IEnumerable<Telling> Telling(VersionReference reference, Judgement judged, IReadOnlyList<Prediction> answers)
    {
        var shown = answers.Where(answer => answer.Picture is not null).DistinctBy(answer => answer.Picture).ToList();
        IEnumerable<Telling> Told(LoopWhen why, IEnumerable<Prediction> best) => best.Take(MostTelling).Select(answer => new Telling(answer.Id, why));
        if (judged.Unsure.Alarms)
            foreach (var one in Told(LoopWhen.LowConfidence, shown.OrderBy(answer => answer.Confidence)))
                yield return one;
        if (judged.Drift is { Alarms: true })
            foreach (var one in Told(LoopWhen.Drift, Farthest(reference.Drift!, shown)))
                yield return one;
        if (judged.Kinds is { Alarms: true, More: true } kinds)
            foreach (var one in Told(LoopWhen.ClassShare, shown.Where(answer => answer.Label == kinds.Kind).OrderBy(answer => answer.Margin)))
                yield return one;
    }

    private static IEnumerable<Prediction> Farthest(EmbeddingDrift usual, List<Prediction> shown)
    {
        var rows = shown.Where(answer => answer.Embedding?.Length == usual.Reference.Dimensions && Array.TrueForAll(answer.Embedding, float.IsFinite)).ToList();
        return rows.Count < EmbeddingDrift.FewestWindowRows
            ? rows
            : usual.Judge(References.Flat(rows.Select(answer => answer.Embedding!)), unusual: MostTelling).Unusual.Select(row => rows[row.Row]);
    }

    /// <param name="answers">The window.</param>
    /// <param name="earlier">The version's windows before it, the newest first; those that alarmed alone, and all before them, are left out.</param>
    public static Judgement Of(
        MonitorSection settings, VersionReference reference, NewNormal? newNormal, IReadOnlyList<Prediction> answers, IReadOnlyList<IReadOnlyList<Prediction>> earlier)
    {
        var unsure = Doubts(settings, reference, answers, earlier);
        var kinds = settings.Kinds.Watch ? Shares(settings, reference, newNormal, answers, earlier) : null;
        if (!settings.Drift.Watch)
            return new(unsure, null, kinds, reference.Confidences.Count == 0 ? reference.Missing : null);
        var (drift, why) = Drifts(settings, reference, newNormal?.Drift, answers, earlier);
        return new(unsure, drift, kinds, reference.Missing ?? why);
    }

    /// <summary>The scale that shows it most clearly; like drift, what became normal counts beside the test split, and the milder judgement holds.</summary>
    private static KindShare? Shares(MonitorSection settings, VersionReference reference, NewNormal? newNormal, IReadOnlyList<Prediction> answers, IReadOnlyList<IReadOnlyList<Prediction>> earlier)
    {
        KindShare? most = null;
        foreach (var (scale, pool) in Pools(settings, answers, earlier))
        {
            var (labels, allowed) = (pool.ConvertAll(answer => answer.Label), settings.FalseAlarms / settings.Scales.Count());
            if (Mix.Of(reference.Kinds, labels, allowed, Against.TestSplit, scale) is not { } usual)
                return null;
            var share = newNormal is not null && Mix.Of(newNormal.Kinds, labels, allowed, Against.NewNormal, scale) is { } other && other.Ratio < usual.Ratio ? other : usual;
            if (most is null || (!most.Alarms && share.Ratio > most.Ratio))
                most = share;
        }

        return most;
    }

    /// <summary>The window alone, unless only more windows together alarm.</summary>
    private static Unsure Doubts(MonitorSection settings, VersionReference reference, IReadOnlyList<Prediction> answers, IReadOnlyList<IReadOnlyList<Prediction>> earlier)
    {
        Unsure? alone = null;
        foreach (var (scale, pool) in Pools(settings, answers, earlier))
        {
            var judged = Doubt(settings, reference, pool, scale);
            if (judged.Alarms)
                return judged;
            alone ??= judged;
        }

        return alone!;
    }

    private static Unsure Doubt(MonitorSection settings, VersionReference reference, List<Prediction> answers, int scale)
    {
        var under = settings.Confidence.Threshold;
        var count = answers.Count(answer => !(answer.Confidence >= under));
        var (hits, rows) = (reference.Confidences.Count(confidence => confidence < under), reference.Confidences.Count);
        var judged = ShareShift.Judge(hits, rows, count, answers.Count, settings.FalseAlarms / settings.Scales.Count());
        // More than the allowed share, strictly: 15 of 100 is not above 0.15.
        var limit = judged.Threshold is { } fewest ? Math.Max(fewest, (int)Math.Floor((settings.Confidence.Most * answers.Count) + 1e-9) + 1) : (int?)null;
        return new(count, answers.Count, under, limit <= answers.Count ? limit : null, hits, rows, judged.PValue, scale);
    }

    /// <summary>The scale that shows it most clearly.</summary>
    private static (Drift? Drift, string? Why) Drifts(
        MonitorSection settings, VersionReference reference, EmbeddingDrift? newNormal, IReadOnlyList<Prediction> answers, IReadOnlyList<IReadOnlyList<Prediction>> earlier)
    {
        if (reference.Drift is not { } usual)
            return (null, null);
        Drift? most = null;
        foreach (var (scale, pool) in Pools(settings, answers, earlier))
        {
            var rows = pool.Select(answer => answer.Embedding).OfType<float[]>().Where(row => row.Length == usual.Reference.Dimensions && Array.TrueForAll(row, float.IsFinite)).ToList();
            if (rows.Count < EmbeddingDrift.FewestWindowRows)
                return (most, most is null ? $"{rows.Count} of {answers.Count} answers have an embedding; drift needs {EmbeddingDrift.FewestWindowRows}." : null);
            var drift = Drifts(settings, usual, newNormal, References.Flat(rows), scale);
            // The window alone comes first and stays when it alarms: then it is the window that is unusual.
            if (most is null || (!most.Alarms && drift.Ratio > most.Ratio))
                most = drift;
        }

        return (most, null);
    }

    /// <summary>
    /// As usual is what looks like the test split, or like what became normal after an incident; of the two judgements the
    /// milder one counts.
    /// </summary>
    private static Drift Drifts(MonitorSection settings, EmbeddingDrift usual, EmbeddingDrift? newNormal, float[] rows, int scale)
    {
        var allowed = settings.FalseAlarms / settings.Scales.Count();
        var drift = Of(usual.Judge(rows, allowed, 0), Against.TestSplit, scale);
        return newNormal is not null && newNormal.Reference.Dimensions == usual.Reference.Dimensions && Of(newNormal.Judge(rows, allowed, 0), Against.NewNormal, scale) is { } other && other.Ratio < drift.Ratio
            ? other
            : drift;
    }

    private static Drift Of(EmbeddingJudgement judged, Against against, int scale) => new(judged.Score, judged.Threshold, judged.PValue, judged.Rows, against, scale);

    /// <summary>Which kinds alarm.</summary>
    public static IEnumerable<LoopWhen> Alarms(Judgement judged)
    {
        if (judged.Unsure.Alarms)
            yield return LoopWhen.LowConfidence;
        if (judged.Drift is { Alarms: true })
            yield return LoopWhen.Drift;
        if (judged.Kinds is { Alarms: true })
            yield return LoopWhen.ClassShare;
    }

    private static IEnumerable<(int Scale, List<Prediction> Answers)> Pools(MonitorSection settings, IReadOnlyList<Prediction> answers, IReadOnlyList<IReadOnlyList<Prediction>> earlier)
        => settings.Scales.Where(scale => scale <= earlier.Count + 1).Select(scale => (scale, earlier.Take(scale - 1).SelectMany(window => window).Concat(answers).ToList()));
}

/// <summary>What was found about one window.</summary>
/// <param name="Note">What could not be judged and why.</param>
internal sealed record Judgement(Unsure Unsure, Drift? Drift, KindShare? Kinds, string? Note);
