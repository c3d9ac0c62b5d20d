namespace Steward.Data.Tables;

/// <summary>A table as it will be once a change is committed: for those who go on with what they have staged.</summary>
internal static class StagedTables
{
    /// <param name="paths">Where its files lie on this machine.</param>
    /// <param name="within">Only parts that may hold rows of this window, and those of no window.</param>
    public static OpenTable After(OpenTable? before, TableChange change, IReadOnlyList<string> paths, TableWindow? within)
    {
        var name = change.Table.ToString();
        var columns = change.Files.Aggregate(before?.Columns ?? [], (now, file) => TableSchemas.After(name, now, file.Columns, change.OnSchemaChange, change.Kind is ChangeKind.ReplaceAll));
        var stays = change.Kind is ChangeKind.ReplaceAll ? [] : before?.Files.Select(file => file with { Parts = [.. file.Parts.Where(part => !Goes(part, change))] }).Where(file => file.Parts.Count > 0) ?? [];
        var comes = change.Files.Zip(paths, (file, path) => new OpenFile(path, FileRow.Of(file), file.Columns, [.. file.Parts.Where(part => part.Rows > 0 && (within is null || part.Window is null || Meet(part.Window, within))).Select((part, i) => new OpenPart($"{file.Blob.Hex} {i}", part.FirstRow, part.Rows, part.Window))]));
        var snapshot = before?.Snapshot ?? new(change.Project, name, 0, change.Kind, 0, 0, 0, 0, 0, null, null, 0, "", null, "", DateTimeOffset.UnixEpoch, null);
        return new(snapshot with { Version = snapshot.Version + 1 }, columns, [.. stays, .. comes.Where(file => file.Parts.Count > 0)]);
    }

    private static bool Goes(OpenPart part, TableChange change)
        => change.Removed.Contains(part.Id) || (change.Window is { } window && part.Window is { } own && Meet(own, window));

    private static bool Meet(TableWindow one, TableWindow other) => one.Start < other.End && one.End > other.Start;
}
