using System.Xml.Linq;

namespace Steward.House.Tests;

/// <summary>The files of this repository, as they lie there.</summary>
internal static class Repository
{
    public static DirectoryInfo Root { get; } = Find();

    /// <summary>The projects of the product by name without <c>Steward.</c>, with what each of them leans on.</summary>
    public static IReadOnlyList<Room> Rooms { get; } = [.. Root.GetDirectories("src")[0].GetDirectories("Steward.*").OrderBy(folder => folder.Name, StringComparer.Ordinal).Select(Room.Read)];

    /// <summary>The texts of a folder that people wrote.</summary>
    public static IEnumerable<(string Path, string Text)> Texts(DirectoryInfo under, params string[] endings) => under
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => endings.Contains(file.Extension) && !file.FullName.Contains("/artifacts/", StringComparison.Ordinal))
        .Select(file => (Path.GetRelativePath(Root.FullName, file.FullName), File.ReadAllText(file.FullName)));

    private static DirectoryInfo Find()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Steward.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException("The tests do not lie inside the repository.");
        return at;
    }
}

/// <param name="Name">Without <c>Steward.</c>.</param>
internal sealed record Room(string Name, DirectoryInfo Folder, IReadOnlyList<string> LeansOn, IReadOnlyList<string> Packages)
{
    public static Room Read(DirectoryInfo folder)
    {
        var project = XDocument.Load(Path.Combine(folder.FullName, folder.Name + ".csproj"));
        return new(Short(folder.Name), folder,
            [.. project.Descendants("ProjectReference").Select(to => Short(Path.GetFileNameWithoutExtension(to.Attribute("Include")!.Value.Replace('\\', '/'))))],
            [.. project.Descendants("PackageReference").Select(to => to.Attribute("Include")!.Value)]);
    }

    private static string Short(string project) => project["Steward.".Length..];
}
