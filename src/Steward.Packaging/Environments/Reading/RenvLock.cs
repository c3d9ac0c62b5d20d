using System.Text.Json;

namespace Steward.Packaging;

/// <summary>Reads renv.lock: R's version, and every package with its version, its hash and what it needs.</summary>
internal static class RenvLock
{
    public static void Read(Reading all, string name)
    {
        if (all.Open(name) is not { } source)
            return;
        try
        {
            using var document = JsonDocument.Parse(source.Text, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.TryGetProperty("R", out var r) && r.TryGetProperty("Version", out var version) && version.GetString() is { } text)
                Interpreter(all, new(name, source.LineOf("\"R\"")), text);
            if (!root.TryGetProperty("Packages", out var packages) || packages.ValueKind is not JsonValueKind.Object)
                all.Complain(new(name, 1), "the lock has no 'Packages'.", "Write it with: renv::snapshot()");
            else
                foreach (var package in packages.EnumerateObject())
                    all.At(new(name, source.LineOf($"\"{package.Name}\": {{")), () => Package(all, new(name, source.LineOf($"\"{package.Name}\": {{")), package));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            all.Complain(new(name, (int)((error as JsonException)?.LineNumber ?? 0) + 1), "this is not the JSON that renv writes.", "Write it with: renv::snapshot()");
        }
    }

    private static void Interpreter(Reading all, Place at, string version)
        => all.At(at, () => all.Add(new(World.R, "r", $"== {version}", VersionScheme.R.Range($"== {version}"), at) { IsInterpreter = true }));

    private static void Package(Reading all, Place at, JsonProperty entry)
    {
        var package = entry.Value;
        var (name, text) = (Text(package, "Package") ?? entry.Name, Text(package, "Version") ?? throw new FormatException($"'{Names.Shorten(entry.Name)}' has no version."));
        if (Text(package, "Source") is { } from && from is not ("Repository" or "Bioconductor"))
            throw new FormatException($"'{Names.Shorten(name)}' comes from {Names.Shorten(from)}, which says no version that could be installed again; take it from a repository.");
        name = PackageName.Check(World.R, name);
        all.Known.Add(World.R, name, new(World.R, VersionScheme.R.Version(text), text, [.. Needs(package)]) { IsOneOfMany = true, Hashes = Text(package, "Hash") is { } hash ? [$"renv:{Hex(hash)}"] : [] });
        all.Add(new(World.R, name, $"== {text}", VersionScheme.R.Range($"== {text}"), at));
    }

    /// <summary>Newer locks repeat Depends, Imports and LinkingTo; older ones list names under Requirements. R's own packages are part of R.</summary>
    private static IEnumerable<string> Needs(JsonElement package)
    {
        var keys = package.TryGetProperty("Requirements", out _) ? (string[])["Requirements"] : ["Depends", "Imports", "LinkingTo"];
        return keys.SelectMany(key => package.TryGetProperty(key, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray().Select(one => one.GetString()!) : [])
            .Where(need => !Own.Contains(need.Split(' ', '(')[0])).Distinct();
    }

    private static readonly HashSet<string> Own = ["base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines", "stats", "stats4", "tcltk", "tools", "utils"];

    private static string Hex(string hash) => hash.Length is >= 32 and <= 128 && hash.All(char.IsAsciiHexDigit) ? hash.ToLowerInvariant() : throw new FormatException($"'{Names.Shorten(hash)}' is no hash.");

    private static string? Text(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
