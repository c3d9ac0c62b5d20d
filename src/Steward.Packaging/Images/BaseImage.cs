using System.Text;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>A base that somebody sent: every layer read and compared, and seen to be one that our program runs on.</summary>
internal sealed record BaseImage(Manifest Manifest, ImageConfig Config, Descriptor Descriptor, IReadOnlyList<BillItem> Bill)
{
    private static readonly TarLimits Limits = new() { MostBytes = 8L << 30 };
    private const long MostList = 16 << 20;

    public static async Task<BaseImage> Check(IImageSource source, Descriptor descriptor, CancellationToken stop)
    {
        var manifest = Manifest.Read(await source.Read(descriptor, stop));
        var config = ImageConfig.Read(await source.Read(manifest.Config, stop));
        if (config.Os != "linux" || config.Architecture != Platform.Here.Architecture)
            throw ProblemException.Invalid("base_unfit", $"The base is for {config.Os}/{config.Architecture}, but this server's program is for linux/{Platform.Here.Architecture}.", "Choose the variant for this processor.");
        if (manifest.Layers.Count != config.Rootfs.DiffIds.Count)
            throw ProblemException.Invalid("base_unfit", $"The base has {manifest.Layers.Count} layers, but its config lists {config.Rootfs.DiffIds.Count}.");
        var tree = new RootTree(Limits);
        var lists = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (layer, diffId) in manifest.Layers.Zip(config.Rootfs.DiffIds))
        {
            tree.BeginLayer();
            await using var packed = await source.Open(layer, stop);
            var came = await LayerReader.Walk(layer, packed, async (entry, tar) =>
            {
                tree.Apply(entry);
                if (entry.Kind is TarKind.File && entry.Path is "var/lib/dpkg/status" || entry.Path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal))
                    lists[entry.Path] = Encoding.UTF8.GetString(await tar.ReadAll(MostList, "list of packages", stop));
            }, Limits, stop);
            if (came != diffId)
                throw ProblemException.Invalid("base_unfit", $"The layer {layer.Digest} of the base unpacks to {came}, but its config says {diffId}.", "Do not use it.");
        }

        DemandLibraries(tree);
        return new(manifest, config, descriptor, [.. lists.Where(list => tree.Find(list.Key) is not null).SelectMany(list => DebianPackages.Read(list.Value)).Select(DebianPackages.Bill)]);
    }

    /// <summary>Our program is made for the GNU C library; on another one it would end before its first word.</summary>
    private static void DemandLibraries(RootTree tree)
    {
        var loader = Platform.Here.Architecture == "arm64" ? "lib/ld-linux-aarch64.so.1" : "lib64/ld-linux-x86-64.so.2";
        string[] folders = [$"lib/{ElfLibraries.Triplet}", $"usr/lib/{ElfLibraries.Triplet}", "lib64", "usr/lib64", "lib", "usr/lib"];
        if (tree.Follow(loader) is null)
            throw ProblemException.Invalid("base_unfit", $"The base has no GNU C library (/{loader}), which this program needs.", "Choose a base of Debian, Ubuntu or Red Hat; Alpine's musl is another library.");
        foreach (var library in new[] { "libstdc++.so.6", "libgcc_s.so.1", "libssl.so.3" })
            if (!folders.Any(folder => tree.Follow($"{folder}/{library}") is not null))
                throw ProblemException.Invalid("base_unfit", $"The base lacks {library}, which this program needs.", "Add libstdc++6 and libssl3 to it, or build without --base on a Debian server.");
    }
}
