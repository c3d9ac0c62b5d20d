using System.Runtime.InteropServices;

namespace Steward.Work;

/// <summary>The few calls of the operating system that .NET does not offer. Linux and macOS.</summary>
internal static partial class Posix
{
    public const int Interrupt = 2, Abort = 6, Kill = 9, Segment = 11, Terminate = 15;
    private const int LimitData = 2, LimitCore = 4; // Linux

    /// <summary>False when there is no such process, or it is not ours. A negative id is a process group.</summary>
    public static bool Signal(int process, int signal) => Send(process, signal) == 0;

    /// <summary>No core files, which hold what the process knew, and no more private memory than this; a process can only lower them further.</summary>
    public static void Limit(int process, long memory)
    {
        var none = new Bounds(0, 0);
        _ = SetLimit(process, LimitCore, none, 0);
        var data = new Bounds((ulong)memory, (ulong)memory);
        _ = SetLimit(process, LimitData, data, 0);
    }

    /// <summary>Up to <paramref name="into"/> bytes of a small file of /proc; -1 when it cannot be read. Most cannot, so nothing is thrown.</summary>
    public static int ReadFile(string path, Span<byte> into)
    {
        var file = Open(path, 0x80000 /* close on exec */);
        if (file < 0)
            return -1;
        try
        {
            var filled = 0;
            while (filled < into.Length && Read(file, ref into[filled], into.Length - filled) is var read && read != 0)
            {
                if (read < 0)
                    return -1;
                filled += (int)read;
            }

            return filled;
        }
        finally
        {
            _ = Close(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);

    /// <summary>The session of a process, 0 for our own; -1 when there is no such process.</summary>
    [LibraryImport("libc", EntryPoint = "getsid")]
    public static partial int Session(int process);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int SetLimit(int process, int resource, in Bounds limit, nint before);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, ref byte into, nint most);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Bounds(ulong now, ulong most)
    {
        public readonly ulong Now = now, Most = most;
    }
}
