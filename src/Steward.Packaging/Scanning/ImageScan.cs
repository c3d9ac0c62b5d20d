using System.Security.Cryptography;
using Steward.Onnx;
using Steward.Oci;

namespace Steward.Packaging.Scanning;

/// <summary>One reason not to run an image.</summary>
internal sealed record ScanFinding(string Path, string Code, string Sentence);

/// <summary>What is in an image, file by file, without running anything of it.</summary>
/// <param name="Model">SHA-256 of <c>model/model.onnx</c>; null when there is none.</param>
internal sealed record ImageScan(int Files, Digest? Model, List<ScanFinding> Findings)
{
    private const string ModelFile = "model/model.onnx";

    /// <summary>Enough of a file to tell what it is and to hold a key; more is a model or a library.</summary>
    private const int MostText = 1 << 20;
    private const int MostModel = 1 << 30;

    public static async Task<ImageScan> Look(IImageSource source, Manifest manifest, CancellationToken stop)
    {
        var config = ImageConfig.Read(await source.Read(manifest.Config, stop));
        var findings = new List<ScanFinding>();
        if (Root(config.Config?.User))
            findings.Add(new("image", "root", "It runs as root."));
        foreach (var one in (config.Config?.Env ?? []).Concat(config.Config?.Labels?.Select(label => $"{label.Key}={label.Value}") ?? []))
            if (SecretSigns.In(one) is { } secret)
                findings.Add(new(one.Split('=')[0], "secret", $"It holds what looks like {secret}."));
        var tree = new RootTree();
        var (count, model) = (0, (Digest?)null);
        foreach (var layer in manifest.Layers)
        {
            tree.BeginLayer();
            await using var packed = await source.Open(layer, stop);
            await LayerReader.Walk(layer, packed, async (entry, tar) =>
            {
                tree.Apply(entry);
                Rights(entry, findings);
                if (entry.Kind is not TarKind.File)
                    return;
                count++;
                // What a later layer covers is still in the image, for whoever unpacks it: every layer counts.
                if (entry.Path == ModelFile)
                    model = await Onnx(entry, tar, findings, stop);
                else
                    await Content(entry, tar, findings, stop);
            }, new(), stop);
        }

        return new(count, model, findings);
    }

    private static bool Root(string? user) => user is null or "" || user.Split(':')[0] is "0" or "root";

    private static void Rights(TarEntry entry, List<ScanFinding> findings)
    {
        const int setUser = 0b100_000_000_000, setGroup = 0b010_000_000_000, sticky = 0b001_000_000_000, writeByAll = 0b010;
        if (entry.Kind is TarKind.File && (entry.Mode & (setUser | setGroup)) != 0)
            findings.Add(new(entry.Path, "setuid", "Who runs it gets the rights of its owner."));
        if (entry.Kind is TarKind.CharacterDevice or TarKind.BlockDevice)
            findings.Add(new(entry.Path, "device", "It is a device."));
        if ((entry.Kind is TarKind.File && (entry.Mode & writeByAll) != 0) || (entry.Kind is TarKind.Folder && (entry.Mode & writeByAll) != 0 && (entry.Mode & sticky) == 0))
            findings.Add(new(entry.Path, "writable", "Everybody may change it."));
    }

    private static async Task<Digest> Onnx(TarEntry entry, TarReader tar, List<ScanFinding> findings, CancellationToken stop)
    {
        var bytes = await tar.ReadAll(MostModel, "model", stop);
        findings.AddRange(OnnxCheck.Walk(bytes).Select(one => new ScanFinding($"{entry.Path}{(one.Path.Length == 0 ? "" : $" ({one.Path})")}", one.Code, one.Sentence)));
        return Digest.FromHash(SHA256.HashData(bytes));
    }

    private static async Task Content(TarEntry entry, TarReader tar, List<ScanFinding> findings, CancellationToken stop)
    {
        var head = new byte[(int)Math.Min(entry.Size, MostText)];
        var filled = 0;
        while (filled < head.Length && await tar.Read(head.AsMemory(filled), stop) is > 0 and var read)
            filled += read;
        if (PickleSigns.In(entry.Path, head.AsSpan(0, filled)) is { } pickle)
            findings.Add(new(entry.Path, "pickle", pickle));
        if (SecretSigns.In(head.AsSpan(0, filled)) is { } secret)
            findings.Add(new(entry.Path, "secret", $"It holds what looks like {secret}."));
    }
}
