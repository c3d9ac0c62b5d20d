using System.Text;
using Steward.Blobs;
using Steward.Projects;

namespace Steward.Tracking.Comparing;

/// <summary>What a run has kept of its code, as texts by name: changes that were not committed, the project file, notebooks, scripts.</summary>
internal sealed record RunCode(IReadOnlyDictionary<string, IReadOnlyList<string>> Changes, IReadOnlyDictionary<string, CodeText> Files)
{
    public const string ProjectFile = "steward.yaml";

    private const int MostFiles = 40, MostBytes = 400_000, MostNotebookBytes = 8_000_000;

    // What people write programs, queries and settings in.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        Notebook.Extension, ".py", ".r", ".rmd", ".qmd", ".jl", ".sql", ".sh", ".scala", ".java", ".cs", ".fs", ".js", ".ts", ".go", ".rs", ".cpp", ".c", ".h", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".txt", ".md", ".lock",
    };

    public static async Task<RunCode> Of(Run run, IRuns runs, IProjects projects, IBlobs blobs, CancellationToken stop)
    {
        var (changes, files) = (new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), new SortedDictionary<string, CodeText>(StringComparer.Ordinal));
        if (run.Lineage?.ProjectFile is { } revision && await projects.Text(run.Project, revision, stop) is { } yaml)
            files[ProjectFile] = new(Digest.Of(yaml), yaml, null);
        foreach (var file in await runs.ArtifactsOf(run.Id, stop))
            if (file.Name == Checkout.ChangesFile)
                changes = Sections(await Read(file, Checkout.MostBytes, blobs, stop) ?? "");
            else if (Extensions.Contains(Path.GetExtension(file.Name)) && files.Count < MostFiles)
                files[file.Name] = await Text(file, blobs, stop);
        return new(changes, files);
    }

    /// <summary>The files of a diff that git wrote: name, and the lines from the first <c>@@</c> on (or what is said instead of them).</summary>
    internal static Dictionary<string, IReadOnlyList<string>> Sections(string diff)
    {
        var sections = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        List<string>? body = null;
        foreach (var line in diff.Split('\n'))
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
                sections[line[(line.LastIndexOf(" b/", StringComparison.Ordinal) is > 0 and var at ? at + 3 : 11)..].TrimEnd('"')] = body = [];
            else if (body is not null && (body.Count > 0 || line.StartsWith("@@", StringComparison.Ordinal) || line.StartsWith("Binary files", StringComparison.Ordinal) || line.StartsWith("deleted file", StringComparison.Ordinal)) && line.Length > 0)
                body.Add(line);
        return sections;
    }

    private static async Task<CodeText> Text(RunArtifact file, IBlobs blobs, CancellationToken stop)
    {
        var isNotebook = Path.GetExtension(file.Name).Equals(Notebook.Extension, StringComparison.OrdinalIgnoreCase);
        var most = isNotebook ? MostNotebookBytes : MostBytes;
        if (file.Size > most)
            return new(file.Blob, null, $"longer than {Say.Bytes(most)}: compared by its digest alone");
        if (!isNotebook)
            return await Read(file, most, blobs, stop) is { } text ? new(file.Blob, text, null) : new(file.Blob, null, "no text: compared by its digest alone");
        return Notebook.CodeOf(await blobs.Read(file.Blob, stop)) is { Length: <= MostBytes } code ? new(file.Blob, code, null) : new(file.Blob, null, "no notebook that can be read: compared by its digest alone");
    }

    private static async Task<string?> Read(RunArtifact file, long most, IBlobs blobs, CancellationToken stop)
    {
        if (file.Size > most)
            return null;
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await blobs.Read(file.Blob, stop));
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <param name="Text">Of a notebook, its cells of code; null when it cannot be read.</param>
/// <param name="Why">Why there is no text.</param>
internal sealed record CodeText(Digest Digest, string? Text, string? Why);
