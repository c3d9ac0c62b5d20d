using System.Collections.Concurrent;
using System.Security.Cryptography;
using Steward.Storage;

namespace Steward.Blobs;

/// <summary>Blobs as files of one folder, <c>ab/cdef…</c>. A file appears under its name only when it is whole and synced.</summary>
internal sealed class FileBlobs(string folder) : IShelf
{
    private readonly string _incoming = Directory.CreateDirectory(Path.Combine(folder, "incoming")).FullName;
    private readonly ConcurrentDictionary<Digest, bool> _verified = new();

    public async Task<Blob> Put(Stream bytes, long most, CancellationToken stop)
    {
        var incoming = NewFile();
        try
        {
            var (digest, size) = await Receive(bytes, incoming, most, stop);
            return Keep([new(incoming, digest, size)])[0];
        }
        catch (IOException error) when (Disk.IsFull(error))
        {
            throw Errors.DiskFull();
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    public async Task<Blob> Put(ReadOnlyMemory<byte> bytes, CancellationToken stop) => (await PutMany([bytes], stop))[0];

    public Task<IReadOnlyList<Blob>> PutMany(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken stop) => Task.Run<IReadOnlyList<Blob>>(() =>
    {
        var arrived = new List<Arrival>(pieces.Count);
        try
        {
            foreach (var piece in pieces)
            {
                stop.ThrowIfCancellationRequested();
                var digest = Digest.Of(piece.Span);
                var incoming = NewFile();
                arrived.Add(new(incoming, digest, piece.Length));
                if (!Has(digest))
                    File.WriteAllBytes(incoming, piece.Span);
            }

            return Keep(arrived);
        }
        catch (IOException error) when (Disk.IsFull(error))
        {
            throw Errors.DiskFull();
        }
        finally
        {
            arrived.ForEach(one => File.Delete(one.File));
        }
    }, stop);

    public Task<Stream?> Open(Digest digest, CancellationToken stop)
    {
        return Task.FromResult<Stream?>(Has(digest)
            ? new VerifiedStream(new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan), digest)
            : null);
    }

    public async Task<byte[]> Read(Digest digest, CancellationToken stop)
    {
        if (!Has(digest))
            throw ProblemException.NotFound("blob", digest.Hex);
        var bytes = await File.ReadAllBytesAsync(PathOf(digest), stop);
        return Digest.Of(bytes) == digest ? bytes : throw VerifiedStream.Damaged(digest);
    }

    public Task<long?> Size(Digest digest, CancellationToken stop)
    {
        return Task.FromResult<long?>(Has(digest) ? new FileInfo(PathOf(digest)).Length : null);
    }

    public Task<long> Total(CancellationToken stop) => Task.Run(() => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), stop);

    public async Task<Blob> Take(string file, Func<Digest, long, Task> before, CancellationToken stop)
    {
        var incoming = NewFile();
        try
        {
            var (digest, size) = (await HashOf(file, stop), new FileInfo(file).Length);
            await before(digest, size);
            File.Move(file, incoming);
            var kept = Keep([new(incoming, digest, size)])[0];
            if (kept.IsNew)
                _verified[digest] = true; // what lay there before is verified when it is read
            return kept;
        }
        catch (IOException error) when (Disk.IsFull(error))
        {
            throw Errors.DiskFull();
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    public async Task<string> Local(Digest digest, CancellationToken stop)
    {
        var path = PathOf(digest);
        if (!Has(digest))
            throw ProblemException.NotFound("blob", digest.Hex);
        if (_verified.ContainsKey(digest))
            return path;
        if (await HashOf(path, stop) != digest)
            throw VerifiedStream.Damaged(digest);
        _verified[digest] = true;
        return path;
    }

    public Task Erase(Digest digest, CancellationToken stop)
    {
        _verified.TryRemove(digest, out _);
        if (Has(digest))
            File.Delete(PathOf(digest));
        return Task.CompletedTask;
    }

    private static async Task<Digest> HashOf(string file, CancellationToken stop)
    {
        await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
        return Digest.FromHash(await SHA256.HashDataAsync(bytes, stop));
    }

    private static async Task<(Digest, long)> Receive(Stream bytes, string file, long most, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var buffer = new byte[1 << 16];
        long size = 0;
        while (await bytes.ReadAsync(buffer, stop) is var read and > 0)
        {
            if ((size += read) > most)
                throw new ProblemException(ProblemKind.TooLarge, "too_large", $"More than {most:N0} bytes came; nothing of it was kept.", "Send a smaller file.");
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), stop);
        }

        return (Digest.FromHash(hash.GetHashAndReset()), size);
    }

    /// <summary>Syncs what is new, gives it its name, syncs the names.</summary>
    private List<Blob> Keep(List<Arrival> arrived)
    {
        var fresh = arrived.Where(one => File.Exists(one.File) && !Has(one.Digest)).DistinctBy(one => one.Digest).ToList();
        Disk.Sync(fresh.Select(one => one.File).ToList(), folder);
        var placed = new HashSet<Digest>();
        foreach (var one in fresh)
        {
            var target = PathOf(one.Digest);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(one.File, target, overwrite: true);
            placed.Add(one.Digest);
        }

        Disk.SyncFolders(fresh.Select(one => Path.GetDirectoryName(PathOf(one.Digest))!).Append(folder).Distinct().ToList(), folder);
        return [.. arrived.Select(one => new Blob(one.Digest, one.Size, placed.Remove(one.Digest)))];
    }

    /// <summary>Ours are plain files: a link in their place is not followed, and a blob that comes takes its place.</summary>
    private bool Has(Digest digest)
    {
        var file = new FileInfo(PathOf(digest));
        return file.Exists && file.LinkTarget is null;
    }

    private string NewFile() => Path.Combine(_incoming, Names.NewId());

    private string PathOf(Digest digest) => Path.Combine(folder, digest.Hex[..2], digest.Hex[2..]);

    private readonly record struct Arrival(string File, Digest Digest, long Size);
}
