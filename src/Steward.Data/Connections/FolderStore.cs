using System.Runtime.CompilerServices;

namespace Steward.Data.Connections;

/// <summary>Files of a folder of the server. What is not whole yet lies in <c>.steward</c> beside them, on the same disk, and is renamed into place.</summary>
internal sealed class FolderStore(FolderRoot root, bool readOnly) : IFileStore
{
    public bool Writes => !readOnly;

    public int PieceSize => 8 << 20;

    public async IAsyncEnumerable<StoredFile> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        foreach (var file in Below(new DirectoryInfo(root.Path), "", prefix, after, stop))
            yield return file;
    }

    public Task<StoredFile?> Stat(string name, CancellationToken stop)
    {
        var file = new FileInfo(root.At(name));
        return Task.FromResult(file.Exists ? Of(name, file) : null);
    }

    public Task<FileReading> Open(StoredFile file, long from, long? length, CancellationToken stop)
    {
        var stream = root.Open(file.Name) ?? throw FileStores.NotFound(file.Name);
        var now = Of(file.Name, stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle));
        if (!now.SameAs(file))
        {
            stream.Dispose();
            throw FileStores.Changed(file.Name);
        }

        stream.Position = from;
        return Task.FromResult(new FileReading(now, length is { } most ? new Part(stream, most) : stream));
    }

    public async Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var upload = await Begin(name, stop);
        try
        {
            await Piece(name, upload, 1, 0, bytes, stop);
            return await Finish(name, upload, [""], bytes.Length, null, stop);
        }
        finally
        {
            File.Delete(Draft(upload)); // nothing is there once it is finished
        }
    }

    public Task<bool> Delete(string name, CancellationToken stop)
    {
        Demand();
        var path = root.At(name);
        var there = File.Exists(path);
        if (there)
            File.Delete(path);
        return Task.FromResult(there);
    }

    public Task<string> Begin(string name, CancellationToken stop)
    {
        Demand();
        FileNames.Check(name);
        var upload = Names.NewId();
        var workshop = Directory.CreateDirectory(Path.Combine(root.Path, FileNames.Workshop));
        if (workshop.LinkTarget is not null)
            throw ProblemException.Conflict("folder_refused", $"'{FileNames.Workshop}' in this folder is a link; links are not followed.", "Remove the link.");
        using var made = new FileStream(Draft(upload), FileMode.CreateNew, FileAccess.Write);
        return Task.FromResult(upload);
    }

    public async Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        using var file = OpenDraft(upload);
        await RandomAccess.WriteAsync(file, bytes, offset, stop);
        return "";
    }

    public Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5, CancellationToken stop)
    {
        using (var file = OpenDraft(upload))
        {
            if (RandomAccess.GetLength(file) != length)
                RandomAccess.SetLength(file, length);
            RandomAccess.FlushToDisk(file);
        }

        var path = root.Prepare(name);
        if (Directory.Exists(path))
            throw ProblemException.Conflict("file_is_folder", $"'{Names.Shorten(name)}' is a folder there.", "Choose another name for the file.");
        File.Move(Draft(upload), path, overwrite: true);
        return Task.FromResult(Of(name, new FileInfo(path)));
    }

    public Task Abandon(string name, string upload, CancellationToken stop)
    {
        File.Delete(Draft(upload));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoredFile Of(string name, FileInfo file) => Of(name, file.Length, file.LastWriteTimeUtc);

    private static StoredFile Of(string name, long length, DateTime modified) => new(name, length, $"\"{length:x}-{modified.Ticks:x}\"", new DateTimeOffset(modified, TimeSpan.Zero));

    /// <summary>A folder sorts as its name with a slash behind it: that is where the names below it belong.</summary>
    private static IEnumerable<StoredFile> Below(DirectoryInfo folder, string at, string prefix, string? after, CancellationToken stop)
    {
        var entries = folder.EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(entry => (Name: at + entry.Name + (entry is DirectoryInfo ? "/" : ""), Entry: entry))
            .Where(one => one.Name != FileNames.Workshop + "/" && (one.Entry is DirectoryInfo ? MayHold(one.Name, prefix, after) : one.Name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || FileNames.Compare(one.Name, after) > 0)))
            .ToList();
        entries.Sort((a, b) => FileNames.Compare(a.Name, b.Name));
        foreach (var (name, entry) in entries)
        {
            stop.ThrowIfCancellationRequested();
            if (entry is DirectoryInfo deeper)
                foreach (var file in Below(deeper, name, prefix, after, stop))
                    yield return file;
            else if (entry is FileInfo { Exists: true } file) // it may be gone meanwhile
                yield return Of(name, file);
        }
    }

    private static bool MayHold(string folder, string prefix, string? after)
        => (folder.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(folder, StringComparison.Ordinal))
            && (after is null || after.StartsWith(folder, StringComparison.Ordinal) || FileNames.Compare(folder, after) > 0);

    private Microsoft.Win32.SafeHandles.SafeFileHandle OpenDraft(string upload)
    {
        Demand();
        try
        {
            return File.OpenHandle(Draft(upload), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, FileOptions.Asynchronous);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Uploads.Lost();
        }
    }

    /// <summary>Uploads are named by us, and what comes back as such is checked.</summary>
    private string Draft(string upload) => upload.Length == 32 && upload.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(root.Path, FileNames.Workshop, upload + ".part")
        : throw Uploads.Lost();

    private void Demand()
    {
        if (readOnly)
            throw FileStores.ReadOnly("This folder");
    }
}

internal static class Uploads
{
    public static ProblemException Lost() => ProblemException.NotFound("upload", "of this file", "It was dropped meanwhile: begin again.");
}
