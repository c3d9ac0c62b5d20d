using Steward.Statistics;

namespace Steward.Models;

/// <summary>How much better one version is than another; below 0 it is worse.</summary>
/// <param name="Ends">The interval; null when nothing is known about the spread.</param>
/// <param name="Items">On how many shared items it was measured; null when each was measured on its own.</param>
internal sealed record Difference(double Point, (double Low, double High)? Ends, int? Items)
{
    /// <summary>Fewer shared items than this tell less than the two tests apart.</summary>
    public const int FewestShared = 30;

    private const int Rounds = 1000;

    /// <summary>Held still, so that equal answers give an equal seal.</summary>
    private const int Seed = 20260512;

    /// <summary>Whether both answers can be measured with this metric row by row.</summary>
    public static bool CanPair(string metric) => metric is "test.f1_macro" or "test.accuracy";

    /// <summary>
    /// On the items that both tests hold, by key, judged by the newer labels: both are measured on the same draws
    /// (paired bootstrap), so what makes items hard for both cancels. Null when too few are shared.
    /// </summary>
    public static Difference? Paired(string metric, TestAnswers ours, TestAnswers theirs, double confidence)
    {
        if (ours.Keys is null || theirs.Keys is null)
            return null;
        var known = theirs.Keys.Select((key, row) => (key, row)).ToDictionary(pair => pair.key, pair => pair.row, StringComparer.Ordinal);
        var shared = ours.Keys.Select((key, row) => (Ours: row, Theirs: known.GetValueOrDefault(key, -1))).Where(pair => pair.Theirs >= 0).ToList();
        if (shared.Count < FewestShared)
            return null;
        var interval = PairedAnswers.Difference([.. shared.Select(pair => ours.Labels[pair.Ours])], [.. shared.Select(pair => ours.Answers[pair.Ours])], [.. shared.Select(pair => theirs.Answers[pair.Theirs])],
            metric != "test.accuracy", new Random(Seed), Rounds).Interval(confidence);
        return new(interval.Point, (interval.Low, interval.High), shared.Count);
    }

    /// <summary>
    /// Of two tests apart, from their logged values and 95 % intervals: the distances to the ends add up as squares
    /// (MOVER, Zou and Donner 2008). Wider than paired, because which items were hard does not cancel.
    /// </summary>
    /// <param name="upward">Whether more of the metric is better.</param>
    public static Difference Apart(double ours, (double Low, double High)? ourEnds, double theirs, (double Low, double High)? theirEnds, bool upward, double confidence)
    {
        var point = upward ? ours - theirs : theirs - ours;
        if (ourEnds is not { } a || theirEnds is not { } b)
            return new(point, null, null);
        var scale = Tails.NormalPoint((1 - confidence) / 2) / Tails.NormalPoint(0.025);
        var (down, up) = (Math.Sqrt(Square(ours - a.Low) + Square(b.High - theirs)) * scale, Math.Sqrt(Square(a.High - ours) + Square(theirs - b.Low)) * scale);
        return upward ? new(point, (point - down, point + up), null) : new(point, (point - up, point + down), null);
    }

    private static double Square(double value) => value * value;
}
