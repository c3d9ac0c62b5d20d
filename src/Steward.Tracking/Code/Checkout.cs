using System.Text;

namespace Steward.Tracking;

/// <summary>The work tree that a run begins in, as the one who starts it tells.</summary>
/// <param name="Commit">What is checked out, in hex.</param>
/// <param name="Branch">Null where none is.</param>
/// <param name="Dirty">Files differ from the commit, or are new and not ignored.</param>
public sealed record Checkout(string Commit, string? Branch, bool Dirty)
{
    /// <summary>The file of a run in which the changes are kept.</summary>
    public const string ChangesFile = "code.diff";

    /// <summary>More is not kept: a diff is read by people.</summary>
    public const int MostBytes = 1_000_000;

    internal const int LongestBranch = 250;
    private const int MostNotes = 60, LongestNote = 500;

    /// <summary>In what it differs, as <c>git apply</c> reads it.</summary>
    public string? Changes { get; init; }

    /// <summary>What of that is not here and why, a sentence each.</summary>
    public IReadOnlyList<string> NotKept { get; init; } = [];

    /// <exception cref="ProblemException"><c>checkout_invalid</c>.</exception>
    public Checkout Checked()
    {
        if (!Lineage.IsCommit(Commit))
            throw Wrong($"'{Names.Shorten(Commit)}' is no commit", "Send the whole hash in lower case: git rev-parse HEAD");
        if (Branch is { } branch && (branch.Length is 0 or > LongestBranch || branch.Any(char.IsControl)))
            throw Wrong("the name of the branch cannot be shown", $"Send at most {LongestBranch} characters.");
        if (Changes is not null && Encoding.UTF8.GetByteCount(Changes) > MostBytes)
            throw Wrong($"its changes are larger than {Say.Bytes(MostBytes)}", "Leave them out and say so in notKept.");
        if (NotKept is null || NotKept.Count > MostNotes || NotKept.Any(note => string.IsNullOrWhiteSpace(note) || note.Length > LongestNote || note.Any(char.IsControl)))
            throw Wrong("notKept cannot be shown", $"Send at most {MostNotes} sentences of {LongestNote} characters.");
        return this;
    }

    private static ProblemException Wrong(string why, string help) => ProblemException.Invalid("checkout_invalid", $"The work tree cannot be kept: {why}.", help);
}
