using System.Collections.Concurrent;
using Steward.Blobs;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>
/// Packs a layer once. What decides is the digest of the archive before compression, so a layer that is taken again holds exactly
/// these files; hashing costs a small part of compressing.
/// </summary>
internal sealed class LayerCache(Settings settings, IBlobs blobs, ImageStore store)
{
    private readonly ConcurrentDictionary<string, OciDigest?> _constant = new(StringComparer.Ordinal);

    /// <returns>The layer, and whether it was packed before; null when there are no files.</returns>
    public async Task<(Layer Layer, bool Reused)?> Pack(string project, Func<LayerFiles> list, string? constant, CancellationToken stop)
    {
        LayerFiles? files = null;
        if (constant is null || !_constant.TryGetValue(constant, out var diffId))
        {
            files = list();
            diffId = files.Count == 0 ? null : await Layer.DiffIdOf(files, stop);
            if (constant is not null)
                _constant[constant] = diffId;
        }

        if (diffId is not { } plain)
            return null;
        if (await store.Layer(project, plain, stop) is { } kept && await blobs.Size(Digest.Parse(kept.Digest.Hex), stop) == kept.Size)
            return (new(kept, plain), true);
        return (await Pack(files ?? list(), stop), false);
    }

    private async Task<Layer> Pack(LayerFiles files, CancellationToken stop)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.Data, "packing"));
        // Gone with the process that made it, also when that one falls.
        await using var file = new FileStream(Path.Combine(folder.FullName, Names.NewId()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        var layer = await Layer.Pack(files, file, stop: stop);
        file.Position = 0;
        var blob = await blobs.Put(file, long.MaxValue, stop);
        return blob.Digest.Hex == layer.Descriptor.Digest.Hex ? layer : throw new InvalidOperationException("A layer changed between packing and keeping.");
    }
}
