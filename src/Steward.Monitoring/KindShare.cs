using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>How often one kind was answered: the kind of a window whose share is the most unlike the test split.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Count">k.</param>
/// <param name="Of">n.</param>
/// <param name="More">Whether it is more than usual, or less.</param>
/// <param name="Limit">The count from which on (or down to which, when it is less) it alarms; null when none would.</param>
/// <param name="ReferenceCount">How often in what it is compared with.</param>
/// <param name="P">How probable so much, or so little, is when nothing changed.</param>
/// <param name="Allowed">The probability from which down it alarms: what is allowed by chance, shared among all kinds and both directions.</param>
/// <param name="Windows">How many of the last windows were judged together.</param>
public sealed record KindShare(string Kind, int Count, int Of, bool More, int? Limit, int ReferenceCount, int ReferenceOf, double P, double Allowed, Against Against, int Windows)
{
    /// <summary>How surprising it is as a multiple of its limit: above 1 is an alarm.</summary>
    public double Ratio => Math.Log(Math.Max(P, double.Epsilon)) / Math.Log(Allowed);

    internal bool Alarms => P <= Allowed;
}

/// <summary>Which kind of a window stands out.</summary>
internal static class Mix
{
    /// <summary>
    /// Every kind in both directions by the exact test of two counts; the most surprising one. The chance of a false alarm
    /// is shared among all of them, so it does not grow with the number of kinds.
    /// </summary>
    public static KindShare? Of(IReadOnlyDictionary<string, int> reference, IReadOnlyCollection<string> answers, double falseAlarm, Against against, int windows)
    {
        var rows = reference.Values.Sum();
        if (rows == 0 || answers.Count == 0)
            return null;
        var seen = answers.CountBy(answer => answer).ToDictionary(StringComparer.Ordinal);
        var kinds = reference.Keys.Union(seen.Keys, StringComparer.Ordinal).ToList();
        var allowed = falseAlarm / (2 * kinds.Count);
        var most = kinds.SelectMany(kind => (bool[])[true, false], (kind, more) => (kind, more, P: P(kind, more))).MinBy(one => one.P);
        var (count, before) = (seen.GetValueOrDefault(most.kind), reference.GetValueOrDefault(most.kind));
        return new(most.kind, count, answers.Count, most.more, Limit(before, rows, answers.Count, most.more, allowed), before, rows, most.P, allowed, against, windows);

        double P(string kind, bool more)
        {
            var (k, k0) = (seen.GetValueOrDefault(kind), reference.GetValueOrDefault(kind));
            return more ? ShareShift.PValue(k0, rows, k, answers.Count) : ShareShift.PValue(rows - k0, rows, answers.Count - k, answers.Count);
        }
    }

    /// <summary>The fewest that are too many, or the most that are too few.</summary>
    public static int? Limit(int before, int rows, int of, bool more, double allowed)
        => more ? ShareShift.Judge(before, rows, 0, of, allowed).Threshold : of - ShareShift.Judge(rows - before, rows, 0, of, allowed).Threshold;
}
