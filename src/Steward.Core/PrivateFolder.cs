namespace Steward;

/// <summary>Folders that only their owner may enter (0700), where the system knows such a thing.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder, and those it lies in; the full path.</summary>
    /// <param name="group">Rights of the folder's group beside the owner's.</param>
    public static string Make(string path, UnixFileMode group = UnixFileMode.None)
        => (OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly | group)).FullName;
}
