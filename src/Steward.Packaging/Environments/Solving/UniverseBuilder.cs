namespace Steward.Packaging;

/// <summary>Gathers what can be installed: from what is asked for, along what each version needs.</summary>
internal sealed class UniverseBuilder
{
    private const int MostPackages = 20_000;
    private readonly PackageIndex _index;
    private readonly Runtime _runtime;
    private readonly MarkerWorld _world;
    private readonly IReadOnlyList<Wanted> _wanted;
    private readonly Dictionary<string, List<KnownVersion>> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(World World, string Range, VersionSet Allowed)>> _demands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _extras = new(StringComparer.Ordinal);
    private readonly Dictionary<KnownVersion, IReadOnlyList<Need>> _needs = [];
    private readonly Dictionary<(World World, string Text), Need> _read = [];
    private readonly List<string> _found = [];
    private readonly List<Package> _packages = [];
    private readonly Dictionary<(string Name, string Extra), Package> _byName = [];

    private UniverseBuilder(Runtime runtime, MarkerWorld world, IReadOnlyList<Wanted> wanted, PackageIndex index) => (_runtime, _world, _wanted, _index) = (runtime, world, wanted, index);

    /// <summary>Takes what concerns this runtime and whose condition holds.</summary>
    public static Universe Build(Runtime runtime, MarkerWorld world, IEnumerable<Wanted> wanted, PackageIndex index)
        => new UniverseBuilder(runtime, world, [.. wanted.Where(one => one.World.RunsOn() == runtime && (one.When?.Holds(world) ?? true) && !index.IsOfTheRuntime(one.World, one.Name))], index).Build();

    private Universe Build()
    {
        foreach (var one in _wanted)
            Demand(one.World, one.Name, one.Range, one.Allowed, one.Extras);
        for (var i = 0; i < _found.Count; i++)
            foreach (var entry in _entries[_found[i]])
                foreach (var need in NeedsOf(entry))
                    Demand(need.World, need.Name, need.Range, need.Allowed, need.Extras);
        foreach (var name in _found)
            AddPackage(name);
        return new() { Runtime = _runtime, World = _world, Packages = _packages, Rules = [.. Rules()], Roots = [.. Roots()] };
    }

    private void Demand(World world, string name, string range, VersionSet allowed, IReadOnlyList<string> extras)
    {
        if (!_demands.TryGetValue(name, out var demands))
        {
            if (_found.Count >= MostPackages)
                throw ProblemException.Invalid("too_many_packages", $"More than {MostPackages:N0} packages are reached from what is asked for.", "Keep the packages that count in the index.");
            _demands[name] = demands = [];
            _extras[name] = new(StringComparer.Ordinal);
            _entries[name] = EntriesOf(name);
            _found.Add(name);
        }

        demands.Add((world, range, allowed));
        _extras[name].UnionWith(extras);
    }

    /// <summary>Conda's versions where conda is asked for the package and knows it, otherwise pip's.</summary>
    private List<KnownVersion> EntriesOf(string name)
    {
        if (_runtime is not Runtime.Python)
            return [.. _index.Of(_runtime switch { Runtime.R => World.R, Runtime.Julia => World.Julia, _ => World.NuGet }, name)];
        var (pip, conda) = (_index.Of(World.Pip, name), _index.Of(World.Conda, name));
        return conda.Count > 0 && (pip.Count == 0 || _wanted.Any(one => one.World is World.Conda && one.Name == name)) ? [.. conda] : [.. pip];
    }

    /// <summary>What a version needs where its condition may hold, extras included; what conda says of the machine is no package.</summary>
    private IReadOnlyList<Need> NeedsOf(KnownVersion entry)
    {
        if (!_needs.TryGetValue(entry, out var needs))
            try
            {
                _needs[entry] = needs = [.. Fit(entry).Where(need => !need.Name.StartsWith("__", StringComparison.Ordinal) && !_index.IsOfTheRuntime(need.World, need.Name))];
            }
            catch (FormatException error)
            {
                throw ProblemException.Invalid("index_invalid", $"What {entry.Text} of a package needs cannot be read: {error.Message}", "Look at the index.");
            }

        return needs;
    }

    private IEnumerable<Need> Fit(KnownVersion entry)
        => entry.Needs(Parse).Where(need => need.When is null || need.When.Holds(_world) || need.When.Text.Contains("extra", StringComparison.Ordinal));

    /// <summary>Versions of a package mostly need the same, in the same words.</summary>
    private Need Parse(World world, string text) => _read.TryGetValue((world, text), out var need) ? need : _read[(world, text)] = Need.Parse(world, text);

    private void AddPackage(string name)
    {
        var demands = _demands[name];
        var entries = _entries[name];
        var scheme = _runtime is not Runtime.Python ? demands[0].World.Scheme() : demands.All(demand => demand.World is World.Conda) && entries.TrueForAll(entry => entry.World is World.Conda) ? VersionScheme.Conda : VersionScheme.Pep440;
        var world = entries.Count > 0 ? entries[0].World : demands.Exists(demand => demand.World is World.Conda) ? World.Conda : demands[0].World;
        List<Candidate> candidates = [.. entries.Exists(entry => !entry.IsOneOfMany) ? Known(scheme, entries, demands) : Stretches(scheme, demands, entries)];
        var package = new Package(_packages.Count, name, scheme, world, candidates, null);
        _packages.Add(package);
        _byName[(name, "")] = package;
        foreach (var extra in _extras[name])
            _packages.Add(_byName[(name, extra)] = new(_packages.Count, $"{name}[{extra}]", scheme, world, candidates, package.Number));
    }

