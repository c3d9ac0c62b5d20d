namespace Steward.Packaging;

/// <summary>What a conda range allows, in the order of Python's versions: for packages that pip and conda both ask for.</summary>
internal static class CondaInPython
{
    /// <summary>Null when conda's words have no meaning there (<c>1.1.1k</c>).</summary>
    public static VersionSet? Range(string range)
    {
        try
        {
            return string.IsNullOrWhiteSpace(range) || range.Trim() == "*"
                ? VersionSet.Any
                : range.Split('|', StringSplitOptions.TrimEntries).Select(way => VersionScheme.Pep440.Range(string.Join(',', way.Split(',', StringSplitOptions.TrimEntries).Where(clause => clause != "*").Select(Clause)))).Aggregate(VersionSet.None, (some, one) => some.Union(one));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Clause(string text)
    {
        var at = text.TakeWhile(c => "<>=!~".Contains(c, StringComparison.Ordinal)).Count();
        var (sign, version) = (text[..at], text[at..].Trim());
        var plain = version.TrimEnd('*').TrimEnd('.');
        return sign switch
        {
            "=" => $"=={plain}.*",
            "" or "==" => version.EndsWith('*') ? $"=={plain}.*" : $"=={plain}",
            "!=" => version.EndsWith('*') ? $"!={plain}.*" : $"!={plain}",
            _ => sign + plain,
        };
    }
}
