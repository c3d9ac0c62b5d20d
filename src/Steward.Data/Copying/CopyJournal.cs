using Steward.Data.Connections;
using Steward.Storage;

namespace Steward.Data.Copying;

/// <summary>All SQL about what copies did: which version of a file lies at its target, and which pieces of one under way have arrived.</summary>
internal sealed class CopyJournal(Db db, TimeProvider clock)
{
    private const string Columns = "id, source_file, target_file, length, etag, modified, upload, sha256, target_etag";

    /// <summary>What is known of a file and its target; null when it was never copied there.</summary>
    public Task<CopyRow?> Find(string project, CopyPath path, CancellationToken stop) => db.One<CopyRow>($"""
        SELECT {Columns}
          FROM copy_file
         WHERE project = @project AND source = @Source AND source_file = @SourceFile AND target = @Target AND target_file = @TargetFile
        """, new { project, path.Source, path.SourceFile, path.Target, path.TargetFile }, stop);

    public Task<List<CopyPiece>> Pieces(string file, CancellationToken stop)
        => db.All<CopyPiece>("SELECT number, length, sha256, tag FROM copy_piece WHERE file = @file ORDER BY number", new { file }, stop);

    /// <summary>Notes an upload that begins; what was known of the file before is forgotten.</summary>
    public async Task<CopyRow> Begin(string project, CopyPath path, StoredFile file, string? upload, CancellationToken stop)
    {
        var row = new CopyRow(Names.NewId(), path.SourceFile, path.TargetFile, file.Length, file.ETag, file.Modified, upload, null, null);
        await db.Write(async tx =>
        {
            await tx.Run("DELETE FROM copy_file WHERE project = @project AND source = @Source AND source_file = @SourceFile AND target = @Target AND target_file = @TargetFile", new { project, path.Source, path.SourceFile, path.Target, path.TargetFile });
            await tx.Run("""
                INSERT INTO copy_file (id, project, source, source_file, target, target_file, length, etag, modified, upload, changed_at)
                VALUES (@Id, @project, @Source, @SourceFile, @Target, @TargetFile, @Length, @ETag, @Modified, @Upload, @now)
                """, new { row.Id, project, path.Source, path.SourceFile, path.Target, path.TargetFile, row.Length, row.ETag, row.Modified, row.Upload, now = clock.GetUtcNow() });
        }, stop);
        return row;
    }

    public Task Arrived(string project, string file, CopyPiece piece, CancellationToken stop) => db.Run("""
        INSERT INTO copy_piece (file, number, project, length, sha256, tag)
        VALUES (@file, @Number, @project, @Length, @Sha256, @Tag)
        ON CONFLICT (file, number) DO UPDATE SET length = excluded.length, sha256 = excluded.sha256, tag = excluded.tag
        """, new { file, piece.Number, project, piece.Length, piece.Sha256, piece.Tag }, stop);

    /// <summary>The file lies at its target: its pieces are no longer needed.</summary>
    public Task Done(CopyRow row, Digest sha256, long length, string? targetTag, CancellationToken stop) => db.Write(async tx =>
    {
        await tx.Run("UPDATE copy_file SET upload = NULL, sha256 = @sha256, length = @length, target_etag = @targetTag, changed_at = @now WHERE id = @Id", new { row.Id, sha256, length, targetTag, now = clock.GetUtcNow() });
        await tx.Run("DELETE FROM copy_piece WHERE file = @Id", new { row.Id });
    }, stop);

    public Task Forget(CopyRow row, CancellationToken stop) => db.Run("DELETE FROM copy_file WHERE id = @Id", new { row.Id }, stop);
}

/// <summary>A file of a connection and where it goes.</summary>
internal sealed record CopyPath(string Source, string SourceFile, string Target, string TargetFile);

/// <param name="Upload">While it is under way: the target's word for it.</param>
/// <param name="Sha256">Once it lies at the target.</param>
/// <param name="TargetEtag">The target's word for what lies there.</param>
internal sealed record CopyRow(string Id, string SourceFile, string TargetFile, long? Length, string? Etag, DateTimeOffset? Modified, string? Upload, Digest? Sha256, string? TargetEtag)
{
    public string? ETag => Etag;

    /// <summary>Whether the source has the version that this row is about. Times are kept to the microsecond.</summary>
    public bool IsOf(StoredFile file) => Length == file.Length && Etag == file.ETag && (Etag is not null || (Modified is not null && Modified?.ToMicroseconds() == file.Modified?.ToMicroseconds()));
}

internal sealed record CopyPiece(int Number, long Length, Digest Sha256, string Tag);
