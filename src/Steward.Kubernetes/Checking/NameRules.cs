using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Steward.Kubernetes;

/// <summary>How objects, labels and annotations may be called.</summary>
public static partial class NameRules
{
    private const int LongestLabel = 63, LongestSubdomain = 253, MostAnnotations = 256 << 10, HashDigits = 6;

    /// <summary>Kinds whose names become names in DNS, or parts of them.</summary>
    private static readonly HashSet<string> InDns = ["Service", "Namespace"];

    /// <summary>Kinds whose names may hold colons and more.</summary>
    private static readonly HashSet<string> Free = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

    /// <summary>Lower-case letters, digits and dashes, at most 63, no dash at an end.</summary>
    public static bool IsLabel(string name) => name.Length <= LongestLabel && Label().IsMatch(name);

    /// <summary>Labels with dots between them, at most 253 characters.</summary>
    public static bool IsSubdomain(string name) => name.Length <= LongestSubdomain && name.Split('.').All(part => Label().IsMatch(part));

    /// <summary>The value of a label: at most 63 letters, digits, dashes, underscores and dots, none of the last three at an end.</summary>
    public static bool IsLabelValue(string value) => value.Length == 0 || (value.Length <= LongestLabel && Value().IsMatch(value));

    /// <summary>A label for DNS made of any text: the text itself when it is one that begins with a letter; else its letters, and a few digits of its hash, so that two texts never meet.</summary>
    public static string ToLabel(string text, int most = LongestLabel)
    {
        if (text.Length <= most && IsLabel(text) && char.IsAsciiLetter(text[0]))
            return text;
        var kept = Suggested(text);
        kept = char.IsAsciiLetter(kept.FirstOrDefault()) ? kept : "m-" + kept;
        return $"{kept[..Math.Min(kept.Length, most - HashDigits - 1)].TrimEnd('-')}-{Hash(text)}";
    }

    /// <summary>The value of a label made of any text, likewise.</summary>
    public static string ToLabelValue(string text)
    {
        if (IsLabelValue(text))
            return text;
        var kept = Unfit().Replace(text, "-").Trim('-', '.', '_');
        return $"{kept[..Math.Min(kept.Length, LongestLabel - HashDigits - 1)]}-{Hash(text)}".TrimStart('-');
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];

    internal static void Check(ManifestObject one, Report report)
    {
        var metadata = one.Root["metadata"];
        if (!one.IsPatch && one.Kind != "Kustomization" && !metadata["name"].IsThere && !metadata["generateName"].IsThere)
            report.Wrong(metadata["name"], "missing", "The object has no name.", "Write metadata: {name: …}.");
        else if (metadata["name"].Text is { } name && Wrong(one.Kind, name) is { } why)
            report.Wrong(metadata["name"], "name_invalid", $"'{Finding.Shown(name)}' cannot be the name of a {Finding.Shown(one.Kind)}: {why}.", Suggested(name) is { Length: > 0 } better ? $"Take '{better}'." : null);
        if (metadata["namespace"].Text is { } space && !IsLabel(space))
            report.Wrong(metadata["namespace"], "name_invalid", $"'{Finding.Shown(space)}' cannot be the name of a namespace: it is no DNS label.");
        Labels(metadata["labels"], report);
        foreach (var pods in one.Makes.Where(pods => pods.Labels.Path != metadata["labels"].Path))
            Labels(pods.Labels, report);
        foreach (var (key, value) in metadata["annotations"].Entries.Where(pair => KeyWrong(pair.Key) is not null))
            report.Wrong(value, "label_invalid", $"'{Finding.Shown(key)}' cannot be the key of an annotation: {KeyWrong(key)}.");
        if (metadata["annotations"].Pairs.Sum(pair => pair.Key.Length + pair.Value.Length) > MostAnnotations)
            report.Wrong(metadata["annotations"], "too_large", "The annotations of an object hold at most 256 KiB.");
    }

    internal static void Container(Spot container, Report report)
    {
        if (container["name"].Text is { } name && !IsLabel(name))
            report.Wrong(container["name"], "name_invalid", $"'{Finding.Shown(name)}' cannot be the name of a container: it is no DNS label.", Suggested(name) is { Length: > 0 } better ? $"Take '{better}'." : null);
    }

    private static void Labels(Spot labels, Report report)
    {
        foreach (var (key, value) in labels.Entries)
            if (KeyWrong(key) is { } why)
                report.Wrong(value, "label_invalid", $"'{Finding.Shown(key)}' cannot be the key of a label: {why}.");
            else if (value.Text is { } text && !IsLabelValue(text))
                report.Wrong(value, "label_invalid", $"'{Finding.Shown(text)}' cannot be the value of a label.", "At most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends; longer things belong into annotations.");
    }

    private static string? KeyWrong(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
            return "it has more than one '/'";
        if (parts.Length == 2 && !IsSubdomain(parts[0]))
            return "what stands before '/' is no DNS name";
        return parts[^1].Length > 0 && IsLabelValue(parts[^1]) ? null : "it takes letters, digits, '-', '_' and '.', at most 63";
    }

    private static string? Wrong(string kind, string name)
        => Free.Contains(kind) ? (name.Contains('/', StringComparison.Ordinal) || name is "." or ".." ? "it cannot be part of an address" : null)
        : InDns.Contains(kind) ? (IsLabel(name) && (kind != "Service" || char.IsAsciiLetter(name[0])) ? null : "it is no DNS label (lower-case letters, digits and dashes, at most 63, first a letter)")
        : IsSubdomain(name) ? null : "it is no DNS name (lower-case letters, digits, dashes and dots, at most 253)";

    private static string Suggested(string name) => Odd().Replace(name.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Value();

    [GeneratedRegex("[^A-Za-z0-9._-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Unfit();

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Odd();
}
