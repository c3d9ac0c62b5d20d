using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Steward.Pipelines;

/// <summary>
/// Where files for a project arrive: the folder <c>inbox/PROJECT</c> of the data folder. What a project file names below it
/// consists of plain names, and links are not followed: nothing outside can be reached.
/// </summary>
internal sealed partial class Inbox(Settings settings)
{
    private const int MostFiles = 10_000;

    public static bool IsFolder(string path) => path.Length <= 300 && Folder().IsMatch(path);

    /// <summary>The files of a folder whose names match, by name; none when it is not there. Its last part may be a pattern when none is given.</summary>
    public IReadOnlyList<InboxFile> Files(string project, string path, string? pattern = null)
    {
        if (pattern is null && !path.EndsWith('/'))
            (path, pattern) = (path[..(path.LastIndexOf('/') + 1)], path[(path.LastIndexOf('/') + 1)..]);
        if (!IsFolder(path))
            throw ProblemException.Invalid("path_invalid", $"'{Names.Shorten(path)}' is no folder of the inbox.", "Write names with letters, digits, dots, dashes and slashes between, such as sales/2026/.");
        var folder = System.IO.Path.Combine(settings.Data, "inbox", Names.Check("project", project), path);
        if (!Directory.Exists(folder) || IsLinked(folder))
            return [];
        var files = new FileSystemEnumerable<InboxFile>(folder, (ref FileSystemEntry entry) => new(path + entry.FileName.ToString(), entry.ToFullPath(), entry.Length, entry.LastWriteTimeUtc), new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && FileSystemName.MatchesSimpleExpression(pattern ?? "*", entry.FileName, ignoreCase: false),
        };
        var found = files.Take(MostFiles + 1).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        return found.Count <= MostFiles ? found : throw ProblemException.Invalid("too_many_files", $"There are more than {MostFiles:N0} files in {path}.", "Sort them into folders, by day or hour.");
    }

    private bool IsLinked(string folder)
    {
        for (var one = new DirectoryInfo(folder); one is not null && one.FullName.Length > settings.Data.Length; one = one.Parent)
            if (one.LinkTarget is not null)
                return true;
        return false;
    }

    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9._=-]*/)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Folder();
}

/// <param name="Name">Below the project's inbox.</param>
internal sealed record InboxFile(string Name, string Path, long Bytes, DateTimeOffset ChangedAt);
