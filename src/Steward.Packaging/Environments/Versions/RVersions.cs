using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Versions of R packages, <c>1.2-3</c>, and what their Depends says: <c>&gt;= 3.5</c>.</summary>
internal sealed class RVersions : VersionScheme
{
    public override Release Version(string text) => RVersion.Read(Trimmed(text));

    public override VersionSet Range(string text)
    {
        var all = VersionSet.Any;
        foreach (var clause in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (sign, rest) = Split(clause);
            var version = RVersion.Read(Trimmed(rest));
            all = all.Intersect(sign switch
            {
                "==" or "=" => VersionSet.Only(version),
                "!=" => VersionSet.Only(version).Complement(),
                ">=" => VersionSet.From(version),
                "<=" => VersionSet.Between(Cut.BelowAll, Cut.After(version)),
                ">" or ">>" => VersionSet.Between(Cut.After(version), Cut.AboveAll),
                "<" or "<<" => VersionSet.Below(version),
                _ => throw new FormatException($"'{Names.Shorten(clause)}' has no operator; there are == != <= >= < >."),
            });
        }

        return all;
    }

    public override string Exactly(string version) => $"== {version}";

    public override string Write(Cut from, Cut to) => base.Write(from, to).Replace(",", ", ", StringComparison.Ordinal);
}

/// <summary>Numbers between dots and dashes; 1.0 comes before 1.0.0.</summary>
public sealed partial class RVersion : Release
{
        private RVersion(string text, IReadOnlyList<long> numbers) => (Text, Numbers) = (text, numbers);

    public override string Text { get; }

    public override IReadOnlyList<long> Numbers { get; }

    internal static RVersion Read(string text) => Form().IsMatch(text)
        ? new(text, [.. text.Split('.', '-').Select(digits => digits.Length <= 18 ? long.Parse(digits, null) : throw new FormatException($"the number {Names.Shorten(digits, 24)} is too long."))])
        : throw new FormatException($"'{Names.Shorten(text)}' is no version; one looks like 1.2-3.");

    public override int CompareTo(Release? other) => other switch
    {
        RVersion that => Compare(Numbers, that.Numbers, -1, (left, right) => left.CompareTo(right)),
        null => 1,
        _ => throw new InvalidOperationException("Versions of two schemes."),
    };

    public override int GetHashCode() => Hash(Numbers, -1);

    [GeneratedRegex(@"^[0-9]+(?:[.-][0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
