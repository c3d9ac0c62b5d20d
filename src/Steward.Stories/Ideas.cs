namespace Steward.Stories;

/// <summary>
/// How many ideas a panel holds. A fact alone is one. So are facts that say nothing apart: k of n is the part and its whole,
/// or a measure and the number it was measured on; a comparison is two shares side by side; a peak is a value and its moment.
/// Whatever else stands in one panel is a second idea, and wants a panel of its own.
/// </summary>
internal static class Ideas
{
    /// <summary>Three bars are a chart, not a comparison.</summary>
    private const int Compared = 2;

    /// <param name="told">What the panel says or draws, each once. Versions are names, and no ideas.</param>
    public static int Count(Beat beat, IReadOnlyList<Fact> told)
    {
        var ideas = new List<List<Fact>>();
        foreach (var fact in told)
        {
            var with = ideas.FindAll(idea => idea.Exists(other => Belong(beat, fact, other)));
            ideas.RemoveAll(with.Contains);
            ideas.Add([.. with.SelectMany(idea => idea), fact]);
        }

        return ideas.Sum(idea => Math.Max(1, idea.Count(fact => fact.Unit is Unit.Share) - Compared + 1));
    }

    private static bool Belong(Beat beat, Fact one, Fact other)
        => one.Unit is Unit.Share && other.Unit is Unit.Share
            || Measured(one, other) || Measured(other, one)
            || one.Id == other.Id + ".at" || other.Id == one.Id + ".at"
            || beat.Parts.Contains(one.Id) && beat.Parts.Contains(other.Id);

    private static bool Measured(Fact measure, Fact count) => measure.Unit is not Unit.Count && count.Unit is Unit.Count && measure.N > 0 && measure.N == count.Value;
}
