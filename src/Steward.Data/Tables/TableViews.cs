using Steward.Data.Files;

namespace Steward.Data.Tables;

/// <summary>A table as it is told over HTTP.</summary>
/// <param name="Reference">Of the newest snapshot, or the one asked for.</param>
/// <param name="Quarantined">Rows that were set aside, null when none ever was.</param>
public sealed record TableView(TableSnapshot Snapshot, string Reference, IReadOnlyList<string> Key, IReadOnlyList<ColumnView> Columns, IReadOnlyList<ColumnOrigin> Origins, int Files, long? Quarantined, string? Schema);

/// <summary>A column with what its files say of it.</summary>
/// <param name="Nulls">Rows without a value; files that are only partly in the snapshot count whole.</param>
public sealed record ColumnView(string Name, string Type, string? Min, string? Max, long Nulls);

/// <summary>What became of an import; the result of its task.</summary>
/// <param name="Quarantine">Where the bad rows are.</param>
public sealed record ImportView(TableSnapshot Snapshot, long Read, long Written, long Quarantined, IReadOnlyList<BadRow> FirstBad, string? Quarantine, IReadOnlyList<string> Evidence);

/// <param name="Snapshot">Null when there was nothing to gain.</param>
public sealed record CompactView(TableSnapshot? Snapshot, int FilesBefore, int FilesAfter);

public sealed record ExpireView(int Expired, int Files, long Bytes);

/// <param name="Sql">One SELECT over tables of the project.</param>
/// <param name="At">Versions to read instead of the newest: <c>{"silver.orders": 12}</c>.</param>
internal sealed record QueryOrder(string? Sql, IReadOnlyDictionary<string, int>? At, int? Rows);

internal sealed record ExpireOrder(int? Keep);

/// <summary>The first part of an import.</summary>
/// <param name="Name">What people call the file.</param>
/// <param name="Schema">How it is read; found when null and nothing is pinned with the table.</param>
internal sealed record ImportOrder(string Name, ChangeKind? Kind, TableWindow? Window, string? Schema, IReadOnlyList<string>? PartitionBy, string? StopIfBad, OnSchemaChange? OnChange, string? Reason)
{
    public void Check()
    {
        if (Kind is ChangeKind.Merge or ChangeKind.Compact)
            throw ProblemException.Invalid("import_invalid", "A file is appended, or replaces a window or everything.", "Choose append, replaceWindow or replaceAll.");
        if (Kind is ChangeKind.ReplaceWindow && Window is null)
            throw ProblemException.Invalid("window_missing", "No window is named that the file should replace.", "Say its start and its end.");
        if (Window is { } window && window.Start >= window.End)
            throw ProblemException.Invalid("window_invalid", $"The window {window} ends before it begins.", "Say its start and its end, the end after the start.");
    }
}
