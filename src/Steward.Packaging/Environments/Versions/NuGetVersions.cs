namespace Steward.Packaging;

/// <summary>Ranges of .NET packages: <c>1.0</c> is "at least", <c>[1.0]</c> exactly, <c>[1.0,2.0)</c>, <c>1.*</c>. The oldest version that fits is installed.</summary>
internal sealed class NuGetVersions : VersionScheme
{
    private const string Example = "1.2.3 or 1.2.3-beta.1";

    public override bool PrefersOldest => true;

    public override Release Version(string text) => SemVersion.Read(text, Example);

    public override VersionSet Range(string text)
    {
        text = Trimmed(text);
        if (text.Length == 0 || text == "*")
            return VersionSet.Any;
        if (text[0] is '[' or '(')
            return Brackets(text);
        if (!text.EndsWith('*'))
            return VersionSet.From(Version(text));
        var prefix = SemVersion.Read(text.TrimEnd('*').TrimEnd('.', '-'), Example);
        if (text.EndsWith("-*", StringComparison.Ordinal))
            return VersionSet.From(SemVersion.Lowest([.. prefix.Numbers]));
        return VersionSet.Between(Cut.Before(prefix), Cut.Before(SemVersion.Lowest([.. prefix.Numbers.SkipLast(1), prefix.Numbers[^1] + 1])));
    }

    public override string Exactly(string version) => $"[{version}]";

    public override string Write(Cut from, Cut to) => $"{(from.At is not null && !from.IsAfter ? "[" : "(")}{from.At?.Plain},{to.At?.Plain}{(to.At is not null && to.IsAfter ? "]" : ")")}";

    private VersionSet Brackets(string text)
    {
        var (opens, closes) = (text[0] == '[', text[^1] == ']');
        if (text.Length < 3 || text[^1] is not (']' or ')'))
            throw new FormatException($"'{Names.Shorten(text)}' ends without ] or ).");
        switch (text[1..^1].Split(',', StringSplitOptions.TrimEntries))
        {
            case [var only] when opens && closes:
                return VersionSet.Only(Version(only));
            case [var low, var high] when low.Length + high.Length > 0:
                return VersionSet.Between(
                    low.Length == 0 ? Cut.BelowAll : opens ? Cut.Before(Version(low)) : Cut.After(Version(low)),
                    high.Length == 0 ? Cut.AboveAll : closes ? Cut.After(Version(high)) : Cut.Before(Version(high)));
            default:
                throw new FormatException($"'{Names.Shorten(text)}' is no range; write [1.0,2.0) or [1.0].");
        }
    }
}
