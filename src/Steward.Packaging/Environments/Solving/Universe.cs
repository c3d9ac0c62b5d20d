namespace Steward.Packaging;

/// <summary>One thing that can be installed of a package: a known version, or a stretch of versions that nothing tells apart.</summary>
/// <param name="Exact">The one version it stands for; null for a stretch.</param>
/// <param name="Known">What the index says of it; null when it says nothing.</param>
internal sealed record Candidate(string Text, Release? Exact, VersionSet Set, KnownVersion? Known);

/// <summary>A package, or a package with an extra, and all that can be installed of it, the oldest first.</summary>
/// <param name="Base">The package itself when this one is only an extra of it.</param>
internal sealed record Package(int Number, string Name, VersionScheme Scheme, World World, IReadOnlyList<Candidate> Candidates, int? Base)
{
    /// <summary>Candidates and "not installed".</summary>
    public int Size => Candidates.Count + 1;

    public Bits Among(VersionSet allowed) => Bits.Of(Size, Enumerable.Range(1, Candidates.Count).Where(place => Allows(allowed, Candidates[place - 1])));

    private static bool Allows(VersionSet allowed, Candidate candidate) => candidate.Exact is { } exact ? allowed.Contains(exact) : !allowed.Intersect(candidate.Set).IsEmpty;
}

/// <summary>These versions of a package need one of those of another.</summary>
internal sealed record Rule(Package Parent, Bits Versions, Need Need, Package Target, Bits Allowed);

/// <summary>A file asks for one of these versions.</summary>
internal sealed record Root(Wanted Wanted, Package Target, Bits Allowed);

/// <summary>All that can be installed and everything that forbids something, for one runtime on one platform.</summary>
internal sealed class Universe
{
    public required Runtime Runtime { get; init; }

    public required MarkerWorld World { get; init; }

    public required IReadOnlyList<Package> Packages { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    public required IReadOnlyList<Root> Roots { get; init; }

    /// <summary>What solves: every rule as what it forbids, kept over many tries.</summary>
    public IReadOnlyList<Nogood> RuleNogoods => field ??= [.. Rules.Select(rule => new Nogood(Sorted(new(rule.Parent.Number, rule.Versions), new(rule.Target.Number, rule.Allowed.Not())), rule))];

    /// <summary>A limit forbids the other versions; a wish also forbids to leave the package out.</summary>
    public static Nogood Forbids(Root root)
    {
        var forbidden = root.Allowed.Not();
        return new(root.Wanted.IsLimit ? [new(root.Target.Number, forbidden.And(Bits.Of(forbidden.Size, 0).Not()))] : forbidden.IsAll ? [] : [new(root.Target.Number, forbidden)], root);
    }

    /// <summary>A term that always holds says nothing, and is left out.</summary>
    private static Term[] Sorted(params IEnumerable<Term> terms) => [.. terms.Where(term => !term.Among.IsAll).OrderBy(term => term.Package)];
}
