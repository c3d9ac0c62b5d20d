using System.Text.RegularExpressions;
using Steward.Data.Connections;

namespace Steward.Pipelines;

/// <summary>Runs when files have arrived in a folder of the project's inbox and are finished.</summary>
public sealed partial record EventPlan
{
    /// <summary>A folder below the inbox, <c>sales/</c>, or of a connection, <c>lake:/sales/</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>Which files count: <c>*.csv</c>.</summary>
    public string Created { get; init; } = "*";

    /// <summary>A file is finished when it has not changed for so long.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(30);

    public RetryPlan Retry { get; init; } = new();

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (Places.Elsewhere(Path) is var (_, name) ? name.Length > 0 && (!name.EndsWith('/') || FileNames.Complaint(name[..^1]) is not null) : !Inbox.IsFolder(Places.Below(Path)))
            yield return ("event.path", $"'{Names.Shorten(Path)}' is no folder of the inbox; write names with letters, digits, dots, dashes and slashes between, or a folder of a connection, lake:/sales/.");
        if (!Pattern().IsMatch(Created))
            yield return ("event.created", $"'{Names.Shorten(Created)}' is no pattern of file names; write one such as *.csv.");
        if (Settle < TimeSpan.FromSeconds(1) || Settle > TimeSpan.FromDays(1))
            yield return ("event.settle", "a file settles in 1s to 1d.");
        foreach (var complaint in Retry.Complaints("event.retry"))
            yield return complaint;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._*?-]{1,100}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
