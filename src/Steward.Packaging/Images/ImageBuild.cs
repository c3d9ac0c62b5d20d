using Steward.Events;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>One build of a version's image. The same version gives the same digest; each build is kept with what it cost.</summary>
/// <param name="Digest">Of the image that runs.</param>
/// <param name="ModelDigest">Of the image that only holds the model and its card, to be mounted.</param>
/// <param name="Base">What it stands on, in words.</param>
/// <param name="Size">Bytes of everything that a registry keeps for it.</param>
/// <param name="NewBytes">Of them, what had to be packed by this build; 0 when nothing had changed.</param>
/// <param name="Seconds">From the first file read to the last byte kept.</param>
public sealed record ImageBuild(
    string Id, string Project, string Model, int Version, OciDigest Digest, OciDigest ModelDigest, string Base, long Size, long NewBytes,
    IReadOnlyList<ImageLayer> Layers, double Seconds, string By, DateTimeOffset MadeAt)
{
    /// <summary>Whether every layer was packed before.</summary>
    public bool WasCached => Layers.All(layer => layer.Reused);

    public string Name => $"{Project}/{Model}:{Version}";
}

/// <param name="Name">base, runtime, program, environment, model or card.</param>
/// <param name="Reused">It was packed before and is taken as it is.</param>
public sealed record ImageLayer(string Name, OciDigest Digest, long Size, bool Reused);

/// <summary>Something kept beside an image.</summary>
public sealed record ImageReferrer(OciDigest Digest, string ArtifactType, long Size, DateTimeOffset MadeAt);

public sealed record ImageBuilt(string Project, string Model, int Version, string Digest, long Size) : IEvent
{
    public static string Name => "packaging.image_built";
}
