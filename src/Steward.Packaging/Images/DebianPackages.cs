using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>An installed package, as dpkg lists it.</summary>
internal sealed record DebianPackage(string Name, string Version, string Architecture);

/// <summary>Reads dpkg's lists: of this machine, or of a base image.</summary>
internal static class DebianPackages
{
    private const string Database = "/var/lib/dpkg";

    /// <summary>The packages of this machine that these files come from; none where dpkg is not.</summary>
    public static List<DebianPackage> Owning(IEnumerable<string> files)
    {
        var info = new DirectoryInfo(Path.Combine(Database, "info"));
        if (!info.Exists)
            return [];
        // With usr merged, a package's list may say /lib where the file lies below /usr/lib, or the other way round.
        var wanted = files.SelectMany(file => Names(new FileInfo(file).ResolveLinkTarget(true)?.FullName ?? file)).ToHashSet(StringComparer.Ordinal);
        var owners = info.EnumerateFiles("*.list").Where(list => File.ReadLines(list.FullName).Any(wanted.Contains)).Select(list => list.Name[..^5].Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return [.. Read(File.ReadAllText(Path.Combine(Database, "status"))).Where(package => owners.Contains(package.Name)).OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    public static IEnumerable<DebianPackage> Read(string status)
    {
        foreach (var paragraph in status.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = paragraph.Split('\n').Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0])).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
            if (fields.TryGetValue("Package", out var name) && fields.TryGetValue("Version", out var version) && (!fields.TryGetValue("Status", out var state) || state.EndsWith(" installed", StringComparison.Ordinal)))
                yield return new(name, version, fields.GetValueOrDefault("Architecture", "all"));
        }
    }

    public static BillItem Bill(this DebianPackage package) => new("library", package.Name, package.Version)
    {
        Purl = BillItem.PurlOf("deb/debian", package.Name, package.Version) + "?arch=" + package.Architecture,
    };

    private static IEnumerable<string> Names(string file) => file.StartsWith("/usr/", StringComparison.Ordinal) ? [file, file[4..]] : [file, "/usr" + file];
}
