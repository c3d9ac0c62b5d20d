using Steward.Blobs;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>The bytes of one project's images, in the blob store. What another project keeps is not there, whatever its digest.</summary>
internal sealed class ImageBlobs(string project, ImageStore store, IBlobs blobs) : IImageSource
{
    public Task<Descriptor> Resolve(string? reference, CancellationToken stop) => throw new NotSupportedException("Images of a project are found by model and version.");

    public async Task<Stream> Open(Descriptor blob, CancellationToken stop)
        => await store.Blob(project, blob.Digest, stop) is not null && await blobs.Open(Digest.Parse(blob.Digest.Hex), stop) is { } stream
            ? stream
            : throw ProblemException.NotFound("image blob", blob.Digest.ToString(), "Send the base again: steward image build … --base");

    public Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop) => Task.FromResult<IReadOnlyList<Descriptor>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
