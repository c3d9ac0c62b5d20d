using System.Text;
using System.Text.RegularExpressions;
using Steward.Kubernetes;
using Steward.Oci;

namespace Steward.Packaging.Kubernetes;

/// <summary>
/// A folder of manifests on a person's disk. What Steward wrote begins with a line that names the digest of the rest, so
/// that what somebody changed since is seen, and never overwritten unasked.
/// </summary>
internal sealed partial class ManifestFolder(string path)
{
    private const string Mark = "Written by: steward k8s write";
    private const long MostFile = 4L << 20;
    private const int MostFiles = 1_000;

    public string Path => System.IO.Path.GetFullPath(path);

    /// <summary>Files of one kind for a check, in the order of their names; those of a folder without hidden ones.</summary>
    public static (IReadOnlyList<ManifestFile> Files, bool IsFolder) Read(string path)
    {
        if (File.Exists(path))
            return ([new(path, Text(path))], false);
        if (!Directory.Exists(path))
            throw ProblemException.NotFound("file or folder", path, "Look at the path.");
        var names = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 20, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint })
            .Where(name => System.IO.Path.GetExtension(name) is ".yaml" or ".yml" or ".json").Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
        return names.Count <= MostFiles
            ? ([.. names.Select(name => new ManifestFile(System.IO.Path.GetRelativePath(".", name).Replace('\\', '/'), Text(name)))], true)
            : throw ProblemException.Invalid("too_many_files", $"'{Names.Shorten(path)}' holds more than {MostFiles} files of YAML or JSON.", "Name a smaller folder.");
    }

    /// <summary>The manifests that lie directly here.</summary>
    public IReadOnlyList<ManifestFile> Manifests() => Directory.Exists(Path)
        ? [.. Directory.EnumerateFiles(Path, "*.yaml").Order(StringComparer.Ordinal).Select(name => new ManifestFile(System.IO.Path.GetFileName(name), Text(name)))]
        : throw ProblemException.NotFound("folder", path, "Write it first: steward k8s write MODEL --to FOLDER");

    /// <summary>Writes all of it or nothing, and takes away what Steward wrote here before and writes no more.</summary>
    /// <returns>The names of files that changed, and of those that are gone.</returns>
    public (IReadOnlyList<string> Changed, IReadOnlyList<string> Gone) Write(IReadOnlyDictionary<string, string> files, bool force)
    {
        if (files.Keys.FirstOrDefault(name => !Plain().IsMatch(name)) is { } odd)
            throw ProblemException.Invalid("file_name_invalid", $"The server sent a file called '{Names.Shorten(odd)}', which is not written.");
        var before = Directory.Exists(Path) ? Directory.EnumerateFiles(Path).Where(name => Plain().IsMatch(System.IO.Path.GetFileName(name))).ToDictionary(name => System.IO.Path.GetFileName(name), Text, StringComparer.Ordinal) : [];
        foreach (var (name, text) in before.Where(old => !force && (files.ContainsKey(old.Key) || State(old.Value) is Written.Changed)))
            if (State(text) is not Written.AsItWas)
                throw ProblemException.Conflict("file_changed", $"{System.IO.Path.Combine(path, name)} {(State(text) is Written.Changed ? "was changed by somebody since Steward wrote it" : "was not written by Steward")}.",
                    "Keep changes in an overlay and see them with: steward k8s diff; or write over them: --force");
        Directory.CreateDirectory(Path);
        var changed = files.Where(file => before.GetValueOrDefault(file.Key) != Marked(file.Key, file.Value)).Select(file => file.Key).ToList();
        var gone = before.Where(old => !files.ContainsKey(old.Key) && State(old.Value) is Written.AsItWas).Select(old => old.Key).ToList();
        var drafts = changed.ConvertAll(name => (Name: name, Draft: System.IO.Path.Combine(Path, $".{name}.{Names.NewId()}")));
        try
        {
            foreach (var (name, draft) in drafts)
                File.WriteAllText(draft, Marked(name, files[name]));
            // What lists the others comes last: until then the folder says what it said before.
            foreach (var (name, draft) in drafts.OrderBy(draft => draft.Name == "kustomization.yaml"))
                File.Move(draft, System.IO.Path.Combine(Path, name), overwrite: true);
        }
        finally
        {
            drafts.ForEach(draft => File.Delete(draft.Draft));
        }

        gone.ForEach(name => File.Delete(System.IO.Path.Combine(Path, name)));
        return (changed, gone);
    }

    private static string Marked(string name, string text)
    {
        var line = $"{Mark}; sha256 of the rest: {OciDigest.Of(Encoding.UTF8.GetBytes(text)).Hex}";
        return name.EndsWith(".md", StringComparison.Ordinal) ? $"<!-- {line} -->\n{text}" : $"# {line}\n{text}";
    }

    private static Written State(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || First().Match(text[..end]) is not { Success: true } first)
            return Written.ByOthers;
        return OciDigest.Of(Encoding.UTF8.GetBytes(text[(end + 1)..])).Hex == first.Groups[1].Value ? Written.AsItWas : Written.Changed;
    }

    private static string Text(string file) => new FileInfo(file).Length <= MostFile
        ? File.ReadAllText(file)
        : throw ProblemException.Invalid("file_too_large", $"'{Names.Shorten(file)}' has more than {MostFile >> 20} MiB.", "Name the manifests alone.");

    private enum Written { AsItWas, Changed, ByOthers }

    [GeneratedRegex(@"^[a-z][a-z-]{0,60}\.yaml\z|^RUNBOOK\.md\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    [GeneratedRegex("^(?:# |<!-- )" + Mark + "; sha256 of the rest: ([0-9a-f]{64})(?: -->)?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex First();
}
