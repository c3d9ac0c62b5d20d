using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Data;

internal sealed partial class DataSets(
    Db db, SnapshotStore store, Manifests manifests, Prints prints, DataChecks checks, IBlobs blobs, IProjects projects, IAudit audit, IEvents events, TimeProvider clock, ILogger<DataSets> log) : IDataSets
{
    // Every lost race means that somebody else's snapshot was added, so this ends.
    private const int MostTries = 50;

    public async Task<Snapshot> Add(Who who, string project, string dataSet, NewSnapshot add, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        Names.Check("data set", dataSet);
        foreach (var item in add.Items)
            item.Checked();
        var plan = (await projects.Get(project, stop)).PlanOf(dataSet);
        for (var attempt = 1; ; attempt++)
        {
            var before = await store.Newest(project, dataSet, stop);
            try
            {
                return await AddAfter(before, who, project, dataSet, add, plan, stop);
            }
            // Another snapshot took the version meanwhile: start again from that one.
            catch (ProblemException lost) when (lost.Code == "already_there" && attempt < MostTries)
            {
            }
        }
    }

    public async Task<Snapshot?> Find(string project, string dataSet, int? version, CancellationToken stop) => version is { } number
        ? await store.Find(project, dataSet, number, stop)
        : await store.Newest(project, dataSet, stop);

    public Task<List<Snapshot>> All(string project, CancellationToken stop) => store.All(project, stop);

    public Task<List<Snapshot>> Versions(string project, string dataSet, int most, CancellationToken stop) => store.Versions(project, dataSet, Math.Clamp(most, 1, 1000), stop);

    public Task<IReadOnlyList<Item>> Items(Snapshot snapshot, CancellationToken stop) => manifests.Items(snapshot.Manifest, stop);

    public async Task<SnapshotDiff> Diff(Snapshot from, Snapshot to, CancellationToken stop)
    {
        var before = (await Items(from, stop)).ToDictionary(item => item.Key, StringComparer.Ordinal);
        var after = await Items(to, stop);
        var kept = after.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        return new(
            from, to,
            [.. after.Where(item => !before.ContainsKey(item.Key))],
            [.. before.Values.Where(item => !kept.Contains(item.Key)).OrderBy(item => item.Key, StringComparer.Ordinal)],
            [.. after.Where(item => before.TryGetValue(item.Key, out var was) && was != item).Select(item => new ItemChange(before[item.Key], item))]);
    }

    public Task<bool> Holds(string project, Digest blob, CancellationToken stop) => store.Owns(project, blob, stop);

    private async Task<Snapshot> AddAfter(Snapshot? before, Who who, string project, string dataSet, NewSnapshot add, DataSetPlan plan, CancellationToken stop)
    {
        var old = before is null ? [] : await manifests.Items(before.Manifest, stop);
        var items = Next(old, add);
        if (items.Count == 0)
            throw ProblemException.Invalid("snapshot_empty", $"There is nothing to keep in '{dataSet}': a snapshot holds at least one item.", "steward data add FOLDER takes pictures from a folder.");
        var pictures = await Sizes(project, items, stop);
        await prints.Of(project, pictures.Select(picture => picture.Blob), stop);
        await checks.Demand(plan, project, dataSet, items, stop);
        var manifest = await manifests.Keep(items, stop);
        if (before?.Manifest == manifest)
            return before;
        var known = old.ToHashSet();
        var fresh = new Snapshot(project, dataSet, (before?.Version ?? 0) + 1, manifest, items.Count, items.Count(item => !known.Contains(item)), 0, add.Reason, who.Name, clock.Now());
        var added = await db.Write(async tx =>
        {
            var priced = fresh with { NewBytes = await SnapshotStore.Own(tx, project, pictures) };
            await SnapshotStore.Add(tx, priced);
            await audit.Write(tx, who, "snapshot.added", project, priced.Reference, new { manifest = manifest.Hex, priced.Items, priced.NewItems, priced.NewBytes, priced.Reason });
            await events.Publish(tx, new SnapshotAdded(project, dataSet, priced.Version, priced.Reason, priced.By));
            return priced;
        }, stop);
        Added(log, added.Reference, project, added.Items, added.NewItems, added.NewBytes);
        return added;
    }

    private static List<Item> Next(IReadOnlyList<Item> old, NewSnapshot add)
    {
        var next = new SortedDictionary<string, Item>(StringComparer.Ordinal);
        if (!add.Whole)
            foreach (var item in old)
                next[item.Key] = item;
        foreach (var key in add.Removed)
            next.Remove(key);
        foreach (var item in add.Items)
            next[item.Key] = item;
        return [.. next.Values];
    }

    /// <summary>The pictures that no snapshot of the project holds yet, each once, with their bytes.</summary>
    private async Task<List<(Digest Blob, long Size)>> Sizes(string project, IReadOnlyList<Item> items, CancellationToken stop)
    {
        var wanted = items.Select(item => item.Blob).Distinct().ToList();
        var owned = await store.Owned(project, wanted, stop);
        var sizes = new List<(Digest, long)>();
        foreach (var blob in wanted.Where(blob => !owned.Contains(blob)))
            sizes.Add((blob, await blobs.Size(blob, stop) ?? throw ProblemException.NotFound("blob", blob.Hex, "Upload the picture first.")));
        return sizes;
    }

    [LoggerMessage(LogLevel.Information, "Snapshot {Reference} of {Project} was added: {Items} items, {NewItems} new, {NewBytes} new bytes.")]
    private static partial void Added(ILogger log, string reference, string project, int items, int newItems, long newBytes);
}
