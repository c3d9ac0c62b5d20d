using System.Text.RegularExpressions;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Data.Files;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>
/// Where files of a plan lie: a folder of the inbox, <c>sales/</c> or <c>inbox:/sales/</c>, or of a connection,
/// <c>CONNECTION:/sales/</c>; the last part may be a pattern.
/// </summary>
internal sealed partial class Places(Inbox inbox, IConnections connections, ICopies copies, IChildHosts hosts)
{
    public const string OfInbox = "inbox";
    private const int MostFiles = 10_000;

    /// <summary>A connection and what it calls the file or folder; null for a place below the inbox.</summary>
    public static (string Connection, string Name)? Elsewhere(string place) => Written().Match(place) is { Success: true } found && found.Groups[1].Value != OfInbox ? (found.Groups[1].Value, found.Groups[2].Value) : null;

    /// <summary>As the inbox calls it.</summary>
    public static string Below(string place) => Written().Match(place) is { Success: true } found && found.Groups[1].Value == OfInbox ? found.Groups[2].Value : place;

    /// <summary>As copies call it: <c>lake:raw/</c>, and the pattern of its last part when that is one.</summary>
    public static (string Place, string? Pattern) ForCopy(string place)
    {
        if (Written().Match(place) is not { Success: true } found)
            return (place, null);
        var (folder, last) = Split(found.Groups[2].Value);
        var pattern = last.AsSpan().IndexOfAny('*', '?') >= 0;
        return ($"{found.Groups[1].Value}:{folder}{(pattern ? "" : last)}", pattern ? last : null);
    }

    public static bool IsWritten(string place) => Written().IsMatch(place);

    /// <summary>The files whose names match, by name; none when the folder is not there.</summary>
    public async Task<IReadOnlyList<PlacedFile>> Files(string project, string place, string? pattern, CancellationToken stop)
    {
        if (Elsewhere(place) is not var (connection, name))
            return [.. inbox.Files(project, Below(place), pattern).Select(file => new PlacedFile(file.Name, file.Bytes, file.ChangedAt, $"{file.Bytes} {file.ChangedAt.UtcTicks}") { Path = file.Path })];
        var (folder, last) = pattern is null ? Split(name) : (name, pattern);
        var found = new List<PlacedFile>();
        await using var store = await connections.Files(project, connection, stop);
        await foreach (var file in store.List(folder, null, stop))
            if (CopyOrder.Matches(folder, last.Length == 0 ? "*" : last, file.Name))
                if (found.Count == MostFiles)
                    throw ProblemException.Invalid("too_many_files", $"There are more than {MostFiles:N0} files in {connection}:/{folder}.", "Sort them into folders, by day or hour.");
                else
                    found.Add(new($"{connection}:/{file.Name}", file.Length ?? 0, file.Modified ?? DateTimeOffset.UnixEpoch, $"{file.Length} {file.ETag} {file.Modified?.UtcTicks}") { Stored = file, Connection = connection });
        return found;
    }

    /// <summary>The files on this machine, for as long as the answer is not disposed.</summary>
    public async Task<BroughtFiles> Bring(string project, IReadOnlyList<PlacedFile> files, CancellationToken stop)
    {
        if (files.All(file => file.Path is not null))
            return new(null, [.. files.Select(file => new SourceFile(file.Path!, file.Name))]);
        var folder = hosts.Folder("files");
        try
        {
            var brought = new List<SourceFile>();
            await using var store = await connections.Files(project, files[0].Connection!, stop);
            foreach (var file in files)
            {
                var path = Path.Combine(folder.Path, $"{brought.Count}");
                await copies.Fetch(store, file.Stored!, path, stop);
                brought.Add(new(path, file.Name));
            }

            return new(folder, brought);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static (string Folder, string Last) Split(string name) => (name[..(name.LastIndexOf('/') + 1)], name[(name.LastIndexOf('/') + 1)..]);

    [GeneratedRegex(@"^([a-z][a-z0-9-]{0,62}):/?(.*)\z", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Written();
}

/// <param name="Name">What people call it: below the project's inbox, or with its connection.</param>
/// <param name="Tag">Another one when it has changed.</param>
internal sealed record PlacedFile(string Name, long Bytes, DateTimeOffset ChangedAt, string Tag)
{
    /// <summary>On this machine, when it lies there.</summary>
    public string? Path { get; init; }

    public StoredFile? Stored { get; init; }

    public string? Connection { get; init; }
}

internal sealed record BroughtFiles(ChildFolder? Folder, IReadOnlyList<SourceFile> Files) : IDisposable
{
    public void Dispose() => Folder?.Dispose();
}
