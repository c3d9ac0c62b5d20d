namespace Steward.Packaging;

/// <summary>A package and some of its candidates.</summary>
internal readonly record struct Term(int Package, Bits Among);

/// <summary>
/// What cannot all be so at once, and why. PubGrub's "incompatibility": a requirement says one, and two of them together
/// say a third.
/// </summary>
/// <param name="Terms">At most one a package, in order; none at all means that nothing can be right.</param>
internal sealed record Nogood(IReadOnlyList<Term> Terms, object Cause)
{
    /// <summary>The two that this one follows from.</summary>
    public (Nogood One, Nogood Two)? From => Cause is (Nogood one, Nogood two) ? (one, two) : null;

    /// <summary>Everything it rests on that was not derived.</summary>
    public IReadOnlyList<Nogood> Grounds()
    {
        var (seen, grounds, open) = (new HashSet<Nogood>(ReferenceEqualityComparer.Instance), new List<Nogood>(), new Stack<Nogood>([this]));
        while (open.TryPop(out var now))
            if (!seen.Add(now))
                continue;
            else if (now.From is var (one, two))
            {
                open.Push(two);
                open.Push(one);
            }
            else
                grounds.Add(now);
        return grounds;
    }

    /// <summary>If one of two sets of a package is forbidden with these and the other with those, both are with all of them.</summary>
    public static Nogood Resolve(Nogood one, Nogood two, int package)
    {
        var terms = new List<Term>(one.Terms.Count + two.Terms.Count);
        for (int i = 0, j = 0; i < one.Terms.Count || j < two.Terms.Count;)
        {
            var (left, right) = (i < one.Terms.Count ? one.Terms[i] : (Term?)null, j < two.Terms.Count ? two.Terms[j] : (Term?)null);
            if (right is null || left is not null && left.Value.Package < right.Value.Package)
            {
                terms.Add(left!.Value);
                i++;
            }
            else if (left is null || right.Value.Package < left.Value.Package)
            {
                terms.Add(right.Value);
                j++;
            }
            else
            {
                var both = left.Value.Package == package ? left.Value.Among.Or(right.Value.Among) : left.Value.Among.And(right.Value.Among);
                if (!both.IsAll)
                    terms.Add(new(left.Value.Package, both));
                i++;
                j++;
            }
        }

        return new(terms, (one, two));
    }
}
