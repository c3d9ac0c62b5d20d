using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Steward.Onnx.Running;

/// <summary>
/// Tells whether an open file is the one plain file at a path: no symbolic link, no second name (hard link).
/// On Linux by <c>statx</c>; elsewhere only symbolic links are seen.
/// </summary>
internal static class FileIdentity
{
    // linux/fcntl.h and linux/stat.h.
    private const int NoFollow = 0x100, EmptyPath = 0x1000, BasicStats = 0x7FF, TypeMask = 0xF000, RegularFile = 0x8000, CurrentFolder = -100;

    /// <exception cref="OnnxRefusedException">It is a link, has a second name, is no plain file, or was swapped.</exception>
    public static void Require(SafeFileHandle open, string path)
    {
        RequirePlain(path);
        if (!OperatingSystem.IsLinux()) return;
        var opened = Status((int)open.DangerousGetHandle(), "", EmptyPath);
        if (opened.Links != 1) throw Linked(path, string.Create(CultureInfo.InvariantCulture, $"has {opened.Links} names (hard links)"));
        if (Status(CurrentFolder, path, NoFollow) != opened) throw Linked(path, "is not the file that was opened");
    }

    /// <summary>Before opening: a pipe or device would block, a link would lead elsewhere.</summary>
    public static void RequirePlain(string path)
    {
        var attributes = File.GetAttributes(path);
        if (attributes.HasFlag(FileAttributes.ReparsePoint)) throw Linked(path, "is a symbolic link");
        // .NET calls a pipe an ordinary file; opening it would wait for a writer forever.
        if (attributes.HasFlag(FileAttributes.Directory)
            || (OperatingSystem.IsLinux() && Status(CurrentFolder, path, NoFollow).Mode != RegularFile)) throw Linked(path, "is not a plain file");
    }

    private static (int Mode, uint Links, ulong Inode, ulong Device) Status(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[256];
        if (Libc.Status(folder, path, flags, BasicStats, status) != 0)
            throw new IOException($"The model file cannot be looked at: {System.Runtime.InteropServices.Marshal.GetLastPInvokeErrorMessage()}");
        return (BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & TypeMask, BinaryPrimitives.ReadUInt32LittleEndian(status[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[32..]), BinaryPrimitives.ReadUInt64LittleEndian(status[136..]));
    }

    private static OnnxRefusedException Linked(string path, string what) =>
        OnnxRefusedException.For(OnnxCodes.LinkedFile, $"The model file '{Path.GetFileName(path)}' {what}; copy it to a file of its own.");
}
