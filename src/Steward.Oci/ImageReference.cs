using System.Text.RegularExpressions;

namespace Steward.Oci;

/// <summary>Where an image is in a registry: <c>host[:port]/name[:tag][@sha256:…]</c>. The host is always said; nothing is guessed.</summary>
public sealed partial record ImageReference(string Host, string Name, string? Tag, OciDigest? Digest)
{
    /// <summary>What is asked of the registry: the digest when there is one, because a tag can move.</summary>
    public string Wanted => Digest?.ToString() ?? Tag ?? "latest";

    public static ImageReference Parse(string? text)
    {
        var match = Whole().Match(text ?? "");
        if (!match.Success || match.Groups["name"].Length > 255)
            throw OciException.Invalid($"'{Shown.Short(text)}' is not the address of an image.", "Write host/name:tag, as in registry.example.com/ml/fruit:1 or 127.0.0.1:5000/fruit:1.");
        return new(match.Groups["host"].Value, match.Groups["name"].Value, Group("tag"), Group("digest") is { } digest ? OciDigest.Parse(digest) : null);

        string? Group(string name) => match.Groups[name] is { Success: true, Value: var value } ? value : null;
    }

    public static bool IsName(string? name) => name is { Length: > 0 and <= 255 } && NameOnly().IsMatch(name);

    public static bool IsTag(string? tag) => tag is not null && TagOnly().IsMatch(tag);

    public override string ToString() => $"{Host}/{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is { } digest ? "@" + digest : "")}";

    private const string NameRule = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*";
    private const string TagRule = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";

    // A first part without a dot, a port or 'localhost' would be a name on somebody's default registry: not guessed.
    private const string HostRule = "localhost(?::[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](?::[0-9]{1,5})?|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+(?::[0-9]{1,5})?|[a-zA-Z0-9-]+:[0-9]{1,5}";

    [GeneratedRegex("^(?<host>" + HostRule + ")/(?<name>" + NameRule + ")(?::(?<tag>" + TagRule + "))?(?:@(?<digest>sha256:[0-9a-f]{64}))?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex("^" + NameRule + "\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameOnly();

    [GeneratedRegex("^" + TagRule + "\\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagOnly();
}
