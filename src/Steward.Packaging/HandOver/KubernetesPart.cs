using System.Text;
using Steward.Models;
using Steward.Packaging.Kubernetes;

namespace Steward.Packaging.HandOver;

/// <summary>The manifests of a version, put together again as they were asked for the last time; nothing where nobody wrote any.</summary>
internal sealed class KubernetesPart(IManifests manifests, ManifestWork work) : IBundlePart
{
    public async Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop)
    {
        if ((await manifests.All(version.Project, version.Model, stop: stop)).FirstOrDefault(one => one.Version == version.Version) is not { } last)
            return [];
        // By number and by address: an alias, and what this server is called, may be others by now.
        var set = await work.Again(version.Project, last.Order with { Model = version.Name, Form = last.Form, Image = last.Image.Split('@')[0] }, "", stop);
        return [.. set.Files.Select(file => BundleFile.Of($"kubernetes/{file.Key}", Encoding.UTF8.GetBytes(file.Value)))];
    }
}
