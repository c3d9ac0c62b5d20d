namespace Steward.Blobs;

/// <summary>
/// A store of blobs that one room has for itself: it alone knows who needs them, so it may erase them, and engines may
/// read their files in place.
/// </summary>
public interface IShelf : IBlobs
{
    /// <summary>Keeps a finished file by moving it here; it must lie on this machine and nobody may write to it any more.</summary>
    /// <param name="before">Runs once its digest and size are known, before anything is kept.</param>
    Task<Blob> Take(string file, Func<Digest, long, Task> before, CancellationToken stop = default);

    /// <summary>The file with these bytes on this machine, to be read only; verified when this process sees it for the first time. <c>blob_not_found</c>.</summary>
    Task<string> Local(Digest digest, CancellationToken stop = default);

    /// <summary>Erases the bytes for good. The caller holds, in its records, what keeps others from putting the same bytes meanwhile.</summary>
    Task Erase(Digest digest, CancellationToken stop = default);
}
