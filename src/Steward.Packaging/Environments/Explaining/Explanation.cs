namespace Steward.Packaging;

/// <summary>Whether what the files ask for can be installed at all, and if not, why and what to change.</summary>
/// <param name="Interpreter">Exact; empty when nothing says it.</param>
/// <param name="Packages">What is installed, when it fits.</param>
public sealed record Explanation(Runtime Runtime, string Interpreter, bool Fits, IReadOnlyList<Conflict> Conflicts, IReadOnlyList<LockedPackage> Packages)
{
    private const int MostConflicts = 8;

    public static Explanation Of(Interpreter interpreter, string platform, IReadOnlyList<Wanted> wanted, PackageIndex index)
    {
        var asked = wanted.Where(one => !one.IsInterpreter).ToList();
        Universe Build(string version, IEnumerable<Wanted> which) => UniverseBuilder.Build(interpreter.Runtime, new(version, platform), asked.Concat(which), index);
        var universe = Build(interpreter.Version, interpreter.Wanted);
        var outcome = Solver.Solve(universe);
        if (outcome.Chosen is { } chosen)
            return new(interpreter.Runtime, interpreter.Version, true, [], [.. Locker.Packages(universe, chosen)]);
        var cores = Cores(universe);
        var changes = new Changes(universe, version => Build(version, interpreter.Wanted));
        var conflicts = cores.Select(core =>
        {
            var others = cores.Where(other => other != core).SelectMany(other => other.Lines).Except(core.Lines).ToHashSet();
            return new Conflict([.. core.Lines.Select(line => $"{line.Text} ({line.At})")], Clashes.Of(core.Proof), changes.Of(core.Lines, [.. universe.Roots.Where(root => !others.Contains(root.Wanted))]));
        });
        return new(interpreter.Runtime, interpreter.Version, false, [.. conflicts], []);
    }

    /// <summary>Conflicts that have no line in common, one after the other.</summary>
    private static List<(IReadOnlyList<Wanted> Lines, Nogood Proof)> Cores(Universe universe)
    {
        var (cores, left) = (new List<(IReadOnlyList<Wanted> Lines, Nogood Proof)>(), universe.Roots.ToList());
        while (cores.Count < MostConflicts && Core.Of(universe, left) is { } core)
        {
            cores.Add(core);
            left.RemoveAll(root => core.Lines.Contains(root.Wanted));
        }

        return cores;
    }
}
