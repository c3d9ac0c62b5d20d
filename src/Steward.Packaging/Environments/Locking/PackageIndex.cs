using System.Text.Json;

namespace Steward.Packaging;

/// <summary>
/// What is known of packages without asking anybody: package, version, what that version needs. Read from a JSON file
/// (docs/guide/environments.md shows one) and from the locks of other tools.
/// </summary>
public sealed class PackageIndex
{
    private const long MostBytes = 256L << 20;
    private readonly Dictionary<(World World, string Name), SortedDictionary<Release, KnownVersion>> _packages = [];

    private readonly HashSet<(World World, string Name)> _own = [];

    public int Count => _packages.Count;

    /// <summary>Versions that could not be read, and were left out.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Every known version, the oldest first.</summary>
    public IReadOnlyCollection<KnownVersion> Of(World world, string name) => _packages.TryGetValue((world, name), out var versions) ? versions.Values : [];

    public void Add(World world, string name, KnownVersion version)
    {
        if (!_packages.TryGetValue((world, name), out var versions))
            _packages[(world, name)] = versions = [];
        versions[version.Version] = version;
    }

    public void Add(PackageIndex other)
    {
        foreach (var ((world, name), versions) in other._packages)
            foreach (var version in versions.Values)
                Add(world, name, version);
        _own.UnionWith(other._own);
        LeftOut.AddRange(other.LeftOut);
    }

    /// <summary>It is part of the interpreter and has no version of its own.</summary>
    public void ComesWithTheRuntime(World world, string name) => _own.Add((world, name));

    public bool IsOfTheRuntime(World world, string name) => _own.Contains((world, name));

    /// <summary>An index file, or a folder of wheels.</summary>
    public static PackageIndex Open(string path)
    {
        if (Directory.Exists(path))
            return WheelFolder.Read(path);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw ProblemException.NotFound("index", path, "Look at the path.");
        if (file.Length > MostBytes)
            throw ProblemException.Invalid("too_large", $"{path} has {Say.Bytes(file.Length)}; an index has at most {Say.Bytes(MostBytes)}.", "Keep the packages that count.");
        using var stream = file.OpenRead();
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(path, document.RootElement);
        }
        catch (JsonException error)
        {
            throw ProblemException.Invalid("index_invalid", $"{path}:{(error.LineNumber ?? 0) + 1} is not JSON.", "Look at the line.");
        }
    }

    private static PackageIndex Read(string path, JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("steward_index", out var form) || !form.TryGetInt32(out var number) || number != 1)
            throw ProblemException.Invalid("index_invalid", $"{path} is no index that this Steward reads.", "Begin with: {\"steward_index\": 1, \"pip\": {…}}");
        var index = new PackageIndex();
        foreach (var world in Enum.GetValues<World>())
            if (root.TryGetProperty(world.Word(), out var packages))
                foreach (var package in Object(path, packages, world.Word()))
                    foreach (var version in Object(path, package.Value, package.Name))
                        index.Version(path, world, package.Name, version);
        return index;
    }

    private void Version(string path, World world, string name, JsonProperty version)
    {
        if (world.Scheme().TryVersion(version.Name) is not { } release)
        {
            LeftOut.Add($"{name} {Names.Shorten(version.Name)}");
            return;
        }

        try
        {
            Add(world, PackageName.Check(world, name), new(world, release, version.Name, Strings(version.Value, "requires"))
            {
                Spelled = world is World.Conda ? name.ToLowerInvariant() : null,
                Build = version.Value.ValueKind is JsonValueKind.Object && version.Value.TryGetProperty("build", out var build) && build.ValueKind is JsonValueKind.String ? build.GetString() : null,
                Interpreter = version.Value.ValueKind is JsonValueKind.Object && version.Value.TryGetProperty("interpreter", out var range) && range.ValueKind is JsonValueKind.String ? range.GetString() : null,
                Hashes = [.. Strings(version.Value, "hashes").Order(StringComparer.Ordinal)],
            });
        }
        catch (FormatException error)
        {
            throw ProblemException.Invalid("index_invalid", $"{path}: {error.Message}", "Look at that package.");
        }
    }

    private static IEnumerable<JsonProperty> Object(string path, JsonElement element, string what) => element.ValueKind is JsonValueKind.Object
        ? element.EnumerateObject()
        : throw ProblemException.Invalid("index_invalid", $"{path}: '{Names.Shorten(what)}' holds names and values.", "Look at that package.");

    private static string[] Strings(JsonElement version, string key)
        => version.ValueKind is JsonValueKind.Object && version.TryGetProperty(key, out var list) && list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Select(one => one.ValueKind is JsonValueKind.String ? one.GetString()! : throw new FormatException($"'{key}' is a list of words."))] : [];
}

/// <param name="Text">As its world writes it.</param>
/// <param name="Requires">As its world writes requirements; read when they are looked at.</param>
public sealed record KnownVersion(World World, Release Version, string Text, IReadOnlyList<string> Requires)
{
    /// <summary>Which interpreters it runs on; null when it does not say.</summary>
    public string? Interpreter { get; init; }

    public IReadOnlyList<string> Hashes { get; init; } = [];

    public string? Build { get; init; }

    /// <summary>It comes from another tool's lock, which says nothing of the versions that it did not choose.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>The package's name as its own world spells it.</summary>
    public string? Spelled { get; init; }

    /// <param name="parse">Reads one of <see cref="Requires"/>.</param>
    internal IEnumerable<Need> Needs(Func<World, string, Need> parse)
    {
        if (Interpreter is { Length: > 0 } range)
            yield return new(World, World.RunsOn().Interpreter(), range, World.Scheme().Range(range), [], null);
        foreach (var one in Requires)
            yield return parse(World, one);
    }
}
