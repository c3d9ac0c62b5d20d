namespace Steward.Tracking;

/// <summary>The bytes of registered models, for rooms below the registry, which furnishes this.</summary>
public interface IVersionFiles
{
    /// <summary>What the reference means now; throws <c>model_version_not_found</c>.</summary>
    Task<VersionFile> Get(string project, Reference reference, CancellationToken stop = default);
}

/// <param name="Onnx">Of the blob store.</param>
public sealed record VersionFile(string Model, int Version, Digest Onnx);
