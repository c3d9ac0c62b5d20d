using System.Security.Cryptography;
using Steward.Data.Connections;

namespace Steward.Data.Copying;

/// <summary>Copies one file, a piece at a time, noting each piece that arrived.</summary>
internal sealed class FileCopy(string project, IFileStore source, IFileStore target, CopyJournal journal, Throttle throttle, CopyPatience patience, TimeProvider clock, Func<long, Task> read)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(target.PieceSize);

    /// <param name="Resumed">Bytes that had arrived before.</param>
    public sealed record Outcome(long Bytes, long Resumed, Digest Sha256);

    public async Task<Outcome> Copy(StoredFile file, CopyPath path, CopyRow? known, CancellationToken stop)
    {
        var (row, arrived) = await Earlier(file, path, known, stop);
        var resumed = arrived.Sum(piece => piece.Length);
        await read(resumed);
        try
        {
            await using var reader = new SourceReader(source, file, resumed, throttle, patience, clock);
            using var sha = resumed == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
            using var md5 = resumed == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
            while (await reader.Fill(_buffer, stop) is var length and > 0)
            {
                await read(length);
                var piece = _buffer.AsMemory(0, length);
                sha?.AppendData(piece.Span);
                md5?.AppendData(piece.Span);
                if (file.Length is { } most && reader.Position > most)
                    throw FileStores.Changed(file.Name);
                if (length < _buffer.Length && arrived.Count == 0)
                    return await Small(file, path, piece, sha!, md5!, reader.File, stop);
                row ??= await journal.Begin(project, path, file, await target.Begin(path.TargetFile, stop), stop);
                var at = reader.Position - length;
                var tag = await Sent(() => target.Piece(path.TargetFile, row.Upload!, arrived.Count + 1, at, piece, stop), stop);
                arrived.Add(new(arrived.Count + 1, length, Digest.Of(piece.Span), tag));
                await journal.Arrived(project, row.Id, arrived[^1], stop);
            }

            if (arrived.Count == 0)
                return await Small(file, path, Memory<byte>.Empty, sha!, md5!, reader.File, stop);
            await Unchanged(file, stop);
            var sum = md5?.GetHashAndReset();
            Same(file, reader.File.Md5 ?? file.Md5, sum);
            return await Finish(path, row!, arrived, reader.Position, resumed, sha is null ? null : Digest.FromHash(sha.GetHashAndReset()), sum, stop);
        }
        catch (ProblemException changed) when (changed.Code is "file_changed" or "file_not_found" or "source_short" or "upload_not_found" && row is not null)
        {
            await Drop(row);
            throw;
        }
    }

    /// <summary>The upload that was begun for this version of the file, with the pieces that arrived; what was begun for another version is dropped.</summary>
    private async Task<(CopyRow? Row, List<CopyPiece> Arrived)> Earlier(StoredFile file, CopyPath path, CopyRow? known, CancellationToken stop)
    {
        if (known?.Upload is null)
            return (null, []);
        var pieces = await journal.Pieces(known.Id, stop);
        // All but the last of a file are whole: another size of pieces is of another program.
        var whole = pieces.Select((piece, i) => piece.Number == i + 1 && (piece.Length == _buffer.Length || (i == pieces.Count - 1 && pieces.Sum(one => one.Length) == file.Length))).All(fits => fits);
        if (known.IsOf(file) && whole)
            return (known, pieces);
        await Drop(known);
        return (null, []);
    }

    private async Task Drop(CopyRow row)
    {
        await journal.Forget(row, CancellationToken.None);
        await target.Abandon(row.TargetFile, row.Upload!, CancellationToken.None);
    }

    private async Task<Outcome> Small(StoredFile file, CopyPath path, ReadOnlyMemory<byte> bytes, IncrementalHash sha, IncrementalHash md5, StoredFile opened, CancellationToken stop)
    {
        await Unchanged(file, stop);
        Same(file, opened.Md5 ?? file.Md5, md5.GetHashAndReset());
        var put = await Sent(() => target.Put(path.TargetFile, bytes, stop), stop);
        var digest = Digest.FromHash(sha.GetHashAndReset());
        await journal.Done(await journal.Begin(project, path, file, null, stop), digest, bytes.Length, put.ETag, stop);
        return new(bytes.Length, 0, digest);
    }

    private async Task<Outcome> Finish(CopyPath path, CopyRow row, List<CopyPiece> arrived, long length, long resumed, Digest? sha256, byte[]? md5, CancellationToken stop)
    {
        var put = await target.Finish(path.TargetFile, row.Upload!, [.. arrived.Select(piece => piece.Tag)], length, md5, stop);
        // What came in two goes was never hashed as one: it is read once more, where it lies.
        var digest = sha256 ?? await ReadBack(put, path.TargetFile, arrived, row, stop);
        await journal.Done(row, digest, length, put.ETag, stop);
        return new(length, resumed, digest);
    }

    private async Task<Digest> ReadBack(StoredFile put, string name, List<CopyPiece> arrived, CopyRow row, CancellationToken stop)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var reader = new SourceReader(target, await target.Get(name, stop) is var there && there.Length == put.Length ? there : put, 0, throttle, patience, clock);
        foreach (var piece in arrived)
        {
            var length = await reader.Fill(_buffer.AsMemory(0, (int)piece.Length), stop);
            whole.AppendData(_buffer, 0, length);
            if (Digest.Of(_buffer.AsSpan(0, length)) == piece.Sha256)
                continue;
            await target.Delete(name, CancellationToken.None);
            await journal.Forget(row, CancellationToken.None);
            throw ProblemException.Conflict("copy_damaged", $"'{Names.Shorten(name)}' does not hold at the target what was sent; it was taken away again.", "Copy it again.");
        }

        return Digest.FromHash(whole.GetHashAndReset());
    }

    /// <summary>A file somebody writes to is looked at again at the end: it must still be the one that was read.</summary>
    private async Task Unchanged(StoredFile file, CancellationToken stop)
    {
        if (await source.Stat(file.Name, stop) is not { } now || !now.SameAs(file))
            throw FileStores.Changed(file.Name);
    }

    private static void Same(StoredFile file, string? said, byte[]? sum)
    {
        if (said is not null && sum is not null && said != Convert.ToHexStringLower(sum))
            throw ProblemException.Conflict("source_damaged", $"The bytes of '{Names.Shorten(file.Name)}' are not those its store vouches for (MD5 {said}); nothing of it is shown at the target.", "Copy it again, or look at the source.");
    }

    /// <summary>A target that is cut off is tried again: pieces and small files may be sent twice.</summary>
    private async Task<T> Sent<T>(Func<Task<T>> send, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await send();
            }
            catch (Exception cut) when (Trouble.MayPass(cut) && tries < patience.Tries && !stop.IsCancellationRequested)
            {
                await Task.Delay(patience.After(tries), clock, stop);
            }
    }
}
