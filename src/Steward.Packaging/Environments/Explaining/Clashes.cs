namespace Steward.Packaging;

/// <summary>Turns a proof into the packages that cannot please everybody, and who demands what of them.</summary>
internal sealed class Clashes
{
    private const int MostDemands = 6;
    private readonly List<Root> _roots;
    private readonly List<Rule> _rules;

    private Clashes(Nogood proof)
    {
        var grounds = proof.Grounds().Select(ground => ground.Cause).ToList();
        _roots = [.. grounds.OfType<Root>()];
        _rules = [.. grounds.OfType<Rule>()];
    }

    public static IReadOnlyList<Clash> Of(Nogood proof) => new Clashes(proof).Find();

    private List<Clash> Find()
    {
        var clashes = new List<Clash>();
        foreach (var target in _roots.Select(root => root.Target).Concat(_rules.Select(rule => rule.Target)).DistinctBy(package => package.Number))
        {
            var demands = On(target);
            if (demands.Find(one => Installed(one.Allowed).IsEmpty) is { Demand: not null } impossible)
                clashes.Add(new(target.Name, [impossible.Demand], Known(target)));
            else if (Apart(demands) is { Count: > 0 } apart)
                clashes.Add(new(target.Name, apart));
            else if (demands.Count > 2 && demands.Aggregate(Installed(Bits.All(target.Size)), (all, one) => all.And(one.Allowed)).IsEmpty)
                clashes.Add(new(target.Name, [.. demands.Select(one => one.Demand).Take(MostDemands)]));
        }

        // Those that name a line of a file are nearest to the person.
        return [.. clashes.OrderBy(clash => clash.Demands.Count(demand => demand.Through.Count > 0))];
    }

    /// <summary>Two of them that have no version in common, and all others that share the quarrel with either.</summary>
    private static List<Demand>? Apart(List<(Demand Demand, Bits Allowed)> demands)
    {
        var pairs = from one in demands
                    from two in demands
                    where string.CompareOrdinal(one.Demand.By + one.Demand.Range, two.Demand.By + two.Demand.Range) < 0 && !Installed(one.Allowed).Overlaps(two.Allowed)
                    select (Demand[])[one.Demand, two.Demand];
        return [.. pairs.SelectMany(pair => pair).Distinct().OrderBy(demand => demand.Through.Count).ThenBy(demand => demand.By, StringComparer.Ordinal).Take(MostDemands)];
    }

    private List<(Demand Demand, Bits Allowed)> On(Package target) =>
    [
        .. _roots.Where(root => root.Target.Number == target.Number).Select(root => (new Demand(root.Wanted.At.ToString(), root.Wanted.Text, []), root.Allowed)),
        .. _rules.Where(rule => rule.Target.Number == target.Number && rule.Need.Name != NameOf(rule.Parent)).Select(rule => (new Demand($"{rule.Parent.Name} {Say(rule.Parent, Left(rule))}".Trim(), TextOf(rule.Need), Through(rule.Parent)), rule.Allowed)),
    ];

    /// <summary>Of the versions that need it, those that the others leave.</summary>
    private Bits Left(Rule rule)
    {
        var left = _roots.Where(root => root.Target.Number == rule.Parent.Number).Select(root => root.Allowed).Concat(_rules.Where(other => other.Target.Number == rule.Parent.Number).Select(other => other.Allowed)).Aggregate(rule.Versions, (all, one) => all.And(one));
        return left.IsEmpty ? rule.Versions : left;
    }

    /// <summary>The shortest way from a line of a file to this package.</summary>
    private List<string> Through(Package package)
    {
        var ways = new Dictionary<int, List<string>>();
        foreach (var root in _roots)
            ways.TryAdd(root.Target.Number, [$"{root.Wanted.Text} ({root.Wanted.At})"]);
        for (var more = true; more && !ways.ContainsKey(package.Number);)
        {
            more = false;
            foreach (var rule in _rules)
                if (ways.TryGetValue(rule.Parent.Number, out var way))
                    more |= ways.TryAdd(rule.Target.Number, [.. way, rule.Target.Name]);
        }

        return ways.GetValueOrDefault(package.Number, []);
    }

    public static string TextOf(Need need) => $"{need.Name}{(need.Extras.Count > 0 ? $"[{string.Join(',', need.Extras)}]" : "")}{(need.World is World.Pip ? "" : " ")}{need.Range}".Trim();

    /// <summary><c>2.0.0 to 2.2.3</c>, <c>1.5.3, 2.0.0</c>; nothing for all that are known.</summary>
    public static string Say(Package package, Bits versions)
    {
        var places = versions.Places().Where(place => place > 0).ToList();
        if (places.Count == 0)
            return "";
        var runs = new List<(int From, int To)>();
        foreach (var place in places)
            if (runs.Count > 0 && runs[^1].To == place - 1)
                runs[^1] = (runs[^1].From, place);
            else
                runs.Add((place, place));
        string Text(int place) => package.Candidates[place - 1].Text;
        var said = runs.Select(run => run.From == run.To ? Text(run.From) : run.To == run.From + 1 ? $"{Text(run.From)}, {Text(run.To)}" : $"{Text(run.From)} to {Text(run.To)}").ToList();
        return said.Count <= 4 ? string.Join(", ", said) : $"{string.Join(", ", said.Take(3))} … {said[^1]}";
    }

    private static string Known(Package package) => package.Candidates.Count == 0 ? $"no version of {package.Name} is known" : $"known are {Say(package, Bits.All(package.Size))}";

    private static string NameOf(Package package) => package.Name.Split('[')[0];

    private static Bits Installed(Bits bits) => bits.And(Bits.Of(bits.Size, 0).Not());
}
