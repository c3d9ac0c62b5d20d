namespace Steward.Packaging;

/// <summary>From what was chosen to what is written down.</summary>
internal static class Locker
{
    public static IEnumerable<LockedPackage> Packages(Universe universe, IReadOnlyDictionary<Package, Candidate> chosen)
    {
        var needs = universe.Rules.Where(rule => chosen.TryGetValue(rule.Parent, out var parent) && rule.Versions[rule.Parent.Candidates.ToList().IndexOf(parent) + 1]).ToLookup(rule => Name(rule.Parent), rule => Name(rule.Target));
        foreach (var (package, candidate) in chosen.Where(one => one.Key.Base is null && one.Key.Name != universe.Runtime.Interpreter()).OrderBy(one => one.Key.Name, StringComparer.Ordinal))
        {
            var lines = universe.Roots.Where(root => root.Target == package).ToList();
            var source = candidate.Known?.World ?? package.World;
            yield return new(source is World.Conda ? candidate.Known?.Spelled ?? lines.Select(root => root.Wanted.Spelled).FirstOrDefault(name => name is not null) ?? package.Name : package.Name, source, candidate.Exact is null ? null : candidate.Text, candidate.Exact is null ? candidate.Text : null, candidate.Known?.Build ?? lines.Select(root => root.Wanted.Build).FirstOrDefault(build => build?.Contains('*', StringComparison.Ordinal) is false),
                [.. lines.SelectMany(root => root.Wanted.Hashes).Concat(candidate.Known?.Hashes ?? []).Distinct().Order(StringComparer.Ordinal)],
                [.. needs[package.Name].Where(name => name != package.Name && name != universe.Runtime.Interpreter()).Distinct().Order(StringComparer.Ordinal)]);
        }
    }

    private static string Name(Package package) => package.Name.Split('[')[0];
}
