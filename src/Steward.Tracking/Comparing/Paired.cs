using System.Text.Json;
using Steward.Blobs;
using Steward.Statistics;
using Steward.Tracking.Pages;

namespace Steward.Tracking.Comparing;

/// <summary>The best run and the next on the items that both answered, as their <c>evaluation.json</c> tell.</summary>
/// <param name="Measure"><c>f1_macro</c>, or <c>accuracy</c>.</param>
/// <param name="Items">That both answered.</param>
/// <param name="BestOnly">Items where the best run alone was right.</param>
/// <param name="NextOnly">Items where the next run alone was right.</param>
/// <param name="Ahead">The best run's measure less the next one's; below 0 it is behind there.</param>
/// <param name="Low">Of the interval that holds the true difference with 95 %.</param>
public sealed record Paired(string Measure, int Items, int BestOnly, int NextOnly, double Ahead, double Low, double High)
{
    // Fewer tell less than both apart.
    private const int Fewest = 30;
    private const int Rounds = 400, Seed = 1;

    // Of two files; a page waits for it.
    private const long MostBytes = 8L << 20;

    /// <summary>Null when one of them tells no answers, or they share too few items.</summary>
    internal static async Task<Paired?> Of(Run best, Run next, Primary primary, IRuns runs, IBlobs blobs, CancellationToken stop)
    {
        if (await Read(best, runs, blobs, stop) is not { } one || await Read(next, runs, blobs, stop) is not { } other)
            return null;
        var shared = one.Where(item => other.ContainsKey(item.Key)).Select(item => (item.Value.Truth, Best: item.Value.Answer, Next: other[item.Key].Answer)).ToList();
        if (shared.Count < Fewest)
            return null;
        var macroF1 = primary.Metric.EndsWith(".f1_macro", StringComparison.Ordinal);
        var interval = PairedAnswers.Difference(shared.ConvertAll(item => item.Truth), shared.ConvertAll(item => item.Best), shared.ConvertAll(item => item.Next), macroF1, new Random(Seed), Rounds).Interval();
        return new(macroF1 ? "f1_macro" : "accuracy", shared.Count, shared.Count(item => item.Best == item.Truth && item.Next != item.Truth), shared.Count(item => item.Next == item.Truth && item.Best != item.Truth), interval.Point, interval.Low, interval.High);
    }

    private static async Task<Dictionary<string, Item>?> Read(Run run, IRuns runs, IBlobs blobs, CancellationToken stop)
    {
        if ((await runs.ArtifactsOf(run.Id, stop)).Find(file => file.Name == Evaluated.File) is not { Size: <= MostBytes } file)
            return null;
        try
        {
            var items = JsonSerializer.Deserialize<Answers>(await blobs.Read(file.Blob, stop), Json.Options)?.Items;
            return items is { Count: > 0 } && items.TrueForAll(item => item is { Key: not null, Truth: not null, Answer: not null }) && items.DistinctBy(item => item.Key).Count() == items.Count
                ? items.ToDictionary(item => item.Key, StringComparer.Ordinal)
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or ProblemException { Kind: ProblemKind.NotFound })
        {
            // Any trainer may log a file of this name; damaged or gone, the comparison does without.
            return null;
        }
    }

    private sealed record Answers(List<Item>? Items);

    private sealed record Item(string Key, string Truth, string Answer);
}
