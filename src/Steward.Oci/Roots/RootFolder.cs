namespace Steward.Oci;

/// <summary>
/// Unpacks an image into a new folder. The tree is put together first; then files are written into folders that were made
/// here, and links come last, so that nothing is ever written through one.
/// </summary>
public static class RootFolder
{
    /// <summary>Reads all layers and gives the root they make; every digest is checked.</summary>
    public static async Task<RootTree> Read(IImageSource source, Manifest manifest, ImageConfig config, TarLimits? limits = null, CancellationToken stop = default)
    {
        limits ??= new();
        var tree = new RootTree(limits);
        DemandAsMany(manifest, config);
        foreach (var (layer, diffId) in manifest.Layers.Zip(config.Rootfs.DiffIds))
        {
            tree.BeginLayer();
            await using var packed = await source.Open(layer, stop);
            var came = await LayerReader.Walk(layer, packed, (entry, _) =>
            {
                tree.Apply(entry);
                return Task.CompletedTask;
            }, limits, stop);
            if (came != diffId)
                throw OciException.Differs($"The layer {layer.Digest} unpacks to {came}, but the image config says {diffId}.");
        }

        return tree;
    }

    /// <summary>Unpacks into a folder that does not exist yet; when something is wrong, none is left. Devices and pipes are not made; hard links become files of their own.</summary>
    /// <returns>The paths that were left out.</returns>
    public static async Task<IReadOnlyList<string>> Unpack(IImageSource source, Manifest manifest, ImageConfig config, string folder, TarLimits? limits = null, CancellationToken stop = default)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
            throw OciException.Invalid($"'{folder}' is there already; an image is unpacked into a new folder.", "Name another folder.");
        var tree = await Read(source, manifest, config, limits, stop);
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        Directory.CreateDirectory(parent);
        var making = Path.Combine(parent, $".{Path.GetFileName(folder)}-{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(making);
            var left = await Write(source, manifest, tree, making, limits ?? new(), stop);
            Directory.Move(making, folder);
            return left;
        }
        catch
        {
            if (Directory.Exists(making))
                Directory.Delete(making, recursive: true);
            throw;
        }
    }

    private static async Task<IReadOnlyList<string>> Write(IImageSource source, Manifest manifest, RootTree tree, string root, TarLimits limits, CancellationToken stop)
    {
        foreach (var (path, _) in tree.All.Where(one => one.Value.Entry.Kind is TarKind.Folder))
            Directory.CreateDirectory(Inside(root, path));
        for (var i = 0; i < manifest.Layers.Count; i++)
        {
            var wanted = tree.All.Where(one => one.Value is { HardLinkTo: null, Entry.Kind: TarKind.File } node && node.ContentLayer == i).ToDictionary(one => one.Value.Place, one => one.Key);
            // A hard link outlives the name it was made to when a later layer takes that name away.
            foreach (var (path, node) in tree.All.Where(one => one.Value is { HardLinkTo: not null } node && node.ContentLayer == i))
                wanted.TryAdd(node.Place, path);
            if (wanted.Count == 0)
                continue;
            var place = 0;
            await using var packed = await source.Open(manifest.Layers[i], stop);
            await LayerReader.Walk(manifest.Layers[i], packed, async (entry, tar) =>
            {
                if (!wanted.TryGetValue(place++, out var path))
                    return;
                await using var file = new FileStream(Inside(root, path), FileMode.CreateNew, FileAccess.Write);
                var buffer = new byte[1 << 17];
                while (await tar.Read(buffer, stop) is var read and > 0)
                    await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }, limits, stop);
            foreach (var (path, node) in tree.All.Where(one => one.Value is { HardLinkTo: not null, Entry.Kind: TarKind.File } node && node.ContentLayer == i))
                if (wanted[node.Place] is var first && first != path)
                    File.Copy(Inside(root, first), Inside(root, path));
        }

        foreach (var (path, node) in tree.All.Where(one => one.Value.Entry.Kind is TarKind.SymbolicLink))
            File.CreateSymbolicLink(Inside(root, path), node.Entry.Link!);
        if (!OperatingSystem.IsWindows())
            foreach (var (path, node) in tree.All.Where(one => one.Value.Entry.Kind is TarKind.File or TarKind.Folder).Reverse())
                // Without the bits that lend somebody's rights: an unpacked image is looked at, not run as its owner.
                File.SetUnixFileMode(Inside(root, path), (UnixFileMode)(node.Entry.Mode & 0b111_111_111));
        return [.. tree.All.Where(one => one.Value.Entry.Kind is TarKind.CharacterDevice or TarKind.BlockDevice or TarKind.Pipe).Select(one => one.Key)];
    }

    internal static void DemandAsMany(Manifest manifest, ImageConfig config)
    {
        if (manifest.Layers.Count != config.Rootfs.DiffIds.Count)
            throw OciException.Invalid($"The image has {manifest.Layers.Count} layers, but its config lists {config.Rootfs.DiffIds.Count}.");
    }

    /// <summary>The tree's paths are plain already; this is the second lock.</summary>
    private static string Inside(string root, string path)
    {
        var whole = Path.GetFullPath(Path.Combine(root, path));
        return whole.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? whole : throw OciException.Invalid($"'{Shown.Short(path)}' leads out of the root.");
    }
}
