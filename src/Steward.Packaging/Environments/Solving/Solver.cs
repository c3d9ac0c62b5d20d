namespace Steward.Packaging;

/// <summary>What came out: a candidate for each package that is installed, or why there is none.</summary>
internal sealed record Outcome(IReadOnlyDictionary<Package, Candidate>? Chosen, Nogood? Failure);

/// <summary>
/// Finds versions that fit, or proves that there are none: conflict-driven search over finite sets of candidates, which is
/// PubGrub (N. Weizenbaum, 2018) with sets of candidates for ranges and "not installed" as a candidate. Complete: every
/// failure comes with the derivation that proves it. The same input gives the same answer.
/// </summary>
internal sealed class Solver
{
    private readonly Universe _universe;
    private readonly Func<Package, IEnumerable<int>>? _order;
    private readonly int _first;
    private readonly Bits[] _now;
    private readonly List<Nogood>[] _about;
    private readonly List<Step> _steps = [];
    private readonly HashSet<int> _asked = [];
    private int _level;

    /// <param name="first">This package is chosen first…</param>
    /// <param name="order">…and its candidates are tried in this order.</param>
    private Solver(Universe universe, IEnumerable<Root> roots, Package? first, Func<Package, IEnumerable<int>>? order)
    {
        (_universe, _order, _first) = (universe, order, first?.Number ?? -1);
        _now = [.. universe.Packages.Select(package => Bits.All(package.Size))];
        _about = [.. universe.Packages.Select(_ => new List<Nogood>())];
        foreach (var rule in universe.RuleNogoods)
            Know(rule);
        foreach (var root in roots)
        {
            _asked.Add(root.Target.Number);
            Wishes.Add(Universe.Forbids(root));
        }
    }

    private List<Nogood> Wishes { get; } = [];

    public static Outcome Solve(Universe universe, IEnumerable<Root>? roots = null, Package? first = null, Func<Package, IEnumerable<int>>? order = null)
        => new Solver(universe, roots ?? universe.Roots, first, order).Run();

    private Outcome Run()
    {
        var open = new Queue<int>();
        foreach (var wish in Wishes)
        {
            if (wish.Terms.Count == 0)
                return new(null, wish);
            Know(wish);
            open.Enqueue(wish.Terms[0].Package);
        }

        while (true)
        {
            if (Propagate(open) is { } failure)
                return new(null, failure);
            if (Choose() is not { } next)
                return new(_universe.Packages.Where(package => !_now[package.Number][0]).ToDictionary(package => package, package => package.Candidates[_now[package.Number].Places().Single() - 1]), null);
            _level++;
            Assign(next.Package, Bits.Of(_now[next.Package].Size, next.Candidate), null);
            open.Enqueue(next.Package);
        }
    }

    private Nogood? Propagate(Queue<int> open)
    {
        while (open.TryDequeue(out var package))
            for (var i = _about[package].Count - 1; i >= 0; i--)
            {
                var nogood = _about[package][i];
                switch (Relation(nogood, out var left))
                {
                    case Fit.All:
                        var learned = Learn(nogood);
                        if (learned.Terms.Count == 0)
                            return learned;
                        open.Clear();
                        // After going back exactly one term of it is open.
                        Relation(learned, out left);
                        Assign(left.Package, left.Among.Not(), learned);
                        open.Enqueue(left.Package);
                        i = 0;
                        break;
                    case Fit.AllButOne:
                        Assign(left.Package, left.Among.Not(), nogood);
                        if (!open.Contains(left.Package))
                            open.Enqueue(left.Package);
                        break;
                }
            }

        return null;
    }

    /// <summary>Goes back to where the conflict began and returns what was learned from it; no terms when nothing can be right.</summary>
    private Nogood Learn(Nogood conflict)
    {
        var nogood = conflict;
        while (nogood.Terms.Count > 0)
        {
            var (satisfier, term, before) = Satisfier(nogood);
            var step = _steps[satisfier];
            if (step.Cause is null || before < step.Level)
            {
                BackTo(before);
                if (!ReferenceEquals(nogood, conflict))
                    Know(nogood);
                return nogood;
            }

            nogood = Nogood.Resolve(nogood, step.Cause, term.Package);
        }

        return nogood;
    }

