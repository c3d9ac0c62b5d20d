namespace Steward.Data.Connections;

/// <summary>
/// Files of one connection: a folder, a bucket, a container, a web server. The same promises for each: names sorted by
/// their bytes, reading pinned to the version that was looked at, and a file that is written is there whole or not at all.
/// </summary>
public interface IFileStore : IAsyncDisposable
{
    /// <summary>False where files can only be read; writing is refused with <c>connection_read_only</c>.</summary>
    bool Writes { get; }

    /// <summary>Bytes of a piece: all but the last of a file have as many as the largest of these that is needed.</summary>
    int PieceSize { get; }

    /// <summary>Files whose names begin with the prefix and come after <paramref name="after"/>, sorted; fetched page by page.</summary>
    IAsyncEnumerable<StoredFile> List(string prefix = "", string? after = null, CancellationToken stop = default);

    /// <summary>Null when there is no such file.</summary>
    Task<StoredFile?> Stat(string name, CancellationToken stop = default);

    /// <summary>Its bytes from there on. <c>file_not_found</c>, or <c>file_changed</c> when it is not the version that was looked at.</summary>
    Task<FileReading> Open(StoredFile file, long from = 0, long? length = null, CancellationToken stop = default);

    /// <summary>Writes a small file at once.</summary>
    Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop = default);

    /// <summary>False when there was none.</summary>
    Task<bool> Delete(string name, CancellationToken stop = default);

    /// <summary>Begins a file that comes in pieces; nobody sees it before it is finished. The answer names the upload.</summary>
    Task<string> Begin(string name, CancellationToken stop = default);

    /// <summary>Keeps a piece, checked on arrival where the store can; sent again, it replaces the one before. The answer is the store's word for it.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="offset">Of its first byte in the file.</param>
    Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop = default);

    /// <summary>Makes the file of its pieces visible, in place of one with that name.</summary>
    /// <param name="tags">The store's words for the pieces, in order.</param>
    /// <param name="md5">Of the whole, for stores that keep it; null when not known.</param>
    Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5 = null, CancellationToken stop = default);

    /// <summary>Drops what was begun.</summary>
    Task Abandon(string name, string upload, CancellationToken stop = default);
}

/// <param name="Length">Bytes; null where the server does not say.</param>
/// <param name="ETag">The store's word for this version of it.</param>
/// <param name="Md5">Hex, where the store has it.</param>
public sealed record StoredFile(string Name, long? Length, string? ETag, DateTimeOffset? Modified, string? Md5 = null)
{
    /// <summary>Whether the store would say the same of both.</summary>
    public bool SameAs(StoredFile other) => Length == other.Length && ETag == other.ETag && (ETag is not null || Modified == other.Modified);
}

/// <param name="File">As the store describes it now that it is open.</param>
public sealed record FileReading(StoredFile File, Stream Bytes) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Bytes.DisposeAsync();
}

public static class FileStores
{
    public static ProblemException NotFound(string name) => ProblemException.NotFound("file", Names.Shorten(name), "steward connect files shows what is there.");

    public static ProblemException Changed(string name) => ProblemException.Conflict("file_changed", $"'{Names.Shorten(name)}' changed while it was read.", "Try again when nobody writes to it.");

    public static ProblemException ReadOnly(string what) => ProblemException.Conflict("connection_read_only", $"{what} can only be read.", "Write to another connection, or take read_only out of the project file.");

    /// <summary>Writes a stream, a piece at a time; whole or not at all.</summary>
    public static async Task<StoredFile> Put(this IFileStore store, string name, Stream bytes, CancellationToken stop = default)
    {
        var buffer = new byte[store.PieceSize];
        var read = await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        if (read < buffer.Length)
            return await store.Put(name, buffer.AsMemory(0, read), stop);
        var upload = await store.Begin(name, stop);
        try
        {
            var (tags, offset) = (new List<string>(), 0L);
            for (; read > 0; read = await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop))
            {
                tags.Add(await store.Piece(name, upload, tags.Count + 1, offset, buffer.AsMemory(0, read), stop));
                offset += read;
            }

            return await store.Finish(name, upload, tags, offset, null, stop);
        }
        catch
        {
            await store.Abandon(name, upload, CancellationToken.None);
            throw;
        }
    }

    public static async Task<StoredFile> Get(this IFileStore store, string name, CancellationToken stop = default) => await store.Stat(name, stop) ?? throw NotFound(name);
}
