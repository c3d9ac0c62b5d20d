using System.Runtime.InteropServices;

namespace Steward.Packaging;

/// <summary>The few calls of the operating system that .NET does not offer. Linux and macOS.</summary>
internal static partial class Unix
{
    private const int ShareLock = 1, WithoutWaiting = 4;

    /// <summary>Puts a link in the place of another in one step: whoever looks sees the old one or the new one.</summary>
    public static void Swap(string from, string to)
    {
        if (Rename(from, to) != 0)
            throw new IOException($"{to} could not be put in its place: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Takes a shared lock that the next program of this process keeps, and the programs that it starts. False when somebody has it alone.</summary>
    public static bool Share(string file) => Open(file, 0) is >= 0 and var handle && Lock(handle, ShareLock | WithoutWaiting) == 0;

    /// <summary>This process becomes another program: same process, same terminal, same signals, its exit code. Returns only when that failed.</summary>
    public static string Become(string program, IEnumerable<string> arguments, IEnumerable<string> environment)
    {
        _ = Execute(program, [program, .. arguments, null], [.. environment, null]);
        return Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Lock(int file, int how);

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string program, string?[] arguments, string?[] environment);
}
