namespace Steward.Data.Tables;

public enum ChangeKind { Append, ReplaceWindow, ReplaceAll, Merge, Compact }

/// <summary>What to do when the rows that come have other columns than the table.</summary>
public enum OnSchemaChange
{
    /// <summary>Refuse with <c>schema_changed</c>: people look first.</summary>
    Stop,

    /// <summary>Leave new columns out, fill missing ones with nulls; a column of another type is still refused.</summary>
    Ignore,

    /// <summary>Add new columns, fill missing ones with nulls, widen numbers where nothing is lost.</summary>
    Evolve,
}

/// <summary>One change of one table: it becomes one snapshot, or nothing.</summary>
/// <param name="From">The snapshot it was made from, 0 when the table was not there; null for an append, which depends on nothing.</param>
/// <param name="Files">What it adds.</param>
public sealed record TableChange(string Project, TableName Table, ChangeKind Kind, int? From, IReadOnlyList<StagedFile> Files)
{
    /// <summary>The window that <see cref="ChangeKind.ReplaceWindow"/> replaces: every part within it goes, the files come in its place.</summary>
    public TableWindow? Window { get; init; }

    /// <summary>Parts that go, by id: what a merge or a compaction has rewritten.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    public OnSchemaChange OnSchemaChange { get; init; } = OnSchemaChange.Stop;

    /// <summary>Columns that name a row, where there are such; kept with the table and used by merges and diffs.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Where its columns come from.</summary>
    public IReadOnlyList<ColumnOrigin> Origins { get; init; } = [];

    /// <summary>In a few words, for people: <c>orders of the shop, 06:00</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The task of the ledger that made it.</summary>
    public string? Task { get; init; }

    /// <summary>How the file it came from is read, from now on; kept with the table.</summary>
    public string? FileSchema { get; init; }
}
