namespace Steward.Packaging;

/// <summary>Reads Julia's Project.toml (what is asked for, and [compat]) and Manifest.toml (what was resolved).</summary>
internal static class JuliaFiles
{
    public static void Project(Reading all, string name)
    {
        if (all.Open(name) is not { } source || TomlItem.Read(all, source) is not { } root)
            return;
        var compat = root["compat"];
        if (compat?["julia"] is { Text: { } julia } line)
            all.At(new(name, line.Line), () => all.Add(new(World.Julia, "julia", julia, VersionScheme.Julia.Range(julia), new(name, line.Line)) { IsInterpreter = true }));
        foreach (var (package, id) in root["deps"]?.Keys ?? [])
        {
            var said = compat?[package];
            var at = new Place(name, said?.Line ?? id.Line);
            all.At(at, () =>
            {
                if (!Guid.TryParse(id.Text, out _))
                    throw new FormatException($"'{Names.Shorten(id.Text)}' is no UUID; [deps] says one for each package.");
                all.Add(new(World.Julia, PackageName.Check(World.Julia, package), said?.Text ?? "", VersionScheme.Julia.Range(said?.Text ?? ""), at));
            });
        }
    }

    /// <summary>Julia's own packages have no version there; they come with Julia.</summary>
    public static void Manifest(Reading all, string name)
    {
        if (all.Open(name) is not { } source || TomlItem.Read(all, source) is not { } root)
            return;
        if (root["julia_version"] is { Text: { } julia } line)
            all.At(new(name, line.Line), () => all.Add(new(World.Julia, "julia", $"={julia}", VersionScheme.Julia.Range($"={julia}"), new(name, line.Line)) { IsInterpreter = true }));
        var packages = root["deps"]?.Keys ?? root.Keys.Where(pair => pair.Value.Items.Count > 0);
        foreach (var (package, entries) in packages)
            foreach (var entry in entries.Items)
                all.At(new(name, entry.Line), () => Package(all, new(name, entry.Line), package, entry));
    }

    private static void Package(Reading all, Place at, string package, TomlItem entry)
    {
        package = PackageName.Check(World.Julia, package);
        if (entry["path"] is not null || entry["repo-url"] is not null)
            throw new FormatException($"'{package}' comes from a path or an address, which says no version that could be installed again; take it from a registry.");
        if (entry["version"]?.Text is not { } text)
        {
            all.Known.ComesWithTheRuntime(World.Julia, package);
            return;
        }

        var needs = entry["deps"] is { } deps ? deps.Items.Select(item => item.Text!).Concat(deps.Keys.Select(key => key.Key)) : [];
        var version = VersionScheme.Julia.Version(text.Split('+')[0]);
        all.Known.Add(World.Julia, package, new(World.Julia, version, text, [.. needs.Order(StringComparer.Ordinal)]) { IsOneOfMany = true, Hashes = entry["git-tree-sha1"]?.Text is { } tree ? [$"git-tree:{Hex(tree)}"] : [] });
        all.Add(new(World.Julia, package, $"={version}", VersionSet.Only(version), at));
    }

    private static string Hex(string hash) => hash.Length == 40 && hash.All(char.IsAsciiHexDigit) ? hash.ToLowerInvariant() : throw new FormatException($"'{Names.Shorten(hash)}' is no git tree.");
}
