using Microsoft.Extensions.Caching.Memory;

namespace Steward.Data;

/// <summary>A snapshot in numbers.</summary>
/// <param name="Bytes">Of all its pictures, each counted once.</param>
/// <param name="Cells">How many items have this label and split.</param>
public sealed record Summary(long Bytes, IReadOnlyList<Cell> Cells, IReadOnlyDictionary<string, int> Sources)
{
    public IReadOnlyDictionary<string, int> Splits => Enum.GetValues<Split>().ToDictionary(split => split.Word(), split => Cells.Where(cell => cell.Split == split).Sum(cell => cell.Items));

    public IReadOnlyDictionary<string, int> Labels => new SortedDictionary<string, int>(Cells.GroupBy(cell => cell.Label).ToDictionary(label => label.Key, label => label.Sum(cell => cell.Items)), StringComparer.Ordinal);

    public int Of(string label, Split split) => Cells.Where(cell => cell.Label == label && cell.Split == split).Sum(cell => cell.Items);
}

public sealed record Cell(string Label, Split Split, int Items);

/// <summary>Counts snapshots. They never change, so what was counted is remembered.</summary>
internal sealed class Summaries(SnapshotStore store, Manifests manifests) : IDisposable
{
    private readonly MemoryCache _counted = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public async Task<Summary> Of(Snapshot snapshot, CancellationToken stop)
    {
        var key = (snapshot.Project, snapshot.Manifest);
        if (_counted.TryGetValue(key, out Summary? counted))
            return counted!;
        var items = await manifests.Items(snapshot.Manifest, stop);
        var cells = items.CountBy(item => (item.Label, item.Split)).Select(count => new Cell(count.Key.Label, count.Key.Split, count.Value)).ToList();
        var sources = new SortedDictionary<string, int>(items.CountBy(item => item.Source).ToDictionary(), StringComparer.Ordinal);
        var summary = new Summary(await store.Bytes(snapshot.Project, items.Select(item => item.Blob), stop), cells, sources);
        return _counted.Set(key, summary, new MemoryCacheEntryOptions { Size = cells.Count + 1 });
    }

    public void Dispose() => _counted.Dispose();
}
