namespace Steward.Packaging;

/// <summary>What to write instead so that everything fits, each way tried before it is told.</summary>
internal sealed class Changes(Universe universe, Func<string, Universe> withInterpreter)
{
    private const int MostWays = 4, MostInterpreters = 8;

    /// <summary>Ways out of a conflict between these lines, all other lines staying as they are; the smallest first.</summary>
    /// <param name="lines">The lines of the conflict.</param>
    /// <param name="rest">What else stays.</param>
    public IReadOnlyList<IReadOnlyList<Change>> Of(IReadOnlyList<Wanted> lines, IReadOnlyList<Root> rest)
    {
        var single = lines.Select(line => (Line: line, Found: One(line, [.. rest.Where(root => root.Wanted != line)]))).Where(one => one.Found is not null)
            .OrderBy(one => one.Line.IsInterpreter).ThenBy(one => one.Found!.Value.Step).ThenBy(one => one.Found!.Value.IsOlder).ToList();
        if (single.Count > 0)
            return [.. single.Take(MostWays).Select(one => (IReadOnlyList<Change>)[one.Found!.Value.Change])];
        return Several([.. lines.Where(line => !line.IsInterpreter)], rest) is { Count: > 0 } several ? [several] : [];
    }

    private (Change Change, int Step, bool IsOlder)? One(Wanted line, IReadOnlyList<Root> others)
    {
        if (line is { IsInterpreter: true, World: World.Pip or World.Conda })
            return OtherPython(line, others);
        var mine = universe.Roots.Where(root => root.Wanted == line).ToList();
        var target = mine[0].Target;
        var outcome = Solver.Solve(universe, [.. others, .. mine.Where(_ => !line.IsLimit).Select(Loose)], target, _ => Nearest.Order(target, mine[0].Allowed, line.Allowed));
        return outcome.Chosen is not null && outcome.Chosen.TryGetValue(target, out var chosen) ? Tell(line, mine[0], chosen) : null;
    }

    /// <summary>Another interpreter may change which conditions hold: each is looked at as a world of its own.</summary>
    private (Change Change, int Step, bool IsOlder)? OtherPython(Wanted line, IReadOnlyList<Root> others)
    {
        var mine = universe.Roots.First(root => root.Wanted == line);
        foreach (var place in Nearest.Order(mine.Target, mine.Allowed, line.Allowed).Where(place => !mine.Allowed[place]).Take(MostInterpreters))
        {
            var candidate = mine.Target.Candidates[place - 1];
            var there = withInterpreter(candidate.Text);
            var kept = others.Select(root => root.Wanted).ToHashSet();
            if (Solver.Solve(there, [.. there.Roots.Where(root => kept.Contains(root.Wanted))], null).Chosen is not null)
                return Tell(line, mine, candidate);
        }

        return null;
    }

    /// <summary>Loosens all of them, then takes back what can be taken back: none of the changes left can be spared.</summary>
    private List<Change>? Several(IReadOnlyList<Wanted> lines, IReadOnlyList<Root> rest)
    {
        var (kept, loose) = (rest.Where(root => !lines.Contains(root.Wanted)).ToList(), new List<Root>());
        foreach (var line in lines)
        {
            var mine = universe.Roots.Where(root => root.Wanted == line).ToList();
            var later = universe.Roots.Where(root => lines.Contains(root.Wanted) && lines.ToList().IndexOf(root.Wanted) > lines.ToList().IndexOf(line)).Select(Loose);
            if (Solver.Solve(universe, [.. kept, .. loose.Select(Loose), .. mine, .. later]).Failure is null)
                kept.AddRange(mine);
            else
                loose.AddRange(mine);
        }

        var first = loose.FirstOrDefault();
        if (first is null || Solver.Solve(universe, [.. kept, .. loose.Select(Loose)], first.Target, _ => Nearest.Order(first.Target, first.Allowed, first.Wanted.Allowed)).Chosen is not { } chosen)
            return null;
        return [.. loose.Where(root => root.Target.Base is null && chosen.TryGetValue(root.Target, out var one) && !root.Allowed[Place(root.Target, one)]).Select(root => Tell(root.Wanted, root, chosen[root.Target]).Change)];
    }

    private static (Change Change, int Step, bool IsOlder) Tell(Wanted line, Root root, Candidate chosen)
    {
        var place = Place(root.Target, chosen);
        return (new(line.At.ToString(), line.Text, line with { Range = Written(line, root, chosen), Allowed = chosen.Set, Build = null } is var now ? now.Text : "", chosen.Text, Nearest.Size(root.Target, place, root.Allowed, line.Allowed)), Nearest.Step(root.Target, place, root.Allowed, line.Allowed), root.Allowed.Places().LastOrDefault(one => one > 0) > place);
    }

    /// <summary>A pin stays a pin, in the style of its line; a range is widened just so far that it holds the version.</summary>
    private static string Written(Wanted line, Root root, Candidate chosen)
    {
        if (line is { IsInterpreter: true, World: World.Pip or World.Conda })
            return (line.World is World.Conda ? "=" : "==") + string.Join('.', chosen.Text.Split('.').Take(2));
        if (chosen.Exact is null)
            return line.Allowed.Pieces is [{ From: { IsAfter: false } pin, To.IsAfter: true }] && pin.At is not null && chosen.Set.Pieces[0].From is { IsAfter: false, At: { } first } ? line.World.Scheme().Exactly(first.Plain) : chosen.Text;
        var installed = Enumerable.Range(1, root.Target.Candidates.Count).Where(place => root.Allowed[place]).ToList();
        if (installed.Count < 2 || line.World is World.Julia || line.Allowed.Pieces.Count != 1)
            return line is { World: World.Conda } && !line.Range.StartsWith("==", StringComparison.Ordinal) ? $"={chosen.Text}" : line.World.Scheme().Exactly(chosen.Text);
        var (from, to) = line.Allowed.Pieces[0];
        var version = line.World.Scheme().TryVersion(chosen.Text) ?? chosen.Exact;
        return from.Sees(version) > 0 ? line.World.Scheme().Write(Cut.Before(version), to) : line.World.Scheme().Write(from, Cut.After(version));
    }

    private static Root Loose(Root root) => root with { Allowed = Bits.Of(root.Allowed.Size, 0).Not() };

    private static int Place(Package package, Candidate candidate) => package.Candidates.ToList().IndexOf(candidate) + 1;
}
