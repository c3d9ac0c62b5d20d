using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Packaging;

/// <summary>A package in one version.</summary>
/// <param name="Version">As its world writes it; null while nobody knows it.</param>
/// <param name="Range">What is asked for, while the version is open.</param>
public sealed record LockedPackage(string Name, World Source, string? Version, string? Range, string? Build, IReadOnlyList<string> Hashes, IReadOnlyList<string> Needs);

public sealed record LockedRuntime(Runtime Runtime, string Version, string Platform, IReadOnlyList<LockedPackage> Packages);

/// <summary><c>steward.lock</c>: exactly what an environment is made of. The digest tells the content and nothing else.</summary>
/// <param name="Inputs">The files it was made from; they tell when the lock is out of date.</param>
public sealed record EnvironmentLock(IReadOnlyList<LockedRuntime> Environments, IReadOnlyList<InputFile> Inputs)
{
    public const string FileName = "steward.lock";

    private static readonly JsonWriterOptions Canonical = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Digest => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Write(Content())));

    /// <summary>Sorted, one form: the same lock is the same bytes.</summary>
    public byte[] Bytes()
    {
        var whole = new JsonObject { ["steward_lock"] = 1, ["digest"] = Digest, ["environments"] = Content(), ["inputs"] = new JsonArray([.. Inputs.OrderBy(input => input.File, StringComparer.Ordinal).Select(input => new JsonObject { ["file"] = input.File, ["digest"] = input.Digest })]) };
        return [.. Write(whole), (byte)'\n'];
    }

    private JsonArray Content() => new([.. Environments.OrderBy(one => one.Runtime).Select(one => new JsonObject
    {
        ["runtime"] = one.Runtime.ToString().ToLowerInvariant(),
        ["version"] = one.Version,
        ["platform"] = one.Platform,
        ["packages"] = new JsonArray([.. one.Packages.OrderBy(package => package.Name, StringComparer.Ordinal).Select(Package)]),
    })]);

    private static JsonObject Package(LockedPackage package)
    {
        var told = new JsonObject { ["name"] = package.Name, ["source"] = package.Source.Word(), ["version"] = package.Version };
        if (package.Build is not null)
            told["build"] = package.Build;
        told["hashes"] = new JsonArray([.. package.Hashes.Order(StringComparer.Ordinal).Select(hash => JsonValue.Create(hash))]);
        told["needs"] = new JsonArray([.. package.Needs.Order(StringComparer.Ordinal).Select(need => JsonValue.Create(need))]);
        return told;
    }

    private static byte[] Write(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Canonical))
            node.WriteTo(writer);
        return stream.ToArray();
    }
}
