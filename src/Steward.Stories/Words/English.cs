using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Stories;

internal sealed partial class English() : Language("en")
{
    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly Dictionary<string, string> Units = new()
    {
        ["%"] = "percent", ["ms"] = "millisecond", ["s"] = "second", ["min"] = "minute", ["h"] = "hour",
        ["kB"] = "kilobyte", ["KB"] = "kilobyte", ["MB"] = "megabyte", ["GB"] = "gigabyte", ["TB"] = "terabyte",
    };

    private static readonly (string Sign, string Word)[] Signs = [("≥", " at least "), ("≤", " at most "), ("&", " and "), ("+", " plus "), ("=", " equals "), ("×", " times "), ("½", " a half "), ("€", " euros ")];

    internal override Regex Introduces => Introducing;

    internal override Regex NumberWords => Counting;

    internal override string Endings => "(?:s|es|ed|d|ing|['’]s)?";

    public override string Spoken(string text)
    {
        text = Grouped.Replace(Joined(text), match => match.Value.Replace(",", ""));
        text = Date.Replace(text, match => $"{match.Groups[3].Value} {Months[int.Parse(match.Groups[2].Value) - 1]} {match.Groups[1].Value}");
        text = Clock.Replace(text, match => Time(int.Parse(match.Groups[1].Value), int.Parse(match.Groups[2].Value)));
        text = Range.Replace(text, " to ");
        text = Ordinal.Replace(text, match => Whole(match.Groups[1].Value) is { } number ? Numbers.EnglishOrdinal(number) : match.Value);
        text = Unit.Replace(text, match => $"{match.Groups[1].Value} {Units[match.Groups[2].Value]}{(match.Groups[2].Value == "%" || match.Groups[1].Value == "1" ? "" : "s")}");
        text = Minus.Replace(text, "minus ");
        text = Number.Replace(text, match => $" {Say(match.Groups[1].Value)}{(match.Groups[2].Success ? " point " + Digits(match.Groups[2].Value) : "")} ");
        foreach (var (sign, word) in Signs)
            text = text.Replace(sign, word);
        return Tidy(Spelled(text));
    }

    /// <summary>"One o'clock", "nine thirty"; after noon as it is read off a screen: "fourteen hundred".</summary>
    private static string Time(int hour, int minute) => (hour, minute) switch
    {
        ( >= 1 and <= 12, 0) => Numbers.English(hour) + " o’clock",
        (_, 0) => Numbers.English(hour) + " hundred",
        (_, < 10) => $"{Numbers.English(hour)} oh {Numbers.English(minute)}",
        _ => $"{Numbers.English(hour)} {Numbers.English(minute)}",
    };

    private static string Say(string digits) => Whole(digits) is { } number ? Numbers.English(number) : Digits(digits);

    private static string Digits(string digits) => string.Join(' ', digits.Select(digit => Numbers.English(digit - '0')));

    internal override double Grade(IReadOnlyList<string> words, int sentences, IReadOnlyList<int> syllables)
        => (0.39 * words.Count / sentences) + (11.8 * syllables.Sum() / words.Count) - 15.59;

    /// <summary>Groups of vowels, without the silent e. What it gets wrong of the words stories use stands in the list.</summary>
    private protected override int CountSyllables(string word)
    {
        if (word.Length == 1)
            return word == "w" ? 3 : 1;
        word = Possessive.Replace(word, "");
        word = Silent.Replace(word, "");
        return Vowels.Count(word) + Hiatus.Count(word);
    }

