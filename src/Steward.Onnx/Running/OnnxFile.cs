using System.Security.Cryptography;
using Steward.Onnx.Running;

namespace Steward.Onnx;

/// <summary>
/// A checked model in a folder of its own (mode 0700, random name; the file is 0400 and has one name), because an engine
/// that gets bytes looks for other files in the working directory, and one that gets a path looks beside it.
/// Disposing removes folder and file.
/// </summary>
public sealed class OnnxFile : IDisposable
{
    private readonly string _folder;

    private OnnxFile(string folder, string path, OnnxDescription description, string digest) =>
        (_folder, Path, Description, Digest) = (folder, path, description, digest);

    public string Path { get; }

    public OnnxDescription Description { get; }

    /// <summary>SHA-256 of the file in lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Checks a model and keeps a private copy.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="parent">Where the private folder is made; the system's temporary folder when null.</param>
    /// <param name="limits">What the check lets through.</param>
    /// <exception cref="OnnxRefusedException">The check found something.</exception>
    public static OnnxFile Keep(ReadOnlySpan<byte> model, string? parent = null, OnnxLimits? limits = null)
    {
        var description = OnnxCheck.Require(model, limits);
        var folder = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), "onnx-" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        CreatePrivate(folder);
        var path = System.IO.Path.Combine(folder, "model.onnx");
        try
        {
            using var file = new FileStream(path, Written);
            file.Write(model);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        return new(folder, path, description, Convert.ToHexStringLower(SHA256.HashData(model)));
    }

    /// <summary>Reads a file, checks it and keeps a private copy; what happens to the original afterwards does not matter.</summary>
    /// <exception cref="OnnxRefusedException">It is a symbolic link, has a second name (hard link), is too large, or the check found something.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OnnxFile Take(string path, string? parent = null, OnnxLimits? limits = null)
    {
        FileIdentity.RequirePlain(path);
        using var open = File.OpenHandle(path);
        FileIdentity.Require(open, path);
        var length = RandomAccess.GetLength(open);
        var most = (limits ?? new()).MaxFileBytes;
        if (length > most) throw OnnxRefusedException.For(OnnxCodes.TooLarge, $"The model has {length} bytes; the limit is {most}.");
        using var stream = new FileStream(open, FileAccess.Read);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Keep(bytes, parent, limits);
    }

    /// <summary>Looks once more, just before an engine opens the file, that nobody linked it elsewhere.</summary>
    internal void RequireUntouched()
    {
        using var open = File.OpenHandle(Path);
        FileIdentity.Require(open, Path);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions Written
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead;
            return options;
        }
    }
}
