namespace Steward.Tracking;

/// <summary>What a run was made from, to the byte: set when it begins and never changed.</summary>
public sealed record Lineage
{
    /// <summary>The commit of the work tree it began in, in hex; null when it began in none.</summary>
    public string? Commit { get; init; }

    /// <summary>Null where no branch was checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether the work tree differed from the commit; null when nobody said.</summary>
    public bool? Dirty { get; init; }

    /// <summary>In what it differed: the run's file <see cref="Checkout.ChangesFile"/>.</summary>
    public Digest? Changes { get; init; }

    /// <summary>What of the difference is not kept and why, a sentence each.</summary>
    public IReadOnlyList<string>? NotKept { get; init; }

    /// <summary>Revision of the project file in force.</summary>
    public int? ProjectFile { get; init; }

    /// <summary>Of the content of what the run's <c>Data</c> names.</summary>
    public Digest? Data { get; init; }

    /// <summary>SHA-256 of the file that locks the environment: <c>steward.lock</c>, or the packages of the program that trained.</summary>
    public Digest? Environment { get; init; }

    /// <summary>For people: <c>1f3a9c04d2e7 on main, with changes</c>; null when no commit is known.</summary>
    public string? CommitInWords => Commit is null ? null : $"{ShortOf(Commit)}{(Branch is null ? "" : $" on {Branch}")}{(Dirty is true ? ", with changes" : "")}";

    /// <summary>The commit of a program that says <c>1.0.0+COMMIT</c>, or the whole of it.</summary>
    public static string? CommitIn(string? code) => code?[(code.LastIndexOf('+') + 1)..].ToLowerInvariant() is { } hex && IsCommit(hex) ? hex : null;

    /// <summary>A whole SHA-1 or SHA-256 in hex.</summary>
    public static bool IsCommit(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>As people write a commit.</summary>
    public static string ShortOf(string commit) => commit[..12];

    /// <summary>The same with what the tags of an MLflow client say, where nothing is known yet.</summary>
    internal Lineage With(IReadOnlyDictionary<string, string> tags)
        => Commit is null && tags.GetValueOrDefault("mlflow.source.git.commit")?.ToLowerInvariant() is { } commit && IsCommit(commit)
            ? this with { Commit = commit, Branch = tags.GetValueOrDefault("mlflow.source.git.branch") is { Length: > 0 } branch ? Names.Shorten(branch, Checkout.LongestBranch - 1) : null }
            : this;
}

/// <summary>Says which bytes a reference such as <c>pictures@2</c> means. A room above, which knows the data, furnishes it.</summary>
public interface IDataDigests
{
    /// <summary>Null for what is no data of this server.</summary>
    Task<Digest?> Of(string project, string reference, CancellationToken stop = default);
}
