namespace Steward.Packaging;

/// <summary>What the version part of a conda match spec allows: <c>1.21</c>, <c>1.21.*</c>, <c>=1.21</c>, <c>&gt;=1.8,&lt;2</c>, <c>1.8|1.9*</c>.</summary>
internal sealed class CondaVersions : VersionScheme
{
    public override Release Version(string text) => CondaVersion.Read(text);

    /// <summary>A comma is "and" and binds tighter than the bar, which is "or".</summary>
    public override VersionSet Range(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim() == "*")
            return VersionSet.Any;
        var some = VersionSet.None;
        foreach (var way in text.Split('|', StringSplitOptions.TrimEntries))
            some = some.Union(way.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Clause).Aggregate(VersionSet.Any, (all, one) => all.Intersect(one)));
        return some;
    }

    public override string Exactly(string version) => $"=={version}";

    private static VersionSet Clause(string text)
    {
        if (text == "*")
            return VersionSet.Any;
        var (sign, rest) = Split(text);
        var star = rest.EndsWith('*');
        if (rest.TrimEnd('*').Contains('*', StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(text)}' has a star before its end.");
        var version = CondaVersion.Read(rest.TrimEnd('*').TrimEnd('.'));
        return sign switch
        {
            "=" => Prefix(version),
            "" or "==" => star ? Prefix(version) : VersionSet.Only(version),
            "!=" => (star ? Prefix(version) : VersionSet.Only(version)).Complement(),
            ">=" => VersionSet.From(version),
            "<=" => VersionSet.Between(Cut.BelowAll, Cut.After(version)),
            ">" => VersionSet.Between(Cut.After(version), Cut.AboveAll),
            "<" => VersionSet.Below(version),
            "~=" => Compatible(version, rest),
            _ => throw new FormatException($"'{sign}' is no operator; there are = == != <= >= < > ~=."),
        };
    }

    private static VersionSet Prefix(CondaVersion version) => VersionSet.Between(Cut.Before(version.Edge(CondaVersion.Low)), Cut.Before(version.Edge(CondaVersion.High)));

    private static VersionSet Compatible(CondaVersion version, string text) => text.LastIndexOf('.') is > 0 and var last
        ? VersionSet.From(version).Intersect(Prefix(CondaVersion.Read(text[..last])))
        : throw new FormatException($"'~={Names.Shorten(text)}' needs two numbers, as in ~=1.4.");
}
