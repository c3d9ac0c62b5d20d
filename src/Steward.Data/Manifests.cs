using Microsoft.Extensions.Caching.Memory;
using Steward.Blobs;

namespace Steward.Data;

/// <summary>Reads and keeps manifests. They never change, so the last used ones stay in memory.</summary>
internal sealed class Manifests(IBlobs blobs) : IDisposable
{
    private const int MostItems = 200_000;
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = MostItems });

    public async Task<Digest> Keep(IReadOnlyList<Item> sorted, CancellationToken stop)
    {
        var kept = await blobs.Put(Manifest.Write(sorted), stop);
        return Remember(kept.Digest, sorted);
    }

    public async Task<IReadOnlyList<Item>> Items(Digest manifest, CancellationToken stop)
    {
        if (_read.TryGetValue(manifest.Hex, out IReadOnlyList<Item>? items))
            return items!;
        var read = Manifest.Read(await blobs.Read(manifest, stop));
        Remember(manifest, read);
        return read;
    }

    public void Dispose() => _read.Dispose();

    private Digest Remember(Digest manifest, IReadOnlyList<Item> items)
    {
        _read.Set(manifest.Hex, items, new MemoryCacheEntryOptions { Size = items.Count });
        return manifest;
    }
}
