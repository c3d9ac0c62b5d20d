using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Versions and specifiers of Python packages: PEP 440, with the normal forms of its appendix.</summary>
internal sealed partial class Pep440 : VersionScheme
{
    public override Release Version(string text) => Read(text);

    public static Pep440Version Read(string text)
    {
        if (Form().Match(Trimmed(text).ToLowerInvariant()) is not { Success: true } match)
            throw NoVersion(text, "1.2.3, 2.0rc1 or 1.0.post2");
        var groups = match.Groups;
        return new(groups["epoch"].Success ? Number(groups["epoch"].Value) : 0, [.. groups["release"].Value.Split('.').Select(Number)])
        {
            PreKind = groups["pre"].Success ? PreWord(groups["pre"].Value) : null,
            Pre = groups["pre"].Success ? Count(groups["pren"]) : -1,
            Post = groups["post"].Success ? Count(groups["postn"]) : groups["postd"].Success ? Number(groups["postd"].Value) : -1,
            Dev = groups["dev"].Success ? Count(groups["devn"]) : -1,
            Local = groups["local"].Success ? [.. groups["local"].Value.Split('-', '_', '.').Select(Piece)] : [],
        };
    }

    public override VersionSet Range(string text)
    {
        var all = VersionSet.Any;
        foreach (var clause in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            all = all.Intersect(Clause(clause));
        return all;
    }

    public override string Exactly(string version) => $"=={version}";

    private static VersionSet Clause(string text)
    {
        var (sign, rest) = Split(text);
        if (sign.Length == 0)
            throw new FormatException($"'{Names.Shorten(text)}' has no operator; write =={Names.Shorten(rest)}.");
        if (sign == "===")
            return VersionSet.Only(Read(rest));
        var wild = rest.EndsWith(".*", StringComparison.Ordinal);
        if (wild && (sign is "==" or "!="))
            return sign == "==" ? Prefix(Read(rest[..^2])) : Prefix(Read(rest[..^2])).Complement();
        // Old packages wrote >=3.6.*; the star says nothing there.
        var version = Read(wild && (sign is ">=" or "<" or ">" or "<=") ? rest[..^2] : rest);
        if (version.Local.Count > 0 && sign is not ("==" or "!="))
            throw new FormatException($"'{sign}' takes no local version such as +{string.Join('.', version.Local)}.");
        return sign switch
        {
            "==" => Same(version),
            "!=" => Same(version).Complement(),
            ">=" => VersionSet.From(version),
            "<=" => VersionSet.Between(Cut.BelowAll, Cut.After(version.With(afterLocals: true))),
            ">" => VersionSet.Between(Cut.After(Above(version)), Cut.AboveAll),
            "<" => Below(version),
            "~=" => version.Numbers.Count < 2
                ? throw new FormatException($"'~={rest}' needs two numbers, as in ~=1.4.")
                : VersionSet.From(version).Intersect(Prefix(new(version.Epoch, [.. version.Numbers.SkipLast(1)]))),
            _ => throw new FormatException($"'{sign}' is no operator; there are == != <= >= < > ~= ===."),
        };
    }

    /// <summary>A version that names no local part stands for all its local ones.</summary>
    private static VersionSet Same(Pep440Version version)
        => VersionSet.Between(Cut.Before(version), Cut.After(version.Local.Count > 0 ? version : version.With(afterLocals: true)));

    /// <summary><c>==1.2.*</c>: from 1.2.dev0 until 1.3.dev0.</summary>
    private static VersionSet Prefix(Pep440Version version) => version.IsPreview || version.HasPost || version.Local.Count > 0
        ? throw new FormatException($"'{version}.*' is not read; a star follows plain numbers.")
        : VersionSet.Between(Cut.Before(Pep440Version.Lowest(version.Epoch, version.Numbers)), Cut.Before(Pep440Version.Lowest(version.Epoch, [.. version.Numbers.SkipLast(1), version.Numbers[^1] + 1])));

    /// <summary><c>&gt;1.7</c> allows neither 1.7.post1 nor 1.7+local.</summary>
    private static Pep440Version Above(Pep440Version version)
        => version.HasPost || version.HasDev ? version.With(afterLocals: true) : version.With(post: Pep440Version.Beyond, afterLocals: true);

    /// <summary><c>&lt;3.1</c> does not allow 3.1rc1, unless it names a preview itself.</summary>
    private static VersionSet Below(Pep440Version version)
    {
        if (version.IsPreview)
            return VersionSet.Below(version);
        var lower = VersionSet.Below(Pep440Version.Lowest(version.Epoch, version.Numbers));
        return version.HasPost ? lower.Union(VersionSet.Between(Cut.Before(new Pep440Version(version.Epoch, version.Numbers)), Cut.Before(version.With(dev: 0)))) : lower;
    }

    private static long Count(Group digits) => digits.Length > 0 ? Number(digits.Value) : 0;

    private static string Piece(string local) => local.All(char.IsAsciiDigit) && local.Length <= 18 ? $"{Number(local)}" : local;

    private static string PreWord(string word) => word switch
    {
        "alpha" => "a",
        "beta" => "b",
        "c" or "pre" or "preview" => "rc",
        _ => word,
    };

    [GeneratedRegex(@"^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\.[0-9]+)*)(?:[-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pren>[0-9]*))?(?:-(?<postd>[0-9]+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postn>[0-9]*))?(?:[-_.]?(?<dev>dev)[-_.]?(?<devn>[0-9]*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
