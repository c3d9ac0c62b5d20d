using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>
/// Which pictures are worth a person's time: doubtful ones that differ (see <see cref="Teaching"/>). On handwritten digits this
/// reaches 95 % with a third of the labels that chance needs (bench/results/labels.md).
/// </summary>
internal static class Choice
{
    /// <summary>At most so many, each picture once: first those that somebody said were wrong, because there is nothing to guess about them.</summary>
    public static List<Prediction> Of(IEnumerable<Prediction> answers, IEnumerable<Prediction> wrong, int batch, Random random)
    {
        var first = wrong.Where(answer => answer.Picture is not null).DistinctBy(answer => answer.Picture).Take(batch).ToList();
        var pictures = first.Select(answer => answer.Picture).ToHashSet();
        return [.. first, .. Of(answers.Where(answer => !pictures.Contains(answer.Picture)), batch - first.Count, random)];
    }

    /// <summary>At most so many, each picture once, the closest decision first.</summary>
    public static List<Prediction> Of(IEnumerable<Prediction> answers, int batch, Random random)
    {
        var candidates = answers.Where(answer => answer.Picture is not null)
            .OrderBy(Margin).ThenBy(answer => answer.Id, StringComparer.Ordinal)
            .DistinctBy(answer => answer.Picture)
            .ToList();
        if (candidates.Count == 0 || batch <= 0)
            return [];
        var dimensions = candidates[0].Embedding?.Length ?? 0;
        var placed = dimensions > 0 && candidates.TrueForAll(answer => answer.Embedding?.Length == dimensions && Array.TrueForAll(answer.Embedding, float.IsFinite));
        float[] rows = placed ? [.. candidates.SelectMany(answer => answer.Embedding!)] : [];
        return [.. Teaching.Doubtful([.. candidates.Select(Margin)], rows, dimensions, batch, random).Select(row => candidates[row])];
    }

    private static double Margin(Prediction answer) => double.IsFinite(answer.Margin) ? Math.Clamp(answer.Margin, 0, 1) : 0;
}
