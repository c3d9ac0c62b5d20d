namespace Steward.Packaging;

/// <summary>One way in which what runs is not what was locked.</summary>
/// <param name="Kind"><c>interpreter</c>, <c>missing</c>, <c>other_version</c>, <c>not_locked</c>, <c>input_changed</c>.</param>
public sealed record Difference(string Kind, string Name, string? Locked, string? Here)
{
    /// <summary>What installs packages is not part of what runs.</summary>
    private static readonly string[] Tools = ["pip", "setuptools", "wheel"];

    public string Sentence => Kind switch
    {
        "interpreter" => $"{Name} {Locked} is locked, {Here} runs here.",
        "missing" => $"{Name} {Locked} is locked and not installed.",
        "other_version" => $"{Name} {Locked} is locked, {Here} is installed.",
        "not_locked" => $"{Name} {Here} is installed and not locked.",
        _ => Here is null ? $"{Name} is gone since the lock was written." : $"{Name} has changed since the lock was written.",
    };

    public static IEnumerable<Difference> Between(LockedRuntime locked, Installed here)
    {
        if (locked.Version.Length > 0 && Line(locked.Version) != Line(here.Version))
            yield return new("interpreter", locked.Runtime.Title(), locked.Version, here.Version);
        var left = new Dictionary<string, string>(here.Packages, StringComparer.Ordinal);
        foreach (var package in locked.Packages)
            if (!left.Remove(PackageName.Check(package.Source, package.Name), out var version))
                yield return new("missing", package.Name, package.Version, null);
            else if (!Same(package, version))
                yield return new("other_version", package.Name, package.Version, version);
        foreach (var (name, version) in left.Where(one => !Tools.Contains(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal))
            yield return new("not_locked", name, null, version);
    }

    /// <summary>Files that the lock was made from and that say something else now.</summary>
    public static IEnumerable<Difference> Since(EnvironmentLock locked, string folder)
    {
        foreach (var input in locked.Inputs)
            if (!File.Exists(Path.Combine(folder, input.File)))
                yield return new("input_changed", input.File, input.Digest, null);
            else if (TextSource.Open(folder, input.File).Digest is var now && now != input.Digest)
                yield return new("input_changed", input.File, input.Digest, now);
    }

    /// <summary>1.0 and 1.0.0 are one version; so are 3.11.4 and 3.11.9 to the packages on them.</summary>
    private static bool Same(LockedPackage package, string version)
    {
        var scheme = package.Source is World.Conda ? VersionScheme.Pep440 : package.Source.Scheme();
        return package.Version == version || scheme.TryVersion(package.Version!) is { } one && scheme.TryVersion(version) is { } two && one == two;
    }

    private static string Line(string version) => string.Join('.', version.Split('.').Take(2));
}
