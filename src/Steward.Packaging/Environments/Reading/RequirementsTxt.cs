using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Reads requirements.txt: versions, extras, conditions, hashes, other files by -r and -c. What says no version is refused with a reason.</summary>
internal static partial class RequirementsTxt
{
    private const int MostDepth = 10;

    /// <summary>Options that say where packages come from, not which.</summary>
    private static readonly string[] Elsewhere = ["-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-index", "--trusted-host", "--prefer-binary", "--only-binary", "--no-binary", "--require-hashes", "--pre", "--use-feature", "--no-deps"];

    public static void Read(Reading all, string name, bool limits = false, int depth = 0)
    {
        if (depth > MostDepth)
            throw ProblemException.Invalid("too_deep", $"{name} is reached through more than {MostDepth} other files.", "Look whether the files name each other in a circle.");
        if (all.Open(name) is not { } source)
            return;
        foreach (var (number, text) in Joined(source))
            all.At(new(source.Name, number), () => Line(all, new(source.Name, number), text, limits, depth));
    }

    private static void Line(Reading all, Place at, string text, bool limits, int depth)
    {
        var option = Option().Match(text);
        if (!option.Success)
        {
            Requirement(all, at, text, limits);
            return;
        }

        var (word, value) = (option.Groups["word"].Value, option.Groups["value"].Value.Trim());
        if (word is "-r" or "--requirement" or "-c" or "--constraint")
        {
            if (value.Contains("://", StringComparison.Ordinal))
                throw new FormatException($"'{Names.Shorten(value)}' is an address; only files beside this one are read.");
            var other = Path.Combine(Path.GetDirectoryName(at.File) ?? "", value.Trim('"', '\''));
            if (!File.Exists(Path.Combine(all.Folder, other)))
                throw new FormatException($"the file {Names.Shorten(other)} is not there.");
            Read(all, other, limits || word is "-c" or "--constraint", depth + 1);
        }
        else if (word is "-e" or "--editable")
            throw new FormatException("an editable package has no version that could be locked; build it, or leave it out of this file.");
        else if (Elsewhere.Contains(word))
            all.Notes.Add($"{at}: {word} says where packages come from; a lock does not need it.");
        else
            throw new FormatException($"the option {Names.Shorten(word)} is not known here.");
    }

    private static void Requirement(Reading all, Place at, string text, bool limits)
    {
        var hashes = Hash().Matches(text).Select(hash => hash.Groups["hash"].Value).ToList();
        var bare = Hash().Replace(text, "").Trim();
        if (bare.Contains(" --", StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(bare[bare.IndexOf(" --", StringComparison.Ordinal)..].Trim())}' cannot stand behind a package.");
        if (bare.Contains("://", StringComparison.Ordinal) || bare.StartsWith('.') || bare.StartsWith('/') || bare.EndsWith(".whl", StringComparison.Ordinal) || bare.EndsWith(".tar.gz", StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(bare)}' is an address or a path, which says no version that could be compared or locked; write name==version.");
        if (hashes.FirstOrDefault(hash => !GoodHash().IsMatch(hash)) is { } bad)
            throw new FormatException($"'{Names.Shorten(bad)}' is no hash; one looks like sha256: and 64 hexadecimal digits.");
        var read = PipRequirement.Parse(bare);
        all.Add(new(World.Pip, read.Name, read.Range, read.Allowed, at) { Extras = read.Extras, When = read.When, Hashes = [.. hashes.Order(StringComparer.Ordinal)], IsLimit = limits });
    }

    /// <summary>Without comments; a line that ends with a backslash goes on.</summary>
    private static IEnumerable<(int Number, string Text)> Joined(TextSource source)
    {
        var (began, joined) = (0, "");
        foreach (var (number, line) in source.Lines())
        {
            var text = Comment().Replace(line, "");
            if (joined.Length == 0)
                began = number;
            if (text.EndsWith('\\'))
            {
                joined += text[..^1] + " ";
                continue;
            }

            if ((joined + text).Trim() is { Length: > 0 } whole)
                yield return (began, whole);
            joined = "";
        }

        if (joined.Trim() is { Length: > 0 } last)
            yield return (began, last);
    }

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<word>--?[A-Za-z][A-Za-z-]*)(?:[= ]?\s*(?<value>.*))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Option();

    [GeneratedRegex(@"\s--hash[= ](?<hash>\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex Hash();

    [GeneratedRegex(@"^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})\z", RegexOptions.NonBacktracking)]
    private static partial Regex GoodHash();
}
