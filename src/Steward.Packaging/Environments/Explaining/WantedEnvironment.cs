namespace Steward.Packaging;

/// <summary>What files ask for, together with what is known of packages: ready to be explained or locked.</summary>
public sealed record WantedEnvironment(EnvironmentFiles Files, PackageIndex Index, IReadOnlyList<Interpreter> Interpreters, string Platform)
{
    public static WantedEnvironment Of(EnvironmentFiles files, IReadOnlyList<PackageIndex> indexes, string? python, string saidBy, string platform)
    {
        if (!MarkerWorld.Platforms.Contains(platform))
            throw ProblemException.Invalid("platform_unknown", $"'{Names.Shorten(platform)}' is no platform that Steward knows.", $"Say one of: {string.Join(", ", MarkerWorld.Platforms)}.");
        var index = new PackageIndex();
        index.Add(files.Known);
        foreach (var other in indexes)
            index.Add(other);
        var interpreters = files.Runtimes.Select(runtime => Interpreter.Choose(runtime, files.Wanted, python, saidBy)).ToList();
        foreach (var interpreter in interpreters)
            index.Add(interpreter.Candidates());
        return new(files, index, interpreters, platform);
    }

    /// <summary>One answer a runtime.</summary>
    public IReadOnlyList<Explanation> Explain() => [.. Interpreters.Select(interpreter => Explanation.Of(interpreter, Platform, Files.Wanted, Index))];

    /// <summary>Refuses while any version is open: a lock that leaves something open is none.</summary>
    public EnvironmentLock Lock(IReadOnlyList<Explanation> fitting)
    {
        if (!fitting.All(one => one.Fits))
            throw new InvalidOperationException("What does not fit cannot be locked.");
        var open = fitting.SelectMany(one => one.Packages).Where(package => package.Version is null).ToList();
        if (open.Count > 0)
            throw ProblemException.Invalid("versions_open", $"Nothing here knows which versions there are of {string.Join(", ", open.Take(5).Select(package => $"{package.Name} {package.Range}".Trim()))}{(open.Count > 5 ? $" and {open.Count - 5} more" : "")}.", "Write exact versions (name==version), or name an index that knows them: --index FILE");
        return new([.. fitting.Select(one => new LockedRuntime(one.Runtime, one.Interpreter, Platform, one.Packages))], Files.Inputs);
    }

    public IReadOnlyList<Twice> Doubles() => [.. Interpreters.SelectMany(interpreter => Twice.Of([.. Files.Wanted.Where(one => one.World.RunsOn() == interpreter.Runtime)], new(interpreter.Version, Platform)))];
}

/// <summary>A package that is asked for in two places.</summary>
/// <param name="Agree">Some version pleases both.</param>
public sealed record Twice(string Name, string First, string Second, bool Agree)
{
    public static IEnumerable<Twice> Of(IReadOnlyList<Wanted> wanted, MarkerWorld world)
    {
        var same = wanted.Where(one => !one.IsInterpreter && !one.IsLimit && (one.When?.Holds(world) ?? true)).GroupBy(one => one.Name, StringComparer.Ordinal);
        foreach (var package in same.Where(package => package.Count() > 1 && package.All(one => one.World is World.Pip or World.Conda or World.NuGet)).OrderBy(package => package.Key, StringComparer.Ordinal))
            foreach (var (one, two) in package.Zip(package.Skip(1)))
                yield return new(package.Key, Say(one), Say(two), one.World == two.World ? !one.Allowed.Intersect(two.Allowed).IsEmpty : In(one) is not { } left || In(two) is not { } right || !left.Intersect(right).IsEmpty);
    }

    private static VersionSet? In(Wanted one) => one.World is World.Conda ? CondaInPython.Range(one.Range) : one.Allowed;

    private static string Say(Wanted one) => $"{one.Text} ({one.World.Word()}, {one.At})";
}
