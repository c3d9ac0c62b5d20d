using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Steward.Packaging;

/// <summary>Reads the packages of a .csproj, with the versions of a Directory.Packages.props and the lock beside it.</summary>
internal static class ProjectXml
{
    private const string Central = "Directory.Packages.props", LockName = "packages.lock.json";

    public static void Read(Reading all, string name)
    {
        if (all.Open(name) is not { } source || Load(all, source) is not { } project)
            return;
        var folder = Path.GetDirectoryName(name) ?? "";
        var central = Versions(all, Path.Combine(folder, Central));
        var framework = project.Descendants().FirstOrDefault(one => one.Name.LocalName is "TargetFramework");
        if (framework?.Value.Trim() is { } target)
            all.At(At(name, framework), () => Framework(all, At(name, framework), target));
        foreach (var one in project.Descendants().Where(one => one.Name.LocalName == "PackageReference" && one.Attribute("Include") is not null))
            all.At(At(name, one), () => Package(all, name, one, central));
        if (File.Exists(Path.Combine(all.Folder, folder, LockName)))
            Locked(all, Path.Combine(folder, LockName));
    }

    private static void Package(Reading all, string file, XElement one, Dictionary<string, (string Range, Place At)> central)
    {
        var written = one.Attribute("Include")!.Value.Trim();
        var package = PackageName.Check(World.NuGet, written);
        var own = Value(one, "VersionOverride") ?? Value(one, "Version");
        var (range, at) = own is not null ? (own, At(file, one)) : central.TryGetValue(package, out var said) ? said : throw new FormatException($"'{written}' says no version; write Version=\"…\" or put it into {Central}.");
        if (range.Contains('$', StringComparison.Ordinal))
            throw new FormatException($"the version of '{written}' is the property {Names.Shorten(range)}, which only a build knows; write the version, or lock with packages.lock.json.");
        all.Add(new(World.NuGet, package, range, VersionScheme.NuGet.Range(range), at));
    }

    private static void Framework(Reading all, Place at, string target)
    {
        if (!target.StartsWith("net", StringComparison.Ordinal) || VersionScheme.NuGet.TryVersion(target.Split('-')[0][3..]) is not { } version || !target.Contains('.', StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(target)}' is no framework that runs in a container of today; one looks like net8.0.");
        all.Add(new(World.NuGet, "dotnet", $"[{version}]", VersionSet.Only(version), at) { IsInterpreter = true });
    }

    /// <summary>packages.lock.json: exact versions, hashes of contents, and what needs what.</summary>
    private static void Locked(Reading all, string name)
    {
        if (all.Open(name) is not { } source)
            return;
        try
        {
            using var document = JsonDocument.Parse(source.Text, new JsonDocumentOptions { MaxDepth = 16 });
            foreach (var framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
                foreach (var package in framework.Value.EnumerateObject().Where(package => package.Value.TryGetProperty("resolved", out _)))
                    all.At(new(name, source.LineOf($"\"{package.Name}\": {{")), () => Resolved(all, new(name, source.LineOf($"\"{package.Name}\": {{")), package));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            all.Complain(new(name, (int)((error as JsonException)?.LineNumber ?? 0) + 1), "this is not the JSON that dotnet restore writes.", "Write it with: dotnet restore --use-lock-file");
        }
    }

    private static void Resolved(Reading all, Place at, JsonProperty package)
    {
        var name = PackageName.Check(World.NuGet, package.Name);
        var version = VersionScheme.NuGet.Version(package.Value.GetProperty("resolved").GetString()!);
        var needs = package.Value.TryGetProperty("dependencies", out var list) ? list.EnumerateObject().Select(need => $"{need.Name} {need.Value.GetString()}") : [];
        var hash = package.Value.TryGetProperty("contentHash", out var content) ? content.GetString() : null;
        if (hash is not null && (hash.Length > 100 || !hash.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')))
            throw new FormatException($"'{Names.Shorten(hash)}' is no hash.");
        all.Known.Add(World.NuGet, name, new(World.NuGet, version, version.Text, [.. needs]) { IsOneOfMany = true, Hashes = hash is null ? [] : [$"sha512:{hash}"] });
        all.Add(new(World.NuGet, name, $"[{version}]", VersionSet.Only(version), at));
    }

    private static Dictionary<string, (string Range, Place At)> Versions(Reading all, string name)
    {
        var versions = new Dictionary<string, (string, Place)>(StringComparer.Ordinal);
        if (File.Exists(Path.Combine(all.Folder, name)) && all.Open(name) is { } source && Load(all, source) is { } project)
            foreach (var one in project.Descendants().Where(one => one.Name.LocalName == "PackageVersion" && one.Attribute("Include") is not null && Value(one, "Version") is not null))
                versions[one.Attribute("Include")!.Value.Trim().ToLowerInvariant()] = (Value(one, "Version")!, At(name, one));
        return versions;
    }

    /// <summary>No DTD, no entities, nothing from elsewhere.</summary>
    private static XElement? Load(Reading all, TextSource source)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(source.Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 0 });
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException error)
        {
            all.Complain(new(source.Name, error.LineNumber), $"this is not XML: {error.Message}");
            return null;
        }
    }

    private static string? Value(XElement one, string name) => one.Attribute(name)?.Value.Trim() ?? one.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value.Trim();

    private static Place At(string file, XElement element) => new(file, ((IXmlLineInfo)element).LineNumber);
}
