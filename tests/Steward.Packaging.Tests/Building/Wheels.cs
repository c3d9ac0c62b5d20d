using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Steward.Packaging.Tests.Building;

/// <summary>Real wheels, made here: a module that says its version.</summary>
internal static class Wheels
{
    /// <summary>Adds a wheel to the folder <c>wheels</c>.</summary>
    public static void Add(string folder, string name, string version, string more = "")
    {
        var info = $"{name}-{version}.dist-info";
        var files = new List<(string Path, string Text)>
        {
            ($"{name}.py", $"VERSION = '{version}'\n{more}"),
            ($"{info}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
            ($"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        };
        files.Add(($"{info}/RECORD", string.Concat(files.Select(file => $"{file.Path},sha256={Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))).TrimEnd('=').Replace('+', '-').Replace('/', '_')},{file.Text.Length}\n")) + $"{info}/RECORD,,\n"));
        Directory.CreateDirectory(Path.Combine(folder, "wheels"));
        var path = Path.Combine(folder, "wheels", $"{name}-{version}-py3-none-any.whl");
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (at, text) in files)
            using (var writer = new StreamWriter(zip.CreateEntry(at).Open()))
                writer.Write(text);
    }
}
