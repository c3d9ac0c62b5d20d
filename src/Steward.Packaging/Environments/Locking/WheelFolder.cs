using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Steward.Packaging;

/// <summary>Reads a folder of wheels as an index: each says what it is and needs, and its bytes give the hash. <c>pip download</c> fills one.</summary>
internal static class WheelFolder
{
    private const int MostWheels = 20_000, MostMetadata = 4 << 20;

    public static PackageIndex Read(string folder)
    {
        var index = new PackageIndex();
        var wheels = Directory.GetFiles(folder, "*.whl").Order(StringComparer.Ordinal).ToList();
        if (wheels.Count is 0 or > MostWheels)
            throw ProblemException.Invalid("index_invalid", wheels.Count == 0 ? $"There are no wheels in {folder}." : $"There are more than {MostWheels:N0} wheels in {folder}.", "Fill it with: pip download --dest FOLDER --requirement requirements.txt");
        foreach (var wheel in wheels)
            Add(index, wheel);
        return index;
    }

    private static void Add(PackageIndex index, string wheel)
    {
        try
        {
            var told = Headers(wheel);
            var (name, text) = (PackageName.Check(World.Pip, told["name"].Single()), told["version"].Single());
            var version = VersionScheme.Pep440.Version(text);
            using var bytes = File.OpenRead(wheel);
            var hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
            var same = index.Of(World.Pip, name).FirstOrDefault(other => other.Version == version);
            index.Add(World.Pip, name, new(World.Pip, version, text, [.. told["requires-dist"]])
            {
                Interpreter = told["requires-python"].FirstOrDefault(),
                Hashes = [.. (same?.Hashes ?? []).Append(hash).Distinct().Order(StringComparer.Ordinal)],
            });
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw ProblemException.Invalid("index_invalid", $"{wheel} is no wheel that can be read.", "Take it out of the folder, or fetch it again.");
        }
    }

    /// <summary>The headers of <c>NAME.dist-info/METADATA</c>, by name; what the description holds is none.</summary>
    private static ILookup<string, string> Headers(string wheel)
    {
        using var archive = ZipFile.OpenRead(wheel);
        var entry = archive.Entries.Single(entry => entry.FullName.EndsWith(".dist-info/METADATA", StringComparison.Ordinal) && entry.FullName.Count(c => c == '/') == 1);
        using var stream = entry.Open();
        var buffer = new byte[MostMetadata];
        var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (count == buffer.Length)
            throw new InvalidDataException();
        return Encoding.UTF8.GetString(buffer, 0, count).ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n').Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2 && pair[0].Length > 0 && !char.IsWhiteSpace(pair[0][0])).ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim());
    }
}
