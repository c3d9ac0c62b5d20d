namespace Steward.Oci;

/// <summary>How an image is put together from layers that are packed already, on top of another image or of nothing.</summary>
public sealed record ImagePlan
{
    public Manifest? Base { get; init; }
    public ImageConfig? BaseConfig { get; init; }
    public required IReadOnlyList<Layer> Layers { get; init; }
    public Platform Platform { get; init; } = Platform.Here;

    /// <summary>User and group by number: a name would have to be in the base.</summary>
    public string? User { get; init; }
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Cmd { get; init; }
    public string? WorkingDir { get; init; }
    public IReadOnlyList<string> Ports { get; init; } = [];
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>1970 unless told otherwise: a time would make another digest of the same content.</summary>
    public DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Config and manifest. Of the base its environment, layers and history are kept, not its labels: they speak of the base.</summary>
    public BuiltImage Build()
    {
        if (Base is not null)
            RootFolder.DemandAsMany(Base, BaseConfig!);
        var ground = BaseConfig?.Config;
        var config = new ImageConfig(BaseConfig?.Architecture ?? Platform.Architecture, BaseConfig?.Os ?? Platform.Os, new([.. BaseConfig?.Rootfs.DiffIds ?? [], .. Layers.Select(layer => layer.DiffId)]))
        {
            Created = Created,
            Variant = BaseConfig?.Variant,
            Config = new()
            {
                User = User ?? ground?.User,
                ExposedPorts = Ports.Count == 0 ? null : new(Ports.ToDictionary(port => port, _ => new Nothing()), StringComparer.Ordinal),
                Env = Merged(ground?.Env),
                Entrypoint = Entrypoint ?? ground?.Entrypoint,
                Cmd = Entrypoint is null ? Cmd ?? ground?.Cmd : Cmd,
                WorkingDir = WorkingDir ?? ground?.WorkingDir,
                StopSignal = ground?.StopSignal,
                Labels = Labels.Count == 0 ? null : new(Labels.ToDictionary(), StringComparer.Ordinal),
            },
            History = [.. Past(), .. Layers.Select(layer => new HistoryEntry { Created = Created, CreatedBy = layer.CreatedBy })],
        };
        var configBytes = config.Bytes();
        var manifest = new Manifest(Descriptor.Of(MediaTypes.Config, configBytes), [.. (Base?.Layers ?? []).Select(AsOci), .. Layers.Select(layer => layer.Descriptor)])
        {
            Annotations = Annotations.Count == 0 ? null : new(Annotations.ToDictionary(), StringComparer.Ordinal),
        };
        return new(manifest, manifest.Bytes(), config, configBytes);
    }

    /// <summary>A base whose history does not name every layer gets one that does.</summary>
    private IEnumerable<HistoryEntry> Past()
    {
        var layers = BaseConfig?.Rootfs.DiffIds.Count ?? 0;
        return BaseConfig?.History is { } history && history.Count(entry => entry.EmptyLayer != true) == layers
            ? history
            : Enumerable.Repeat(new HistoryEntry { Created = Created, CreatedBy = "base" }, layers);
    }

    private List<string> Merged(IReadOnlyList<string>? ground)
    {
        var all = (ground ?? []).Where(pair => !Env.ContainsKey(pair.Split('=')[0])).ToList();
        if (!Env.ContainsKey("PATH") && !all.Exists(pair => pair.StartsWith("PATH=", StringComparison.Ordinal)))
            all.Add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return [.. all, .. Env.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")];
    }

    private static Descriptor AsOci(Descriptor layer) => MediaTypes.AsLayer(layer.MediaType) is { } type
        ? new(type, layer.Digest, layer.Size)
        : throw OciException.Invalid($"The base has a layer of the type '{Shown.Short(layer.MediaType)}', which no image can be built on.", "Choose an image of a root file system as base.");
}

/// <summary>An image whose blobs are ready to be put somewhere.</summary>
public sealed record BuiltImage(Manifest Manifest, byte[] ManifestBytes, ImageConfig Config, byte[] ConfigBytes)
{
    public Descriptor Descriptor => Descriptor.Of(MediaTypes.Manifest, ManifestBytes);

    /// <summary>Puts config and manifest; the layers are there already.</summary>
    public async Task Put(IImageTarget target, string? tag, CancellationToken stop = default)
    {
        await target.Put(Manifest.Config, _ => Task.FromResult<Stream>(new MemoryStream(ConfigBytes, writable: false)), stop);
        await target.PutManifest(Descriptor, ManifestBytes, tag, stop);
    }
}
