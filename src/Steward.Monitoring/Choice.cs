using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>
/// Which pictures are worth a person's time: doubtful ones that differ (see <see cref="Teaching"/>). Handwritten digits take
/// two fifths of the labels that chance needs, pictures of clothes half of them (bench/results/labels.md).
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
        return Of(candidates, Margin, answer => answer.Embedding, batch, random);
    }

    /// <summary>At most so many of these, the closest decision first.</summary>
    public static List<Wanted> Of(IReadOnlyList<Wanted> pool, int batch, Random random) => pool.Count == 0 ? [] : Of(pool, one => Margin(one.Said.Margin), one => one.Said.Embedding, batch, random);

    private static List<T> Of<T>(IReadOnlyList<T> candidates, Func<T, double> margin, Func<T, float[]?> embedding, int batch, Random random)
    {
        var dimensions = embedding(candidates[0])?.Length ?? 0;
        var placed = dimensions > 0 && candidates.All(one => embedding(one) is { } row && row.Length == dimensions && Array.TrueForAll(row, float.IsFinite));
        float[] rows = placed ? [.. candidates.SelectMany(one => embedding(one)!)] : [];
        return [.. Teaching.Doubtful([.. candidates.Select(margin)], rows, dimensions, batch, random).Select(row => candidates[row])];
    }

    private static double Margin(Prediction answer) => Margin(answer.Margin);

    private static double Margin(double margin) => double.IsFinite(margin) ? Math.Clamp(margin, 0, 1) : 0;

    /// <summary>A picture and what a model said about it.</summary>
    internal sealed record Wanted(Digest Picture, Scored Said);
}
