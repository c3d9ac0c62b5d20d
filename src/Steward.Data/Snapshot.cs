using Steward.Events;

namespace Steward.Data;

/// <summary>One immutable state of a data set. Its manifest (sorted JSON lines, one per item) is a blob, and the manifest's digest names the content.</summary>
/// <param name="Version">1, 2, 3 … within the data set.</param>
/// <param name="Manifest">The same items give the same digest, on every machine.</param>
/// <param name="Items">How many items it holds.</param>
/// <param name="NewItems">How many of them the version before did not hold as they are: added or changed.</param>
/// <param name="NewBytes">Bytes of the pictures that no earlier snapshot of the project held; what this version really costs.</param>
/// <param name="By">The name of who added it.</param>
public sealed record Snapshot(
    string Project, string DataSet, int Version, Digest Manifest, int Items, int NewItems, long NewBytes, Reason Reason, string By, DateTimeOffset At)
{
    /// <summary><c>pictures@2</c>.</summary>
    public string Reference => $"{DataSet}@{Version}";
}

/// <summary>Why a snapshot was added: somebody brought files, or people named what they were asked to name.</summary>
public enum Reason { Import, Labels }

/// <summary>What to add. It starts from the newest snapshot of the data set: <paramref name="Items"/> are put over it by key.</summary>
/// <param name="Items">Added or changed items; their pictures are in the blob store already.</param>
public sealed record NewSnapshot(Reason Reason, IReadOnlyList<Item> Items)
{
    /// <summary>Keys that the new snapshot no longer holds.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Holds only <see cref="Items"/>: what the version before held and is not named here is gone from this one.</summary>
    public bool Whole { get; init; }
}

/// <summary>What differs between two snapshots; items by key.</summary>
public sealed record SnapshotDiff(Snapshot From, Snapshot To, IReadOnlyList<Item> Added, IReadOnlyList<Item> Removed, IReadOnlyList<ItemChange> Changed)
{
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;
}

public sealed record ItemChange(Item Before, Item After)
{
    /// <summary>What is different: <c>label apple → pear, other picture</c>.</summary>
    internal string Words => string.Join(", ", new[]
    {
        Before.Blob == After.Blob ? null : "other picture",
        Before.Label == After.Label ? null : $"label {Before.Label} → {After.Label}",
        Before.Split == After.Split ? null : $"split {Before.Split.Word()} → {After.Split.Word()}",
        Before.Source == After.Source ? null : $"source {Before.Source} → {After.Source}",
    }.OfType<string>());
}

/// <summary>A snapshot exists. Told once per snapshot, together with it.</summary>
public sealed record SnapshotAdded(string Project, string DataSet, int Version, Reason Reason, string By) : IEvent
{
    public static string Name => "data.snapshot_added";
}
