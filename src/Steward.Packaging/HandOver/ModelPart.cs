using Steward.Blobs;
using Steward.Models;
using Steward.Oci;
using Steward.Packaging.Images;
using Steward.Projects;

namespace Steward.Packaging.HandOver;

/// <summary>The model as its image carries it: <c>model/</c>, <c>card/</c>, and <c>environment/</c> when there is a lock.</summary>
internal sealed class ModelPart(IBlobs blobs, IProjects projects) : IBundlePart
{
    public async Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop)
    {
        var layers = new[] { await ModelCard.Model(version, (await projects.Get(version.Project, stop)).File.Get<PackageSection>("package").Image.Name ?? version.Model, blobs, stop), await ModelCard.Card(version, blobs, stop), await ModelCard.Locked(version, blobs, stop) };
        return [.. layers.OfType<LayerFiles>().SelectMany(layer => layer.Files).Select(file => new BundleFile(file.Path, _ => Task.FromResult(file.Open())))];
    }
}

/// <summary>The image by its digest, and what it is made of; with <see cref="BundleWish.Image"/> as a whole OCI layout with what is kept beside it.</summary>
internal sealed class ImagePart(ImageStore store, IBlobs blobs) : IBundlePart
{
    private const string Folder = "image";

    public async Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop)
    {
        if (await store.Newest(version.Project, version.Model, version.Version, stop) is not { } build)
            return wish.Image ? throw ProblemException.NotFound("image", version.Name, $"Build it: steward image build {version.Name}") : [];
        var files = new List<BundleFile> { BundleFile.Of($"{Folder}/image.json", System.Text.Encoding.UTF8.GetBytes(Json.Write(new { build.Name, build.Digest, build.ModelDigest, build.Size, build.Base }) + "\n")) };
        var image = (await store.Blob(version.Project, build.Digest, stop))!;
        List<Descriptor> manifests = [image with { Annotations = new(StringComparer.Ordinal) { ["org.opencontainers.image.ref.name"] = $"{version.Version}" } }, .. (await store.Referrers(version.Project, build.Digest, stop)).Select(one => new Descriptor(MediaTypes.Manifest, one.Digest, one.Size) { ArtifactType = one.ArtifactType })];
        var all = new Dictionary<OciDigest, Descriptor>();
        foreach (var manifest in manifests)
        {
            var read = Manifest.Read(await blobs.Read(Digest.Parse(manifest.Digest.Hex), stop));
            foreach (var blob in read.Blobs.Append(manifest))
                all.TryAdd(blob.Digest, blob);
            if (manifest.ArtifactType == MediaTypes.CycloneDx)
                files.Add(Blob($"{Folder}/sbom.cdx.json", read.Layers[0].Digest));
        }

        if (!wish.Image)
            return files;
        files.Add(BundleFile.Of($"{Folder}/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray()));
        files.Add(BundleFile.Of($"{Folder}/index.json", new Oci.Index(manifests).Bytes()));
        files.AddRange(all.Keys.Select(digest => Blob($"{Folder}/blobs/sha256/{digest.Hex}", digest)));
        return files;
    }

    private BundleFile Blob(string path, OciDigest digest)
        => new(path, async stop => await blobs.Open(Digest.Parse(digest.Hex), stop) ?? throw new InvalidOperationException($"The blob store lost {digest}."));
}