    /// <summary>The versions of the index; previews only where somebody asks for one, or where there is nothing else.</summary>
    private static IEnumerable<Candidate> Known(VersionScheme scheme, List<KnownVersion> entries, List<(World World, string Range, VersionSet Allowed)> demands)
    {
        var all = entries.Select(entry => (Entry: entry, Version: scheme == entry.World.Scheme() ? entry.Version : scheme.TryVersion(entry.Text))).Where(one => one.Version is not null).OrderBy(one => one.Version).ToList();
        var previews = all.TrueForAll(one => one.Version!.IsPreview) || demands.Exists(demand => NamesPreview(demand.Allowed));
        return all.Where(one => previews || !one.Version!.IsPreview).Select(one => new Candidate(one.Entry.Text, one.Version, VersionSet.Only(one.Version!), one.Entry));
    }

    /// <summary>A preview that somebody wrote: not the edge of a range such as <c>&lt;2</c>.</summary>
    private static bool NamesPreview(VersionSet allowed) => allowed.Pieces.Any(piece => piece.From is { At: Pep440Version { IsPreview: true, Dev: not 0 } } or { At: Pep440Version { PreKind: not null } } or { At: SemVersion { Preview.Count: > 0 } } or { At: CondaVersion { IsPreview: true } });

    /// <summary>Where nobody knows the versions, the ranges themselves tell stretches apart; a stretch is as good as a version to whoever compares ranges.</summary>
    private static IEnumerable<Candidate> Stretches(VersionScheme scheme, List<(World World, string Range, VersionSet Allowed)> demands, List<KnownVersion> some)
    {
        var sets = demands.Select(demand => In(scheme, demand.World, demand.Range, demand.Allowed)).Concat(some.Select(entry => VersionSet.Only(entry.Version))).ToList();
        var cuts = sets.SelectMany(set => set.Pieces).SelectMany(piece => (Cut[])[piece.From, piece.To]).Append(Cut.BelowAll).Append(Cut.AboveAll).Distinct().Order().ToList();
        foreach (var (from, to) in cuts.Zip(cuts.Skip(1)))
        {
            var exact = !from.IsAfter && to.IsAfter && from.At is { } at && to.At is { } end && at.Plain == end.Plain ? from.At : null;
            yield return new(exact?.Text ?? scheme.Write(from, to), exact, VersionSet.Between(from, to), exact is null ? null : some.Find(entry => entry.Version == exact));
        }
    }

    private IEnumerable<Rule> Rules()
    {
        foreach (var package in _packages.Where(package => package.Base is null))
            foreach (var rule in RulesOf(package, "", _world))
                yield return rule;
        foreach (var ((name, extra), package) in _byName.Where(one => one.Key.Extra.Length > 0))
        {
            var whole = _byName[(name, "")];
            foreach (var place in Enumerable.Range(1, package.Candidates.Count))
                yield return new(package, Bits.Of(package.Size, place), new(package.World, name, package.Scheme.Exactly(package.Candidates[place - 1].Text), package.Candidates[place - 1].Set, [], null), whole, Bits.Of(whole.Size, place));
            foreach (var rule in RulesOf(package, extra, _world with { Extra = extra }))
                yield return rule;
        }
    }

    /// <summary>Versions that need the same are told in one rule.</summary>
    private IEnumerable<Rule> RulesOf(Package package, string extra, MarkerWorld world)
    {
        var same = new Dictionary<(string Name, string Range, World World, string Extras), (Need Need, List<int> Places)>();
        foreach (var (candidate, i) in package.Candidates.Select((candidate, i) => (candidate, i)))
            foreach (var need in candidate.Known is null ? [] : NeedsOf(candidate.Known).Where(need => extra.Length == 0 ? need.When?.Holds(world) ?? true : need.When is { } when && when.Holds(world) && !when.Holds(_world)))
            {
                var key = (need.Name, need.Range, need.World, string.Join(',', need.Extras));
                if (!same.TryGetValue(key, out var told))
                    same[key] = told = (need, []);
                told.Places.Add(i + 1);
            }

        foreach (var (need, places) in same.Values)
            foreach (var target in need.Extras.Prepend("").Select(one => _byName[(need.Name, one)]))
                if (target.Number != package.Number)
                    yield return new(package, Bits.Of(package.Size, places), need, target, target.Among(In(target.Scheme, need.World, need.Range, need.Allowed)));
    }

    private IEnumerable<Root> Roots()
    {
        foreach (var wanted in _wanted)
            foreach (var target in wanted.Extras.Prepend("").Select(extra => _byName[(wanted.Name, extra)]))
                yield return new(wanted, target, target.Among(In(target.Scheme, wanted.World, wanted.Range, wanted.Allowed)).And(Builds(wanted, target)));
    }

    /// <summary>A build that is asked for counts where the index tells builds apart.</summary>
    private static Bits Builds(Wanted wanted, Package target) => wanted.Build is not { } build || !target.Candidates.Any(candidate => candidate.Known?.Build is not null)
        ? Bits.All(target.Size)
        : Bits.Of(target.Size, Enumerable.Range(1, target.Candidates.Count).Where(place => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(build, target.Candidates[place - 1].Known?.Build)));

    private static VersionSet In(VersionScheme scheme, World world, string range, VersionSet allowed)
        => world is World.Conda && scheme == VersionScheme.Pep440 ? CondaInPython.Range(range) ?? throw ProblemException.Invalid("range_unclear", $"conda's range '{Names.Shorten(range)}' has no meaning for a package that pip installs as well.", "Let one of the two ask for it.") : allowed;
}
