using System.Text.Json;
using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Reads a steward.lock as something that anybody may have written: every name, version and hash is checked again.</summary>
internal static partial class LockReader
{
    private const long MostBytes = 32 << 20;

    public static EnvironmentLock Open(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw ProblemException.NotFound("lock", path, "Write it with: steward env lock");
        if (file.Length > MostBytes)
            throw Wrong(path, $"it has {Say.Bytes(file.Length)}");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.GetProperty("steward_lock").GetInt32() != 1)
                throw Wrong(path, "it is of another version");
            var read = new EnvironmentLock([.. root.GetProperty("environments").EnumerateArray().Select(Environment)],
                [.. root.GetProperty("inputs").EnumerateArray().Select(input => new InputFile(Good(FileForm(), input, "file"), Good(HashForm(), input, "digest")))]);
            return root.GetProperty("digest").GetString() == read.Digest ? read : throw Wrong(path, "its digest is not that of its content: somebody changed it by hand");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Wrong(path, error is FormatException ? error.Message : "it is not the JSON that Steward writes");
        }
    }

    private static LockedRuntime Environment(JsonElement one) => new(Enum.Parse<Runtime>(Word<Runtime>(one, "runtime")), Good(VersionForm(), one, "version"), MarkerWorld.Platforms.FirstOrDefault(known => known == Text(one, "platform")) ?? throw new FormatException("its platform is unknown"),
        [.. one.GetProperty("packages").EnumerateArray().Select(Package)]);

    private static LockedPackage Package(JsonElement one)
    {
        var source = Enum.Parse<World>(Word<World>(one, "source"));
        var name = Text(one, "name");
        PackageName.Check(source, name);
        var version = Good(VersionForm(), one, "version");
        source.Scheme().Version(version);
        return new(name, source, version, null, one.TryGetProperty("build", out _) ? Good(VersionForm(), one, "build") : null,
            [.. one.GetProperty("hashes").EnumerateArray().Select(hash => HashForm().IsMatch(hash.GetString()!) ? hash.GetString()! : throw new FormatException($"'{Names.Shorten(hash.GetString())}' is no hash"))],
            [.. one.GetProperty("needs").EnumerateArray().Select(need => PackageNameForm().IsMatch(need.GetString()!) ? need.GetString()! : throw new FormatException($"'{Names.Shorten(need.GetString())}' is no name of a package"))]);
    }

    private static string Word<T>(JsonElement one, string key) where T : struct, Enum
        => Enum.GetNames<T>().FirstOrDefault(name => JsonNamingPolicy.CamelCase.ConvertName(name).Equals(Text(one, key), StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException($"'{Names.Shorten(Text(one, key))}' is no {key}");

    private static string Good(Regex form, JsonElement one, string key) => form.IsMatch(Text(one, key)) ? Text(one, key) : throw new FormatException($"'{Names.Shorten(Text(one, key))}' is no {key}");

    private static string Text(JsonElement one, string key) => one.GetProperty(key).GetString() ?? throw new FormatException($"a {key} is missing");

    private static ProblemException Wrong(string path, string why) => ProblemException.Invalid("lock_invalid", $"{path} cannot be used: {why}.", "Write it again with: steward env lock");

    [GeneratedRegex(@"^[A-Za-z0-9!+._-]{0,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex VersionForm();

    [GeneratedRegex(@"^[a-z0-9-]{1,20}:[A-Za-z0-9+/=]{1,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex HashForm();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,160}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PackageNameForm();

    [GeneratedRegex(@"^[^\x00-\x1f]{1,500}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FileForm();
}
