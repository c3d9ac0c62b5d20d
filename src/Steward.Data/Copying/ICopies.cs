using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Steward.Data.Connections;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Copying;

/// <summary>
/// Copies files from one connection to another: streamed in pieces, each checked; what arrived before a cut is not sent
/// again; a file shows at its target whole or not at all; one that is there unchanged is passed over.
/// </summary>
public interface ICopies
{
    /// <summary>
    /// Does the copy now. Files that changed while they were read, or whose names cannot be kept, are left out and told in
    /// <see cref="CopyReport.LeftOut"/>; what stops the copy as a whole is thrown, and the next one goes on from there.
    /// </summary>
    Task<CopyReport> Copy(string project, CopyOrder order, Func<CopyProgress, Task>? report = null, CancellationToken stop = default);

    /// <summary>Writes down that it was done, in the transaction of the caller's deed: the audit entry and the event.</summary>
    Task Tell(Tx tx, Who who, string project, CopyOrder order, CopyReport report);

    /// <summary>Brings one file of a connection to this machine; a line that is cut is taken up where it was. <c>file_changed</c> when it is not the one that was looked at.</summary>
    Task Fetch(IFileStore store, StoredFile file, string path, CancellationToken stop = default);

    /// <summary>Adds a task that does it.</summary>
    Task<WorkTask> Add(Who who, string project, CopyOrder order, CancellationToken stop = default);
}

/// <param name="From">Connection and file, or connection and the beginning of names: <c>shop:raw/2026/</c>; <c>shop:</c> is all of it.</param>
/// <param name="To">Connection and folder (a slash at its end), or the name of the one file: <c>lake:incoming/</c>.</param>
public sealed partial record CopyOrder(string From, string To)
{
    /// <summary>Bytes a second at most; 0 is as fast as it goes. The bandwidth of either connection is a limit too.</summary>
    public long Bandwidth { get; init; }

    /// <summary>Only files of the folder itself whose own name is like this: <c>*.csv</c>.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether the name of a file is like a pattern and lies in that very folder.</summary>
    public static bool Matches(string folder, string pattern, string name)
        => name.StartsWith(folder, StringComparison.Ordinal) && !name.AsSpan(folder.Length).Contains('/') && FileSystemName.MatchesSimpleExpression(pattern, name.AsSpan(folder.Length), ignoreCase: false);

    internal (string Connection, string Name) Source => Split(From);

    internal (string Connection, string Name) Target => Split(To);

    /// <summary>Throws for what cannot be an order.</summary>
    public CopyOrder Checked()
    {
        var ((from, what), (to, where)) = (Source, Target);
        if (Pattern is not null && (!(what.Length == 0 || what.EndsWith('/')) || Pattern.Contains('/', StringComparison.Ordinal)))
            throw ProblemException.Invalid("pattern_invalid", $"'{Names.Shorten(Pattern)}' is no pattern for the files of one folder.", "Name the folder with a slash at its end, and a pattern such as *.csv.");
        if (Bandwidth is < 0 or (> 0 and < 1 << 10))
            throw ProblemException.Invalid("bandwidth_invalid", "A bandwidth is at least 1024 bytes a second.", "Leave it away to copy as fast as it goes.");
        if (from == to && (what.StartsWith(where, StringComparison.Ordinal) || where.StartsWith(what, StringComparison.Ordinal)))
            throw ProblemException.Invalid("copy_onto_itself", $"'{Names.Shorten(From)}' and '{Names.Shorten(To)}' lie within each other.", "Copy to another folder or connection.");
        return this;
    }

    /// <summary>A size such as 10MiB in bytes; null when none was said.</summary>
    public static long? Bytes(string? said)
    {
        if (said is null)
            return null;
        var match = Size().Match(said);
        return match.Success
            ? (long)(double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) * (match.Groups[2].Value switch { "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 1 }))
            : throw ProblemException.Invalid("bandwidth_invalid", $"'{Names.Shorten(said)}' is not an amount of bytes.", "Write 500KiB or 10MiB.");
    }

    private static (string Connection, string Name) Split(string place)
    {
        var colon = (place ?? "").IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            throw ProblemException.Invalid("place_invalid", $"'{Names.Shorten(place)}' is not a place of files.", "Write the connection and the file: shop:raw/orders.csv");
        var (connection, name) = (Names.Check("connection", place![..colon]), place[(colon + 1)..]);
        return name.Length == 0 || FileNames.Complaint(name.EndsWith('/') ? name[..^1] : name) is not { } why
            ? (connection, name)
            : throw ProblemException.Invalid("file_name_invalid", $"'{Names.Shorten(name)}' cannot be the name of a file: {why}", "Use parts of letters, digits, dashes and dots with '/' between.");
    }

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)(KiB|MiB|GiB|B|)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Size();
}

/// <param name="Files">Done so far, of <paramref name="AllFiles"/>.</param>
/// <param name="Bytes">Read so far, of <paramref name="AllBytes"/>; files that were passed over count as read.</param>
public sealed record CopyProgress(long Files, long AllFiles, long Bytes, long AllBytes, string? Now)
{
    public double? Share => AllBytes > 0 ? Math.Min(1, (double)Bytes / AllBytes) : AllFiles > 0 ? (double)Files / AllFiles : null;
}

/// <param name="Copied">Files that were copied now.</param>
/// <param name="Unchanged">Files that were there already.</param>
/// <param name="Bytes">Of the files that were copied.</param>
/// <param name="Resumed">Bytes of them that had arrived before, and were not sent again.</param>
/// <param name="Files">The first of those that were copied, each with its digest.</param>
/// <param name="LeftOut">Files that were not copied, each with the reason.</param>
public sealed record CopyReport(long Copied, long Unchanged, long Bytes, long Resumed, IReadOnlyList<CopiedFile> Files, IReadOnlyList<LeftOutFile> LeftOut, long LeftOutCount)
{
    public string Words => $"{Say.Count(Copied, "file")} copied, {Say.Bytes(Bytes)}; {Unchanged:N0} {(Unchanged == 1 ? "was" : "were")} there already{(Resumed > 0 ? $"; {Say.Bytes(Resumed)} had arrived before" : "")}{(LeftOutCount > 0 ? $"; {LeftOutCount:N0} left out" : "")}.";
}

/// <param name="Sha256">Of its bytes, as they were read and as they lie at the target.</param>
public sealed record CopiedFile(string From, string To, long Bytes, Digest Sha256);

public sealed record LeftOutFile(string Name, string Code, string Why);
