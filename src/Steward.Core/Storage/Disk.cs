using System.Runtime.InteropServices;

namespace Steward.Storage;

/// <summary>Makes written files survive a power cut, and says when there is no room.</summary>
public static partial class Disk
{
    private const int NoSpaceLinux = 28, NoSpaceWindows = 112, QuotaLinux = 122;

    public static bool IsFull(IOException error) => (error.HResult & 0xffff) is NoSpaceLinux or NoSpaceWindows or QuotaLinux
        || error.Message.Contains("No space left", StringComparison.Ordinal);

    /// <summary>Few files are synced one by one; many share one sync of their file system (Linux: syncfs, about 20 ms for 200 files instead of 170).</summary>
    internal static void Sync(IReadOnlyList<string> files, string folder)
    {
        if (files.Count > 8 && SyncFileSystem(folder))
            return;
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
    }

    /// <summary>A renamed file is durable once its folder is synced.</summary>
    internal static void SyncFolders(IReadOnlyList<string> folders, string root)
    {
        if (OperatingSystem.IsWindows() || (folders.Count > 8 && SyncFileSystem(root)))
            return;
        foreach (var folder in folders)
            OnFolder(folder, Fsync);
    }

    private static bool SyncFileSystem(string folder) => OperatingSystem.IsLinux() && OnFolder(folder, SyncFs);

    private static bool OnFolder(string folder, Func<int, int> sync)
    {
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return false;
        try
        {
            return sync(descriptor) == 0;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs")]
    private static partial int SyncFs(int descriptor);
}
