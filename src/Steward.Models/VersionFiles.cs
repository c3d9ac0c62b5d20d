using Steward.Tracking;

namespace Steward.Models;

internal sealed class VersionFiles(IModels models) : IVersionFiles
{
    public async Task<VersionFile> Get(string project, Reference reference, CancellationToken stop)
    {
        var found = await models.Get(project, reference, stop);
        return new(found.Model, found.Version, found.Onnx);
    }
}
