using Steward.Blobs;
using Steward.Projects;

namespace Steward.Tracking.Comparing;

/// <summary>How the code of two runs differs; what is the same is not in it.</summary>
/// <param name="Conclusion">For people, in a sentence or two.</param>
/// <param name="BeforeCommit">Null when none is known.</param>
public sealed record CodeComparison(ComparedCode Before, ComparedCode After, string Conclusion, string? BeforeCommit, string? AfterCommit, IReadOnlyList<CodeFile> Files)
{
    /// <summary>Neither run kept anything that could be compared.</summary>
    public bool IsUnknown { get; init; }

    public bool Differs => BeforeCommit != AfterCommit || Files.Count > 0;

    internal static CodeComparison Of(Run before, RunCode old, Run after, RunCode fresh)
    {
        var files = new List<CodeFile>();
        foreach (var name in old.Changes.Keys.Union(fresh.Changes.Keys).Order(StringComparer.Ordinal))
            if (Changed(name, old.Changes.GetValueOrDefault(name), fresh.Changes.GetValueOrDefault(name)) is { } changed)
                files.Add(changed);
        foreach (var name in old.Files.Keys.Union(fresh.Files.Keys).OrderBy(name => name == RunCode.ProjectFile).ThenBy(name => name, StringComparer.Ordinal))
            if (Compared(name, old.Files.GetValueOrDefault(name), fresh.Files.GetValueOrDefault(name)) is { } compared)
                files.Add(compared);
        var (one, other) = (CommitOf(before), CommitOf(after));
        return new(new(before.Id, before.Name), new(after.Id, after.Name), Say(before, after, one, other, files), one, other, files)
        {
            IsUnknown = one is null && other is null && old.Files.Count + fresh.Files.Count + old.Changes.Count + fresh.Changes.Count == 0,
        };
    }

    private static string? CommitOf(Run run) => run.Lineage?.Commit ?? Lineage.CommitIn(run.Code);

    /// <summary>A file that one of them, or both, had changed after the commit.</summary>
    private static CodeFile? Changed(string name, IReadOnlyList<string>? old, IReadOnlyList<string>? fresh)
    {
        if (old is not null && fresh is not null)
            return old.SequenceEqual(fresh) ? null : CodeFile.Of(name, CodeWhere.Changes, TextDiff.Between(Body(old), Body(fresh)), "both had changed it after the commit, each in another way");
        return old is not null ? CodeFile.Of(name, CodeWhere.Changes, TextDiff.Written(old), "only the first had these changes after its commit") : CodeFile.Of(name, CodeWhere.Changes, TextDiff.Written(fresh!), "only the second had these changes after its commit");
    }

    /// <summary>Where a piece stands in its file is no difference.</summary>
    private static string Body(IEnumerable<string> lines) => string.Join('\n', lines.Where(line => !line.StartsWith("@@", StringComparison.Ordinal)));

    private static CodeFile? Compared(string name, CodeText? old, CodeText? fresh)
    {
        if (old?.Digest == fresh?.Digest)
            return null;
        var alone = old is null ? "only the second has it" : fresh is null ? "only the first has it" : null;
        if ((old?.Why ?? fresh?.Why) is { } why)
            return new(name, CodeWhere.File, 0, 0, [], alone is null ? why : $"{alone}; {why}");
        var lines = TextDiff.Between(old?.Text ?? "", fresh?.Text ?? "");
        return lines is { Count: 0 } ? null : CodeFile.Of(name, CodeWhere.File, lines, alone);
    }

    private static string Say(Run before, Run after, string? one, string? other, List<CodeFile> files)
    {
        var commits = (one, other) switch
        {
            (null, null) => "No commit is known of either.",
            (null, _) => $"No commit is known of {before.Name}.",
            (_, null) => $"No commit is known of {after.Name}.",
            _ when one == other => $"Both ran the commit {Lineage.ShortOf(one)}.",
            _ => $"The commits differ: {Lineage.ShortOf(one)} and {Lineage.ShortOf(other)}.",
        };
        return files.Count == 0
            ? $"{commits} What else was kept of their code is the same."
            : $"{commits} {Steward.Say.Count(files.Count, "file")} of what was kept {(files.Count == 1 ? "differs" : "differ")}: {Steward.Say.Count(files.Sum(file => file.Added), "line")} added, {files.Sum(file => file.Removed)} removed.";
    }
}

public sealed record ComparedCode(string Id, string Name);

/// <summary>One file that differs.</summary>
/// <param name="Name">As it was logged, or in its repository: a text of somebody else's.</param>
/// <param name="Lines">Of a notebook, the code of its cells.</param>
/// <param name="Note">What else is to be said of it.</param>
public sealed record CodeFile(string Name, CodeWhere Where, int Added, int Removed, IReadOnlyList<DiffLine> Lines, string? Note)
{
    internal static CodeFile Of(string name, CodeWhere where, List<DiffLine>? lines, string? note) => lines is null
        ? new(name, where, 0, 0, [], $"longer than {TextDiff.MostLines} lines: it differs, and is not compared line by line")
        : new(name, where, lines.Count(line => line.Kind is DiffKind.Added), lines.Count(line => line.Kind is DiffKind.Removed), lines, note);
}

public enum CodeWhere
{
    /// <summary>Kept whole: a file of the run, or the project file.</summary>
    File,

    /// <summary>Changed after the commit.</summary>
    Changes,
}

/// <summary>Reads what two runs kept of their code, and nothing of any other.</summary>
internal sealed class CodeComparisons(IRuns runs, IProjects projects, IBlobs blobs)
{
    public async Task<CodeComparison> Of(string project, string before, string after, CancellationToken stop)
        => await Of(await runs.In(project, before, stop), await runs.In(project, after, stop), stop);

    public async Task<CodeComparison> Of(Run before, Run after, CancellationToken stop)
        => CodeComparison.Of(before, await RunCode.Of(before, runs, projects, blobs, stop), after, await RunCode.Of(after, runs, projects, blobs, stop));
}
