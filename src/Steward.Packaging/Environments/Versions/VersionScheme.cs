namespace Steward.Packaging;

/// <summary>How one world of packages writes versions and ranges. What cannot be read throws a <see cref="FormatException"/> that says why.</summary>
public abstract class VersionScheme
{
    /// <summary>Longer texts are no versions.</summary>
    protected const int MostCharacters = 200;

    public static VersionScheme Pep440 { get; } = new Pep440();

    public static VersionScheme Conda { get; } = new CondaVersions();

    public static VersionScheme Julia { get; } = new JuliaVersions();

    public static VersionScheme R { get; } = new RVersions();

    public static VersionScheme NuGet { get; } = new NuGetVersions();

    public abstract Release Version(string text);

    /// <summary>What a range such as <c>&gt;=1.2,&lt;2</c> allows; nothing written allows everything.</summary>
    public abstract VersionSet Range(string text);

    /// <summary>The range that allows this version and no other.</summary>
    public abstract string Exactly(string version);

    /// <summary>This world installs the oldest version that fits, not the newest.</summary>
    public virtual bool PrefersOldest => false;

    /// <summary>The range between two cuts, as this world writes it.</summary>
    public virtual string Write(Cut from, Cut to) => string.Join(',', (string[])[.. from.At is { } low ? [$"{(from.IsAfter ? ">" : ">=")}{low.Plain}"] : Array.Empty<string>(), .. to.At is { } high ? [$"{(to.IsAfter ? "<=" : "<")}{high.Plain}"] : Array.Empty<string>()]);

    public Release? TryVersion(string text)
    {
        try
        {
            return Version(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    protected static string Trimmed(string text) => text.Length <= MostCharacters ? text.Trim() : throw new FormatException($"a version of {text.Length} characters is none.");

    protected static FormatException NoVersion(string text, string example) => new($"'{Names.Shorten(text)}' is no version; one looks like {example}.");

    /// <summary>A number of a version: at most 18 digits, which no real one comes near.</summary>
    protected static long Number(string digits) => digits.Length <= 18 ? long.Parse(digits, System.Globalization.NumberStyles.None, null) : throw new FormatException($"the number {Names.Shorten(digits, 24)} is too long.");

    /// <summary>Splits <c>&gt;=1.2</c> into the operator and the rest; no operator is empty.</summary>
    protected static (string Operator, string Version) Split(string text)
    {
        var at = 0;
        while (at < text.Length && "<>=!~^".Contains(text[at], StringComparison.Ordinal))
            at++;
        return (text[..at], text[at..].Trim());
    }
}
