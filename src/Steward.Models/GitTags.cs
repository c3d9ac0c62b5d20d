using System.Globalization;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>Versions of the registry beside the tags <c>model@4</c> of a work tree.</summary>
internal static class GitTags
{
    /// <summary>A row for each version, newest first, and for each tag that looks like one of these models' and is none.</summary>
    public static async Task<List<VersionTag>> Compare(IReadOnlyList<ModelVersion> versions, WorkTree tree, CancellationToken stop)
    {
        var tags = await tree.Tags(stop);
        var rows = new List<VersionTag>();
        foreach (var version in versions)
            rows.Add(await Of(version, tags, tree, stop));
        var (names, models) = (versions.Select(version => version.Name).ToHashSet(StringComparer.Ordinal), versions.Select(version => version.Model).ToHashSet(StringComparer.Ordinal));
        rows.AddRange(tags.Where(tag => !names.Contains(tag.Key) && IsOf(models, tag.Key)).Select(tag => new VersionTag(tag.Key, TagState.Stray, null, tag.Value)));
        return rows;
    }

    /// <summary>What the tag says to who reads it with <c>git show</c>: all that the version is tied to.</summary>
    public static string Message(ModelVersion version) => string.Join('\n', new[]
    {
        version.Name, "", $"Model sha256:{version.Onnx.Hex}", $"Data {version.Data}{Named(" sha256:", version.Lineage?.Data)}", $"Run {version.Run}", $"Seal sha256:{version.Seal.Digest.Hex} ({version.Seal.Words})",
        version.Lineage is { Dirty: true } dirty ? $"Trained with changes that were not committed{Named(": sha256:", dirty.Changes)}" : null, version.Lineage?.Environment is { } locked ? $"Environment sha256:{locked.Hex}" : null,
    }.Where(line => line is not null));

    private static string Named(string before, Digest? digest) => digest is { } known ? before + known.Hex : "";

    private static async Task<VersionTag> Of(ModelVersion version, IReadOnlyDictionary<string, string?> tags, WorkTree tree, CancellationToken stop)
    {
        var commit = version.Lineage?.Commit;
        var state = tags.TryGetValue(version.Name, out var at)
            ? at == commit ? TagState.Equal : TagState.Elsewhere
            : commit is null ? TagState.NoCommit : await tree.Commit(commit, stop) is null ? TagState.NotHere : TagState.Missing;
        return new(version.Name, state, commit, at);
    }

    private static bool IsOf(HashSet<string> models, string tag)
        => tag.Split('@') is [var model, var number] && models.Contains(model) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

/// <summary>One version and its tag.</summary>
/// <param name="Name">Of both: <c>fruit@4</c>.</param>
/// <param name="Commit">The registry's.</param>
/// <param name="TagAt">What the tag leads to.</param>
internal sealed record VersionTag(string Name, TagState State, string? Commit, string? TagAt)
{
    /// <summary>The work tree and the registry do not say the same, and could.</summary>
    public bool Differs => State is TagState.Missing or TagState.Elsewhere or TagState.Stray;

    public string Words => State switch
    {
        TagState.Equal => "tag and registry agree",
        TagState.Written => "written now",
        TagState.Missing => "no tag yet: --write writes it",
        TagState.Elsewhere => Commit is null ? "a tag, and the registry knows no commit" : "the tag leads to another commit",
        TagState.Stray => "a tag without a version",
        TagState.NotHere => "its commit is not in this work tree: git fetch",
        _ => "trained in no work tree",
    };
}

internal enum TagState { Equal, Written, Missing, Elsewhere, Stray, NotHere, NoCommit }
