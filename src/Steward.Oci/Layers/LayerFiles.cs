namespace Steward.Oci;

/// <summary>
/// What goes into a layer. Entries are sorted by the bytes of their path, folders above them are added, everything belongs to
/// root and is as old as 1970: where and when it was packed leaves no trace.
/// </summary>
public sealed class LayerFiles
{
    private readonly SortedDictionary<string, (TarEntry Entry, Func<Stream>? Open)> _all = new(StringComparer.Ordinal);

    public int Count => _all.Count;

    /// <summary>Bytes of all files.</summary>
    public long Bytes => _all.Values.Sum(one => one.Entry.Size);

    /// <summary>The files alone, each with its bytes from their beginning.</summary>
    public IEnumerable<(string Path, Func<Stream> Open)> Files => _all.Where(one => one.Value.Open is not null).Select(one => (one.Key, one.Value.Open!));

    public IEnumerable<TarEntry> Entries => _all.Values.Select(one => one.Entry);

    public LayerFiles Add(string path, ReadOnlyMemory<byte> bytes, bool runs = false)
        => Put(TarEntry.File(Plain(path), bytes.Length, Mode(runs)), () => new MemoryStream(bytes.ToArray(), writable: false));

    public LayerFiles Add(string path, string text) => Add(path, System.Text.Encoding.UTF8.GetBytes(text));

    public LayerFiles Add(string path, long size, Func<Stream> open, bool runs = false) => Put(TarEntry.File(Plain(path), size, Mode(runs)), open);

    /// <summary>A file of this machine; its mode is 0755 when anybody may run it, else 0644.</summary>
    public LayerFiles AddFile(string path, FileInfo file)
    {
        var runs = !OperatingSystem.IsWindows() && (file.UnixFileMode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
        return Add(path, file.Length, () => new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan), runs);
    }

    public LayerFiles Folder(string path, int mode = 0b111_101_101) => Put(TarEntry.Folder(Plain(path), mode), null);

    public LayerFiles Link(string path, string to) => Put(TarEntry.SymbolicLink(Plain(path), to), null);

    /// <summary>A folder of this machine with all below it. Links stay links; devices, pipes and sockets are refused.</summary>
    /// <param name="take">Which files go in, by their path below the folder; all when null.</param>
    public LayerFiles AddTree(string at, DirectoryInfo folder, Func<string, bool>? take = null)
    {
        foreach (var found in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = false, AttributesToSkip = 0 }))
        {
            var path = at.Length == 0 ? found.Name : $"{at}/{found.Name}";
            if (found.LinkTarget is { } to)
                Link(path, to);
            else if (found is DirectoryInfo below)
            {
                Folder(path, OperatingSystem.IsWindows() ? 0b111_101_101 : (int)below.UnixFileMode);
                AddTree(path, below, take);
            }
            else if (take?.Invoke(path) != false)
            {
                if (!OperatingSystem.IsWindows() && (found.Attributes & FileAttributes.Device) != 0)
                    throw OciException.Invalid($"'{Shown.Short(found.FullName)}' is a device, which a layer made here does not hold.");
                AddFile(path, (FileInfo)found);
            }
        }

        return this;
    }

    /// <summary>Writes the archive.</summary>
    internal async Task Write(Stream target, Action<long>? packed, CancellationToken stop)
    {
        var tar = new TarWriter(target);
        foreach (var (entry, open) in WithFolders())
        {
            await using var content = open?.Invoke();
            await tar.Add(entry, content, stop);
            packed?.Invoke(entry.Size);
        }

        await tar.Finish(stop);
    }

    private IEnumerable<(TarEntry, Func<Stream>?)> WithFolders()
    {
        var whole = new SortedDictionary<string, (TarEntry, Func<Stream>?)>(_all, StringComparer.Ordinal);
        foreach (var path in _all.Keys)
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
                if (!whole.TryAdd(path[..slash], (TarEntry.Folder(path[..slash]), null)))
                    if (whole[path[..slash]].Item1.Kind is not TarKind.Folder)
                        throw OciException.Invalid($"'{path[..slash]}' is a file or a link, and '{path}' would lie in it.");
        return whole.Values;
    }

    private LayerFiles Put(TarEntry entry, Func<Stream>? open)
        => _all.TryAdd(entry.Path, (entry, open)) ? this : throw OciException.Invalid($"'{entry.Path}' would be in the layer twice.");

    private static string Plain(string path)
        => path.Length > 0 && path.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && !part.StartsWith(".wh.", StringComparison.Ordinal) && !part.Contains('\0', StringComparison.Ordinal))
            ? path
            : throw OciException.Invalid($"'{Shown.Short(path)}' cannot be a path in a layer.", "Write it from the root, as in app/model.onnx.");

    private static int Mode(bool runs) => runs ? 0b111_101_101 : 0b110_100_100;
}
