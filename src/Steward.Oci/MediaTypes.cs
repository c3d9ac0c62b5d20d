namespace Steward.Oci;

/// <summary>The media types of images, after the OCI image specification 1.1, and Docker's for the same things.</summary>
public static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerGzip = Layer + "+gzip";
    public const string LayerZstd = Layer + "+zstd";
    public const string Empty = "application/vnd.oci.empty.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = DockerLayer + ".gzip";

    /// <summary>An SBOM as CycloneDX JSON.</summary>
    public const string CycloneDx = "application/vnd.cyclonedx+json";

    public static bool IsManifest(string? type) => type is Manifest or DockerManifest;

    public static bool IsIndex(string? type) => type is Index or DockerList;

    /// <summary>OCI's word for a layer, whoever named it; null when it is no layer of a root file system.</summary>
    public static string? AsLayer(string type) => type switch
    {
        Layer or DockerLayer => Layer,
        LayerGzip or DockerLayerGzip => LayerGzip,
        LayerZstd => LayerZstd,
        _ => null,
    };
}
