using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>A match spec of conda: <c>conda-forge::numpy=1.21=py39*</c>, <c>numpy 1.21.*</c>, <c>numpy[version='&gt;=1.8',build=py39*]</c>.</summary>
/// <param name="Spelled">As conda itself calls it.</param>
internal sealed partial record CondaSpec(string Name, string Spelled, string Range, VersionSet Allowed, string? Build)
{
    public static CondaSpec Parse(string text)
    {
        var rest = text.Trim();
        if (rest.Contains("://", StringComparison.Ordinal) || rest.StartsWith('.') || rest.StartsWith('/'))
            throw new FormatException($"'{Names.Shorten(rest)}' is an address or a path, which says no version that could be compared or locked.");
        var brackets = Brackets().Match(rest);
        var keys = brackets.Success ? Keys().Matches(brackets.Groups["keys"].Value).ToDictionary(key => key.Groups["key"].Value, key => key.Groups["value"].Value.Trim('\'', '"'), StringComparer.Ordinal) : [];
        if (brackets.Success)
            rest = rest[..brackets.Index].Trim();
        rest = rest[(rest.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var channel ? channel + 2 : 0)..];
        if (Form().Match(rest) is not { Success: true } match)
            throw new FormatException($"'{Names.Shorten(text)}' is no match spec; one looks like numpy=1.21 or numpy>=1.21,<2.");
        var (range, build) = Parts(match.Groups["rest"].Value.Trim());
        range = keys.GetValueOrDefault("version", range);
        build = keys.GetValueOrDefault("build", build!);
        if (build is not null && !BuildForm().IsMatch(build))
            throw new FormatException($"'{Names.Shorten(build)}' is no build; one looks like py39h5d0ccc0_1 or py39*.");
        return new(PackageName.Check(World.Conda, match.Groups["name"].Value), match.Groups["name"].Value.ToLowerInvariant(), range, VersionScheme.Conda.Range(range), build);
    }

    /// <summary>The version and the build: <c>=1.21=py39*</c>, <c>1.21 py39*</c>, <c>&gt;=1.8,&lt;2</c>.</summary>
    private static (string Range, string? Build) Parts(string rest)
    {
        if (rest.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var version, var build] && "<>=!~".IndexOf(version[^1], StringComparison.Ordinal) < 0 && char.IsAsciiLetterOrDigit(build[0]))
            return (version, build);
        var tight = rest.Replace(" ", "", StringComparison.Ordinal);
        return Pinned().Match(tight) is { Success: true } pinned ? (pinned.Groups["sign"].Value == "=" ? $"=={pinned.Groups["version"].Value}" : pinned.Groups["sign"].Value + pinned.Groups["version"].Value, pinned.Groups["build"].Value) : (tight, null);
    }

    [GeneratedRegex(@"\[(?<keys>[^\]]*)\]\s*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Brackets();

    [GeneratedRegex("""(?<key>[a-z_]+)\s*=\s*(?<value>'[^']*'|"[^"]*"|[^,'"]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Keys();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_.-]+)(?<rest>(?:\s+[^\s].*|[<>=!~].*)?)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<sign>==?)(?<version>[^=<>!~|,]+)=(?<build>[^=]+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^[A-Za-z0-9_.+*]{1,100}\z", RegexOptions.NonBacktracking)]
    private static partial Regex BuildForm();
}
