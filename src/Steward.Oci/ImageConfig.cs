namespace Steward.Oci;

/// <summary>How an image runs, and the layers it is made of by the digests of their unpacked bytes.</summary>
public sealed record ImageConfig(string Architecture, string Os, RootFs Rootfs)
{
    public DateTimeOffset? Created { get; init; }
    public string? Author { get; init; }
    public string? Variant { get; init; }
    public RunConfig? Config { get; init; }
    public IReadOnlyList<HistoryEntry>? History { get; init; }

    public static ImageConfig Read(ReadOnlySpan<byte> bytes)
    {
        var read = OciJson.Read<ImageConfig>(bytes, "image config");
        return read.Rootfs?.DiffIds is null ? throw OciException.Invalid("The image config does not list its layers (rootfs.diff_ids).") : read;
    }

    public byte[] Bytes() => OciJson.Write(this);
}

public sealed record RootFs(IReadOnlyList<OciDigest> DiffIds)
{
    public string Type { get; init; } = "layers";
}

/// <summary>Docker's words, which the specification kept.</summary>
public sealed record RunConfig
{
    [System.Text.Json.Serialization.JsonPropertyName("User")] public string? User { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("ExposedPorts")] public SortedDictionary<string, Nothing>? ExposedPorts { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("Env")] public IReadOnlyList<string>? Env { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("Entrypoint")] public IReadOnlyList<string>? Entrypoint { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("Cmd")] public IReadOnlyList<string>? Cmd { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("Volumes")] public SortedDictionary<string, Nothing>? Volumes { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("WorkingDir")] public string? WorkingDir { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("Labels")] public SortedDictionary<string, string>? Labels { get; init; }
    [System.Text.Json.Serialization.JsonPropertyName("StopSignal")] public string? StopSignal { get; init; }
}

/// <summary>The empty object that stands behind a name in a set.</summary>
public sealed record Nothing;

public sealed record HistoryEntry
{
    public DateTimeOffset? Created { get; init; }
    public string? CreatedBy { get; init; }
    public string? Comment { get; init; }
    public bool? EmptyLayer { get; init; }
}
