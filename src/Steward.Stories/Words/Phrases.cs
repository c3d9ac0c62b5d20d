using System.Text;
using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <summary>
/// Words and phrases of a list as one pattern. In a list <c>_</c> stands for one word, <c>{}</c> for a placeholder,
/// <c>*</c> for any ending, and a final <c>|</c> for the end of a clause.
/// </summary>
internal static class Phrases
{
    /// <summary>Matches nothing at all.</summary>
    private const string Nothing = "(?!)";

    public static Regex Of(IEnumerable<string> phrases) => new(Alternatives(phrases), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static string Alternatives(IEnumerable<string> phrases) => phrases.OrderByDescending(phrase => phrase.Length).ThenBy(phrase => phrase, StringComparer.Ordinal).Select(phrase => Pattern(phrase)).ToList() is { Count: > 0 } all
        ? $@"(?<![\p{{L}}\p{{N}}])(?:{string.Join('|', all)})" : Nothing;

    /// <param name="endings">What may follow the last letter and still be the same word.</param>
    public static string Pattern(string phrase, string endings = "")
    {
        var clause = phrase.EndsWith(" |", StringComparison.Ordinal);
        var pattern = new StringBuilder();
        foreach (var word in (clause ? phrase[..^2] : phrase).Split(' '))
            pattern.Append(pattern.Length == 0 ? "" : @"\s+").Append(word switch
            {
                "_" => @"[\p{L}'’-]+",
                "{}" => Template.Hole + "+",
                [.. var stem, '*'] => Letters(stem) + @"\p{L}*",
                _ => Letters(word) + endings,
            });
        if (!phrase.EndsWith("{}", StringComparison.Ordinal))
            pattern.Append(@"(?![\p{L}\p{N}])");
        return pattern.Append(clause ? @"(?=\s*(?:[^\s\p{L}\p{N}" + Template.Hole + "-]|$))" : "").ToString();
    }

    private static string Letters(string word) => Regex.Escape(word).Replace("'", "['’]");
}
