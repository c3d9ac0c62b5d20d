namespace Steward.Packaging;

/// <summary>How far a candidate is from what a line asks for.</summary>
internal static class Nearest
{
    private static readonly string[] Sizes = ["none", "patch", "minor", "major"];

    /// <summary>The nearest first: by the first number that differs, then by how many versions lie between; newer before older.</summary>
    public static IEnumerable<int> Order(Package package, Bits asked, VersionSet allowed) => Enumerable.Range(1, package.Candidates.Count)
        .OrderBy(place => Step(package, place, asked, allowed)).ThenBy(place => Math.Abs(place - Anchor(package, place, asked, allowed))).ThenByDescending(place => place);

    public static string Size(Package package, int place, Bits asked, VersionSet allowed) => Sizes[Step(package, place, asked, allowed)];

    /// <summary>0 inside, 1 when only later numbers differ, 2 when the second does, 3 when the first does.</summary>
    public static int Step(Package package, int place, Bits asked, VersionSet allowed)
    {
        if (asked[place])
            return 0;
        var (one, two) = (package.Candidates[place - 1].Exact, package.Candidates[Anchor(package, place, asked, allowed) - 1].Exact);
        if (one is null || two is null)
            return 2;
        for (var i = 0; i < 2; i++)
            if (one.Numbers.ElementAtOrDefault(i) != two.Numbers.ElementAtOrDefault(i))
                return 3 - i;
        return 1;
    }

    /// <summary>The nearest candidate that is asked for; where there is none, the first above what is asked for.</summary>
    private static int Anchor(Package package, int place, Bits asked, VersionSet allowed)
    {
        if (!asked.And(Bits.Of(asked.Size, 0).Not()).IsEmpty)
            return asked.Places().Where(one => one > 0).MinBy(one => Math.Abs(one - place));
        var from = allowed.Pieces.Select(piece => piece.From.At).FirstOrDefault();
        var above = from is null ? 0 : package.Candidates.Count(candidate => candidate.Exact is { } exact && exact.GetType() == from.GetType() && exact < from) + 1;
        return Math.Clamp(above, 1, package.Candidates.Count);
    }
}
