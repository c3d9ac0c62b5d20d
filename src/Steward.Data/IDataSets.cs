using Steward.Identity;

namespace Steward.Data;

/// <summary>Data sets and their snapshots, as the other rooms see them.</summary>
public interface IDataSets
{
    /// <summary>
    /// Adds the next snapshot; the first one makes the data set. Returns the newest snapshot unchanged when nothing
    /// differs from it. Refuses with <c>data_test_failed</c> when an expectation of the project file does not hold,
    /// <c>blob_not_found</c> when a picture is not in the blob store, <c>item_invalid</c>, <c>snapshot_empty</c>.
    /// </summary>
    Task<Snapshot> Add(Who who, string project, string dataSet, NewSnapshot add, CancellationToken stop = default);

    /// <summary>One snapshot, the newest when no version is named; null when there is none.</summary>
    Task<Snapshot?> Find(string project, string dataSet, int? version = null, CancellationToken stop = default);

    /// <summary>The newest snapshot of each data set, by name.</summary>
    Task<List<Snapshot>> All(string project, CancellationToken stop = default);

    /// <summary>The snapshots of one data set, newest first.</summary>
    Task<List<Snapshot>> Versions(string project, string dataSet, int most = 100, CancellationToken stop = default);

    /// <summary>The items in the order of their keys (ordinal).</summary>
    Task<IReadOnlyList<Item>> Items(Snapshot snapshot, CancellationToken stop = default);

    /// <summary>What came, went and changed on the way from one snapshot to another.</summary>
    Task<SnapshotDiff> Diff(Snapshot from, Snapshot to, CancellationToken stop = default);

    /// <summary>Whether a picture belongs to any snapshot of the project; only then may its readers see it.</summary>
    Task<bool> Holds(string project, Digest blob, CancellationToken stop = default);
}
