using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Storage;

namespace Steward.Packaging.Images;

/// <summary>Keeps an approved sign-off beside the images of its version, also when people agree after the image was built.</summary>
internal sealed class SignOffArtifacts(ISignOffs signOffs, IPeople people, IBlobs blobs, ImageStore store, Db db, TimeProvider clock) : IListen<SignOffDecided>
{
    public async Task Hear(SignOffDecided happened, CancellationToken stop)
    {
        if (!happened.Approved)
            return;
        var images = new List<Descriptor>();
        foreach (var digest in await store.DigestsOf(happened.Project, happened.Model, happened.Version, stop))
            if (await store.Blob(happened.Project, OciDigest.Parse(digest), stop) is { } image)
                images.Add(image);
        var kept = await Of(happened.Project, happened.Model, happened.Version, images, stop);
        await db.Write(tx => Keep(tx, happened.Project, kept), stop);
    }

    /// <summary>The artifacts, their bytes kept; none while people have not agreed.</summary>
    public async Task<IReadOnlyList<(OciDigest Subject, Descriptor Manifest, IReadOnlyList<Descriptor> Blobs)>> Of(string project, string model, int version, IReadOnlyList<Descriptor> images, CancellationToken stop)
    {
        if (await signOffs.Last(project, model, version, stop) is not { } last || last.VerdictAt(clock.GetUtcNow()) is not Verdict.Approved)
            return [];
        var proof = await SignOffProof.Of(last, people, clock.GetUtcNow(), stop);
        var all = new List<(OciDigest, Descriptor, IReadOnlyList<Descriptor>)>();
        foreach (var image in images)
        {
            var (manifest, kept) = await ImageArtifacts.Keep(ImageArtifacts.SignOff(image, proof, last.Number), blobs, stop);
            all.Add((image.Digest, manifest, kept));
        }

        return all;
    }

    public async Task Keep(Tx tx, string project, IReadOnlyList<(OciDigest Subject, Descriptor Manifest, IReadOnlyList<Descriptor> Blobs)> artifacts)
    {
        foreach (var (subject, manifest, kept) in artifacts)
        {
            await ImageStore.Keep(tx, project, kept);
            await store.Refer(tx, project, subject, manifest);
        }
    }
}
