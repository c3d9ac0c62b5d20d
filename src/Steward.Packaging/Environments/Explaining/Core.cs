namespace Steward.Packaging;

/// <summary>Finds the few lines that a conflict is about.</summary>
internal static class Core
{
    /// <summary>Of these lines, a handful that cannot all be right, none of which can be spared; and the proof for just those.</summary>
    public static (IReadOnlyList<Wanted> Lines, Nogood Proof)? Of(Universe universe, IReadOnlyList<Root> roots)
    {
        if (Solver.Solve(universe, roots).Failure is not { } proof)
            return null;
        var core = Lines(proof);
        foreach (var line in core.ToList())
            if (core.Contains(line) && Solver.Solve(universe, [.. roots.Where(root => core.Contains(root.Wanted) && root.Wanted != line)]).Failure is { } still)
                (core, proof) = (Lines(still), still);
        // As a person reads them: file by file, line by line.
        return ([.. core.OrderBy(line => line.At.File, StringComparer.Ordinal).ThenBy(line => line.At.Line)], proof);
    }

    private static List<Wanted> Lines(Nogood proof) => [.. proof.Grounds().Select(ground => ground.Cause).OfType<Root>().Select(root => root.Wanted).Distinct()];
}