    internal override IEnumerable<string> Roots(string word)
    {
        if (word.EndsWith("'s", StringComparison.Ordinal))
        {
            foreach (var root in Roots(word[..^2]).Prepend(word[..^2]))
                yield return root;
            yield break;
        }
        word = word.TrimEnd('\'');
        yield return word;
        foreach (var (ending, back) in Rules)
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length - ending.Length >= 2)
            {
                var stem = word[..^ending.Length];
                yield return stem + back;
                if (back.Length == 0 && ending is "ed" or "ing" or "er" or "est" && stem.Length > 2 && stem[^1] == stem[^2])
                    yield return stem[..^1];
            }
    }

    private static readonly (string Ending, string Back)[] Rules =
    [
        ("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"),
        ("ed", ""), ("d", ""), ("ied", "y"),
        ("ing", ""), ("ing", "e"), ("ying", "ie"),
        ("er", ""), ("r", ""), ("ier", "y"), ("ers", ""), ("rs", ""),
        ("est", ""), ("st", ""), ("iest", "y"),
        ("ly", ""), ("ily", "y"), ("y", "e"),
    ];

    private static long? Whole(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000_000_000 ? number : null;

    private static string Tidy(string text) => Before.Replace(Spaces.Replace(text, " "), "").Trim(' ');

    [GeneratedRegex(@"\b\d{1,3}(?:,\d{3})+\b")]
    private static partial Regex Grouped { get; }

    [GeneratedRegex(@"\b(\d{4})-(0[1-9]|1[0-2])-([0-3]\d)\b")]
    private static partial Regex Date { get; }

    [GeneratedRegex(@"\b([01]?\d|2[0-3]):([0-5]\d)\b")]
    private static partial Regex Clock { get; }

    [GeneratedRegex(@"(?<=\d) ?[–-] ?(?=\d)")]
    private static partial Regex Range { get; }

    [GeneratedRegex(@"\b(\d+)(?:st|nd|rd|th)\b")]
    private static partial Regex Ordinal { get; }

    [GeneratedRegex(@"(?<![\d.])(\d+(?:\.\d+)?)[ \u00A0\u202F]?(%|(?:ms|s|min|h|kB|KB|MB|GB|TB)\b)")]
    private static partial Regex Unit { get; }

    [GeneratedRegex(@"(?<![\w.])[-−](?=\d)")]
    private static partial Regex Minus { get; }

    [GeneratedRegex(@"(\d+)(?:\.(\d+))?")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"[ \u00A0\u2009\u202F]+")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@" (?=[.,;:!?)”])|(?<=[(“]) ")]
    private static partial Regex Before { get; }

    [GeneratedRegex("'s$|'$")]
    private static partial Regex Possessive { get; }

    /// <summary>The e that is written and not said: "lamp came", "named", "names", "careful", "lonely".</summary>
    [GeneratedRegex("(?<=[^aeiouytd])(?<![^aeiouyl]l)ed$|(?<=[^aeiouysxzcg])(?<!ch|sh|[^aeiouyl]l)es$|(?<=[^l])e(?=(?:ful|less|ly|ness|ment)(?:s|ly)?$)|(?<![^aeiouy]l|[aeiouy])e$|(?<=[aeiouy]l)e$")]
    private static partial Regex Silent { get; }

    [GeneratedRegex("[aeiouy]+")]
    private static partial Regex Vowels { get; }

    /// <summary>Two vowels side by side that are said apart: "idea", "radio", "science", "being".</summary>
    [GeneratedRegex("(?<![tcsg])i[ao]|(?<=[^q])ue[lt]|eo(?!u)|[^gq]ua|[iy]i|ying|[aeo]ing|sm$|(?<=[sd]|st)n't$|(?<=[^aeiouy])ie[nt](?!d)")]
    private static partial Regex Hiatus { get; }

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?:(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:hundred|thousand|million|billion|trillion)s?)(?:fold)?(?:[\s-]+(?:and\s+)?(?=(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion)(?![\p{L}\p{N}])))?)+(?![\p{L}\p{N}])", RegexOptions.IgnoreCase)]
    private static partial Regex Counting { get; }

    [GeneratedRegex(@"\bgrown-?ups?\b[^.!?]*\b(?:call|say|name)s?\b|\b(?:is|are) called\b", RegexOptions.IgnoreCase)]
    private static partial Regex Introducing { get; }
}
