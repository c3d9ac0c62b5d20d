using System.CommandLine;

namespace Steward.Host;

/// <summary>Which project a verb means, and where its file is.</summary>
internal static class ProjectHere
{
    public const string FileName = "steward.yaml";

    public static string Name(ParseResult line) => line.GetValue(Commands.Project)
        ?? Environment.GetEnvironmentVariable("STEWARD_PROJECT")
        ?? NameIn(File())
        ?? throw ProblemException.Invalid("project_missing", "No project is named, and this folder has no steward.yaml.", "Go to the project's folder, add --project NAME, or begin one: steward new fruit");

    /// <summary>The steward.yaml of this folder or the nearest one above.</summary>
    public static string? File()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, FileName)))
                return Path.Combine(folder.FullName, FileName);
        return null;
    }

    public static string? NameIn(string? file) => file is null ? null : System.IO.File.ReadLines(file)
        .Where(text => text.StartsWith("project:", StringComparison.Ordinal))
        .Select(text => Names.Check("project", text["project:".Length..].Split('#')[0].Trim().Trim('"', '\'')))
        .FirstOrDefault();
}
