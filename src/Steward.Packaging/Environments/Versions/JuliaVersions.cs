namespace Steward.Packaging;

/// <summary>The section [compat] of a Julia project: caret by default, tilde, comparisons, <c>1.2 - 3</c>; a comma is "or".</summary>
internal sealed class JuliaVersions : VersionScheme
{
    private const string Example = "1.2.3";

    public override Release Version(string text) => Read(text);

    public override VersionSet Range(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim() == "*")
            return VersionSet.Any;
        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Clause).Aggregate(VersionSet.None, (some, one) => some.Union(one));
    }

    public override string Exactly(string version) => $"={version}";

    private static VersionSet Clause(string text)
    {
        if (text.Split(" - ", StringSplitOptions.TrimEntries) is [var low, var high])
            return VersionSet.Between(Cut.Before(Read(low)), Cut.Before(Next(Read(high), Read(high).Numbers.Count - 1)));
        var (sign, rest) = Split(text.Replace('≥', '>').Replace('≤', '<') is var plain && text.Contains('≥', StringComparison.Ordinal) ? plain.Replace(">", ">=", StringComparison.Ordinal) : text.Replace("≤", "<=", StringComparison.Ordinal));
        var version = Read(rest);
        var zeros = version.Numbers.TakeWhile(number => number == 0).Count();
        return sign switch
        {
            "" or "^" => VersionSet.Between(Cut.Before(version), Cut.Before(Next(version, Math.Min(zeros, version.Numbers.Count - 1)))),
            "~" => VersionSet.Between(Cut.Before(version), Cut.Before(Next(version, version.Numbers.Count == 1 ? 0 : zeros == 2 && version.Numbers.Count == 3 ? 2 : 1))),
            "=" or "==" => VersionSet.Only(version),
            ">=" => VersionSet.From(version),
            "<=" => VersionSet.Between(Cut.BelowAll, Cut.After(version)),
            ">" => VersionSet.Between(Cut.After(version), Cut.AboveAll),
            "<" => VersionSet.Below(SemVersion.Lowest([.. version.Numbers])),
            _ => throw new FormatException($"'{sign}' is no operator; there are ^ ~ = < <= > >=."),
        };
    }

    /// <summary>Below the first version in which the number at this place is one higher.</summary>
    private static SemVersion Next(SemVersion version, int place) => SemVersion.Lowest([.. version.Numbers.Take(place), version.Numbers[place] + 1]);

    private static SemVersion Read(string text) => SemVersion.Read(text, Example) is { Numbers.Count: <= 3 } version ? version : throw NoVersion(text, Example);
}
