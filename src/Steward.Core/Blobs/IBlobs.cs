namespace Steward.Blobs;

/// <summary>
/// Bytes named by their SHA-256. Write-once: the same bytes are kept once and never change. Kept means synced to the
/// disk, reading verifies, and no value from a client is ever part of a path.
/// </summary>
public interface IBlobs
{
    /// <summary>Keeps the bytes; a stream longer than <paramref name="most"/> bytes is refused with <c>too_large</c> and nothing is left behind.</summary>
    Task<Blob> Put(Stream bytes, long most, CancellationToken stop = default);

    Task<Blob> Put(ReadOnlyMemory<byte> bytes, CancellationToken stop = default);

    /// <summary>Keeps many small pieces with one sync for all of them, in the order given.</summary>
    Task<IReadOnlyList<Blob>> PutMany(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken stop = default);

    /// <summary>The bytes, or null when this store has none by that name. Reading to the end verifies them; damage throws.</summary>
    Task<Stream?> Open(Digest digest, CancellationToken stop = default);

    /// <summary>All bytes at once, verified; <c>blob_not_found</c> when there are none.</summary>
    Task<byte[]> Read(Digest digest, CancellationToken stop = default);

    Task<long?> Size(Digest digest, CancellationToken stop = default);

    /// <summary>Bytes of everything kept.</summary>
    Task<long> Total(CancellationToken stop = default);
}

/// <param name="Digest">The name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsNew">False when the same bytes were kept before and nothing was written.</param>
public sealed record Blob(Digest Digest, long Size, bool IsNew);
