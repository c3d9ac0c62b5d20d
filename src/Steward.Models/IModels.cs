using Steward.Identity;

namespace Steward.Models;

/// <summary>Registered models and their versions.</summary>
public interface IModels
{
    /// <summary>
    /// Makes the run's model the next version and checks its gates. The same run, or the same study, again gives the
    /// version it has. <c>onnx_invalid</c> when the bytes are no model.
    /// </summary>
    Task<ModelVersion> Register(Who who, NewVersion version, CancellationToken stop = default);

    /// <summary>Runs the gates of the project file again and keeps the results.</summary>
    Task<ModelVersion> Check(Who who, string project, string model, int version, CancellationToken stop = default);

    Task<ModelVersion?> Find(string project, Reference reference, CancellationToken stop = default);

    /// <summary>Throws <c>model_version_not_found</c>.</summary>
    Task<ModelVersion> Get(string project, Reference reference, CancellationToken stop = default);

    Task<List<RegisteredModel>> All(string project, CancellationToken stop = default);

    /// <summary>Newest first.</summary>
    Task<List<ModelVersion>> Versions(string project, string model, CancellationToken stop = default);
}
