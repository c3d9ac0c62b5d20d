namespace Steward.Packaging;

/// <summary>What the files of a folder say of its environments, together.</summary>
/// <param name="Inputs">Every file that was read, by the digest of its bytes.</param>
/// <param name="Known">What locks of other tools among them know of packages.</param>
public sealed record EnvironmentFiles(IReadOnlyList<Wanted> Wanted, IReadOnlyList<FileComplaint> Complaints, IReadOnlyList<string> Notes, IReadOnlyList<InputFile> Inputs, PackageIndex Known)
{
    /// <summary>What is looked for when nobody names files.</summary>
    private static readonly (string Pattern, Action<Reading, string> Read)[] Readers =
    [
        ("environment.yml", EnvironmentYml.Read),
        ("environment.yaml", EnvironmentYml.Read),
        ("requirements.txt", (all, name) => RequirementsTxt.Read(all, name)),
        ("pyproject.toml", PyProject.Read),
        ("renv.lock", RenvLock.Read),
        ("Project.toml", JuliaFiles.Project),
        ("Manifest.toml", JuliaFiles.Manifest),
        ("*.csproj", ProjectXml.Read),
    ];

    /// <summary>The runtimes that something is asked of, in a fixed order.</summary>
    public IReadOnlyList<Runtime> Runtimes => [.. Wanted.Select(wanted => wanted.World.RunsOn()).Distinct().Order()];

    /// <param name="names">Relative to the folder; all that is known by name when empty.</param>
    public static EnvironmentFiles Read(string folder, IReadOnlyList<string> names)
    {
        var all = new Reading(folder);
        if (names.Count == 0)
            names = [.. Readers.SelectMany(reader => Directory.GetFiles(folder, reader.Pattern)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        if (names.Count == 0)
            throw ProblemException.NotFound("list of packages", folder, "Write a requirements.txt, or name the files: --from FILE");
        foreach (var name in names)
            Reader(name)(all, name);
        return new(all.Wanted, all.Complaints, all.Notes, [.. all.Files.Select(file => new InputFile(file.Name, file.Digest)).OrderBy(file => file.File, StringComparer.Ordinal)], all.Known);
    }

    private static Action<Reading, string> Reader(string name)
    {
        var file = Path.GetFileName(name);
        foreach (var (pattern, read) in Readers)
            if (pattern[0] == '*' ? file.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) : file.Equals(pattern, StringComparison.OrdinalIgnoreCase))
                return read;
        return Path.GetExtension(file) switch
        {
            ".txt" or ".in" => (all, txt) => RequirementsTxt.Read(all, txt),
            ".yml" or ".yaml" => EnvironmentYml.Read,
            _ => throw ProblemException.Invalid("file_unknown", $"'{Names.Shorten(name)}' is no list of packages that Steward reads.", $"Name one of: {string.Join(", ", Readers.Select(reader => reader.Pattern))}, or a requirements file that ends in .txt"),
        };
    }
}

public sealed record InputFile(string File, string Digest);
