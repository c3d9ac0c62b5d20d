namespace Steward.Storage;

/// <summary>The folder that holds everything of one server: 0700, and held by one process at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Makes the folder when it is new and takes it; <c>data_in_use</c> when another process has it.</summary>
    public static DataFolder Take(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                foreach (var folder in (string[])[path, System.IO.Path.Combine(path, "keys")])
                {
                    Directory.CreateDirectory(folder, OwnerOnly);
                    File.SetUnixFileMode(folder, OwnerOnly); // a folder that was there before may be open to others
                }

            // FileShare.None is an advisory lock (flock) that the kernel lets go when the process ends, however it ends.
            return new(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw ProblemException.Invalid("data_unwritable", $"The data folder '{path}' cannot be written by this user.", "Choose another with --data FOLDER.");
        }
        catch (IOException error) when (Disk.IsFull(error))
        {
            throw Errors.DiskFull();
        }
        catch (IOException) when (Directory.Exists(path))
        {
            throw ProblemException.Conflict("data_in_use", $"Another Steward already works on the data folder '{path}'.", "Use that one (steward status), stop it (steward down), or choose another folder with --data.");
        }
        catch (IOException error)
        {
            throw ProblemException.Invalid("data_unusable", $"The data folder '{path}' cannot be used: {error.Message}", "Choose another with --data FOLDER.");
        }
    }

    public void Dispose() => _lock.Dispose();
}
