using Steward.Identity;
using Steward.Storage;

namespace Steward.Data.Tables;

/// <summary>
/// Tables that many writers share: immutable Parquet files, and a catalog in the records that says which of them a
/// snapshot is made of. Rows are staged first, where nobody sees them, and a change makes them visible whole, in a
/// transaction of the caller's. Changes are optimistic: each names the snapshot it was made from, and
/// <c>table_conflict</c> says that what it depended on is different now; it is made again from the newest.
/// </summary>
public interface ITables
{
    /// <summary>The newest snapshot, or the one that is referred to; null when there is none.</summary>
    Task<TableSnapshot?> Find(string project, TableReference table, CancellationToken stop = default);

    /// <summary>The newest snapshot of every table, by name.</summary>
    Task<List<TableSnapshot>> All(string project, CancellationToken stop = default);

    /// <summary>Snapshots, newest first, expired ones too.</summary>
    Task<List<TableSnapshot>> History(string project, TableName table, int most = 100, int? before = null, CancellationToken stop = default);

    /// <summary>Of all that the snapshot holds: its files by their bytes, and which of their rows belong to it.</summary>
    Task<Digest> DigestOf(TableSnapshot snapshot, CancellationToken stop = default);

    Task<IReadOnlyList<TableColumn>> Columns(TableSnapshot snapshot, CancellationToken stop = default);

    /// <summary>From which columns of which snapshots it was made.</summary>
    Task<IReadOnlyList<ColumnOrigin>> Origins(TableSnapshot snapshot, CancellationToken stop = default);

    /// <summary>Keeps a finished Parquet file, which is moved away, and reads its columns and statistics. Nobody sees its rows yet.</summary>
    Task<StagedFile> Stage(string project, string parquet, TableWindow? window = null, CancellationToken stop = default);

    /// <summary>Makes the change in the caller's transaction: the snapshot exists if and only if the rest of it does. The table is held until it ends.</summary>
    Task<TableSnapshot> Commit(Tx tx, Who who, TableChange change);

    /// <summary>The same in a transaction of its own.</summary>
    Task<TableSnapshot> Commit(Who who, TableChange change, CancellationToken stop = default);

    /// <summary>Opens snapshots for reading, the newest ones all of one moment; what they are made of stays until the reading is disposed. <c>table_not_found</c>, <c>snapshot_expired</c>.</summary>
    Task<TableReading> Open(string project, IEnumerable<TableReference> tables, CancellationToken stop = default);

    /// <summary>The same, as if these staged changes were committed: a table that is only staged is there, too. <c>table_conflict</c> when one of them can be committed no more.</summary>
    Task<TableReading> Open(string project, IEnumerable<TableReference> tables, IReadOnlyList<TableChange> staged, CancellationToken stop = default);
}
