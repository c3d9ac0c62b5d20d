using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>A requirement as PEP 508 writes it: <c>requests[security,socks] &gt;=2.8.1,&lt;3 ; python_version &lt; "3"</c>.</summary>
internal sealed partial record PipRequirement(string Name, IReadOnlyList<string> Extras, string Range, VersionSet Allowed, Marker? When)
{
    public static PipRequirement Parse(string text)
    {
        var at = text.IndexOf(';', StringComparison.Ordinal);
        var when = at < 0 ? null : Marker.Parse(text[(at + 1)..]);
        var rest = (at < 0 ? text : text[..at]).Trim();
        if (Form().Match(rest) is not { Success: true } match)
            throw new FormatException($"'{Names.Shorten(rest)}' is no requirement; one looks like numpy>=1.21,<2.");
        if (match.Groups["url"].Success)
            throw new FormatException($"'{Names.Shorten(match.Groups["name"].Value)}' is asked for by an address, which says no version that could be compared or locked.");
        var range = Tight(match.Groups["range"].Value.Trim('(', ')', ' '));
        return new(PackageName.Check(World.Pip, match.Groups["name"].Value),
            [.. match.Groups["extras"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(extra => PackageName.Check(World.Pip, extra)).Order(StringComparer.Ordinal)],
            range, VersionScheme.Pep440.Range(range), when);
    }

    private static string Tight(string range) => string.Join(',', range.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(clause => clause.Replace(" ", "", StringComparison.Ordinal)));

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9._-]+)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?:(?<url>@.*)|(?<range>\(?\s*[<>=!~].*))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