    /// <summary>The step with which the nogood came to hold, and the level at which all but that held already.</summary>
    private (int Step, Term Term, int Before) Satisfier(Nogood nogood)
    {
        var (last, lastTerm) = (-1, default(Term));
        var steps = new int[nogood.Terms.Count];
        for (var i = 0; i < nogood.Terms.Count; i++)
        {
            steps[i] = HoldsSince(nogood.Terms[i], _steps.Count);
            if (steps[i] > last)
                (last, lastTerm) = (steps[i], nogood.Terms[i]);
        }

        var before = 0;
        foreach (var step in steps)
            if (step >= 0 && step != last)
                before = Math.Max(before, _steps[step].Level);
        // What the last step said alone may not be enough: then an earlier one had its part in it.
        var rest = new Term(lastTerm.Package, lastTerm.Among.Or(_steps[last].Among.Not()));
        if (!rest.Among.IsAll && HoldsSince(rest, last) is >= 0 and var partner)
            before = Math.Max(before, _steps[partner].Level);
        return (last, lastTerm, before);
    }

    /// <summary>The first step (below a bound) after which a package was within these candidates; -1 when it always was.</summary>
    private int HoldsSince(Term term, int bound)
    {
        var within = Bits.All(term.Among.Size);
        if (within.IsWithin(term.Among))
            return -1;
        for (var i = 0; i < bound; i++)
            if (_steps[i].Package == term.Package)
            {
                within = within.And(_steps[i].Among);
                if (within.IsWithin(term.Among))
                    return i;
            }

        return -1;
    }

    private void BackTo(int level)
    {
        var changed = new HashSet<int>();
        while (_steps.Count > 0 && _steps[^1].Level > level)
        {
            changed.Add(_steps[^1].Package);
            _steps.RemoveAt(_steps.Count - 1);
        }

        foreach (var package in changed)
            _now[package] = Bits.All(_now[package].Size);
        foreach (var step in _steps.Where(step => changed.Contains(step.Package)))
            _now[step.Package] = _now[step.Package].And(step.Among);
        _level = level;
    }

    /// <summary>What was asked for first, in the order of the files; then the package with the fewest ways left.</summary>
    private (int Package, int Candidate)? Choose()
    {
        var (best, fewest) = (-1, int.MaxValue);
        foreach (var package in _universe.Packages)
        {
            var number = package.Number;
            if (_now[number][0] || _now[number].Count is var left && left == 1)
                continue;
            var weight = number == _first ? -1 : _asked.Contains(number) ? 0 : left;
            if (weight < fewest)
                (best, fewest) = (number, weight);
        }

        if (best < 0)
            return null;
        var chosen = _universe.Packages[best];
        var places = best == _first && _order is not null ? _order(chosen) : chosen.Scheme.PrefersOldest ? Enumerable.Range(1, chosen.Candidates.Count) : Enumerable.Range(1, chosen.Candidates.Count).Reverse();
        return (best, places.First(place => _now[best][place]));
    }

    private void Assign(int package, Bits among, Nogood? cause)
    {
        _steps.Add(new(package, among, _level, cause));
        _now[package] = _now[package].And(among);
    }

    private void Know(Nogood nogood)
    {
        foreach (var term in nogood.Terms)
            _about[term.Package].Add(nogood);
    }

    private Fit Relation(Nogood nogood, out Term left)
    {
        left = default;
        var open = 0;
        foreach (var term in nogood.Terms)
        {
            if (!_now[term.Package].Overlaps(term.Among))
                return Fit.Never;
            if (_now[term.Package].IsWithin(term.Among))
                continue;
            left = term;
            if (++open > 1)
                return Fit.Open;
        }

        return open == 0 ? Fit.All : Fit.AllButOne;
    }

    private enum Fit { Open, Never, AllButOne, All }

    /// <param name="Cause">Null when it was a choice.</param>
    private readonly record struct Step(int Package, Bits Among, int Level, Nogood? Cause);
}
