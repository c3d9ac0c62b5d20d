using Microsoft.Win32.SafeHandles;
using Steward.Outside;

namespace Steward.Data.Connections;

/// <summary>
/// A folder that a connection may use, and nothing outside of it: names are checked, links are not followed, and what was
/// opened is asked once more where it lies.
/// </summary>
internal sealed class FolderRoot
{
    private FolderRoot(string path) => Path = path;

    public string Path { get; }

    /// <summary>Where the project may keep files without being asked: a path that does not begin with a slash lies there.</summary>
    public static string Own(Settings settings, string project) => System.IO.Path.Combine(System.IO.Path.GetFullPath(settings.Data), "files", Names.Check("project", project));

    /// <summary>Where files for the project arrive.</summary>
    public static FolderRoot Inbox(Settings settings, string project)
        => new(Real(Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetFullPath(settings.Data), "inbox", Names.Check("project", project))).FullName)!);

    /// <summary>The folder of a plan, real and allowed; <c>folder_refused</c>, <c>folder_not_found</c>.</summary>
    public static FolderRoot Of(string path, string project, Settings settings, Allowed allowed)
    {
        var own = Own(settings, project);
        if (!System.IO.Path.IsPathRooted(path))
        {
            if (path != "." && FileNames.Complaint(path.TrimEnd('/')) is { } why)
                throw ProblemException.Invalid("folder_refused", $"'{Names.Shorten(path)}' cannot be a folder: {why}", "Write a folder such as drop, or a whole path.");
            var inside = System.IO.Path.GetFullPath(System.IO.Path.Combine(own, path));
            Directory.CreateDirectory(inside);
            return new(Real(inside)!);
        }

        var real = Real(System.IO.Path.GetFullPath(path));
        if (real is null)
            throw ProblemException.NotFound("folder", Names.Shorten(path), "Make the folder on the server, or name another.");
        var data = Real(System.IO.Path.GetFullPath(settings.Data)) ?? System.IO.Path.GetFullPath(settings.Data);
        var roots = allowed.Folders?.Select(root => Real(root) ?? root);
        if (IsWithin(real, data) || IsWithin(data, real) || (roots is not null && !roots.Any(root => IsWithin(real, root))))
            throw new ProblemException(ProblemKind.Denied, "folder_refused", $"Projects of this server may not use the folder '{Names.Shorten(path)}'.", "Who runs the server may allow it: STEWARD_FOLDERS=FOLDER. A path without a slash at its beginning lies in the project's own folder.");
        return new(real);
    }

    /// <summary>The path of a name, none of its parts a link.</summary>
    public string At(string name)
    {
        FileNames.Check(name);
        var at = Path;
        foreach (var part in name.Split('/'))
        {
            at = System.IO.Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
                throw Outside(name);
        }

        return at;
    }

    /// <summary>Opens a file for reading; null when there is none.</summary>
    public FileStream? Open(string name)
    {
        var path = At(name);
        try
        {
            var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            if (IsWithin(Where(stream.SafeFileHandle) ?? path, Path))
                return stream;
            stream.Dispose();
            throw Outside(name);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes the folders that a name lies in.</summary>
    public string Prepare(string name)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return At(name) is var again && IsWithin(Real(System.IO.Path.GetDirectoryName(again)!) ?? again, Path) ? again : throw Outside(name);
    }

    /// <summary>Where an open file really lies: a link that was put in its way after the look at its name shows here.</summary>
    private static string? Where(SafeFileHandle file) => OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget : null;

    private static bool IsWithin(string path, string root) => path == root || path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static ProblemException Outside(string name) => ProblemException.Invalid("file_is_link", $"'{Names.Shorten(name)}' is a link or lies behind one; links are not followed.", "Put the file itself there.");

    /// <summary>The path without links; null when there is nothing.</summary>
    private static string? Real(string path)
    {
        var at = System.IO.Path.GetPathRoot(path)!;
        foreach (var part in path[at.Length..].Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = System.IO.Path.Combine(at, part);
            if (!System.IO.Path.Exists(next))
                return null;
            at = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target ? Real(target) ?? target : next;
        }

        return at;
    }
}
