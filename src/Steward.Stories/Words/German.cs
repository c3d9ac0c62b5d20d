using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Stories;

internal sealed partial class German() : Language("de")
{
    private static readonly Dictionary<string, (string One, string Many)> Units = new()
    {
        ["%"] = ("ein Prozent", "Prozent"), ["ms"] = ("eine Millisekunde", "Millisekunden"), ["s"] = ("eine Sekunde", "Sekunden"), ["min"] = ("eine Minute", "Minuten"),
        ["h"] = ("eine Stunde", "Stunden"), ["kB"] = ("ein Kilobyte", "Kilobyte"), ["KB"] = ("ein Kilobyte", "Kilobyte"), ["MB"] = ("ein Megabyte", "Megabyte"),
        ["GB"] = ("ein Gigabyte", "Gigabyte"), ["TB"] = ("ein Terabyte", "Terabyte"),
    };

    private static readonly string[] Months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];

    private static readonly (string Sign, string Word)[] Signs = [("≥", " mindestens "), ("≤", " höchstens "), ("&", " und "), ("+", " plus "), ("=", " gleich "), ("×", " mal "), ("½", " ein halb "), ("€", " Euro ")];

    internal override Regex Introduces => Introducing;

    internal override Regex NumberWords => Counting;

    internal override bool Compounds => true;

    internal override string Endings => "(?:s|es|e|en|n|er|em|et|t|te|ten)?";

    public override string Spoken(string text)
    {
        text = Grouped.Replace(Joined(text), match => match.Value.Replace(".", ""));
        text = IsoDate.Replace(text, match => $"{int.Parse(match.Groups[3].Value)}. {Months[int.Parse(match.Groups[2].Value) - 1]} {match.Groups[1].Value}");
        text = Date.Replace(text, match => Numbers.GermanOrdinal(int.Parse(match.Groups[1].Value)) + match.Groups[2].Value);
        text = Clock.Replace(text, match => Time(int.Parse(match.Groups[1].Value), int.Parse(match.Groups[2].Value)));
        text = Range.Replace(text, " bis ");
        text = Unit.Replace(text, match => match.Groups[1].Value == "1" ? Units[match.Groups[2].Value].One : $"{match.Groups[1].Value} {Units[match.Groups[2].Value].Many}");
        text = Minus.Replace(text, "minus ");
        text = Number.Replace(text, match => $" {Say(match.Groups[1].Value, match.Groups[3].Success)}{(match.Groups[2].Success ? " Komma " + Digits(match.Groups[2].Value) : "")} ");
        foreach (var (sign, word) in Signs)
            text = text.Replace(sign, word);
        return Tidy(Spelled(text));
    }

    private static string Time(int hour, int minute) => $"{Say(hour.ToString(CultureInfo.InvariantCulture), true)} Uhr{(minute == 0 ? "" : " " + Numbers.German(minute))}";

    /// <summary>"eins" alone, "ein" before what is counted.</summary>
    private static string Say(string digits, bool counting)
        => !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= 1_000_000_000_000_000 ? Digits(digits)
            : number == 1 && counting ? "ein" : Numbers.German(number);

    private static string Digits(string digits) => string.Join(' ', digits.Select(digit => Numbers.German(digit - '0')));

    /// <summary>Of fewer words no share is taken: in a question of five, one long word would decide.</summary>
    private const int Sample = 10;

    /// <summary>0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875: hard words, sentence length, long words, words of one syllable.</summary>
    internal override double Grade(IReadOnlyList<string> words, int sentences, IReadOnlyList<int> syllables)
    {
        var of = Math.Max(Sample, words.Count);
        var hard = 100.0 * syllables.Count(count => count >= 3) / of;
        var length = 100.0 * words.Count(word => word.Length > 6) / of;
        var single = 100.0 * syllables.Count(count => count == 1) / of;
        return (0.1935 * hard) + (0.1672 * words.Count / sentences) + (0.1297 * length) - (0.0327 * single) - 0.875;
    }

    /// <summary>Written German nearly says itself: groups of vowels, where only the diphthongs stay together.</summary>
    private protected override int CountSyllables(string word) => word.Length == 1 ? word == "y" ? 3 : 1 : Vowels.Count(word.Replace("qu", "q"));

    internal override IEnumerable<string> Roots(string word)
    {
        yield return word;
        foreach (var stem in Stems(word))
            yield return stem;
        // "gelernt", "gepackte"; "ausgepackt", "eingeschalteten"
        if (Participle.Match(word) is { Success: true } made)
            foreach (var stem in Stems(made.Groups[1].Value + made.Groups[2].Value))
                yield return stem;
        // "angegangen", "aufgibt"
        if (Separable.Match(word) is { Success: true } apart)
            foreach (var stem in Stems(apart.Groups[1].Value))
                yield return stem;
        // "aufzuhören"
        if (Extended.Match(word) is { Success: true } with)
            yield return with.Groups[1].Value + with.Groups[2].Value;
    }

    /// <summary>Without its ending, with the ending of a base form, and with the umlaut of a plural or a comparison taken back.</summary>
    private static IEnumerable<string> Stems(string word)
    {
        foreach (var ending in Inflections)
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length - ending.Length >= 3)
            {
                var stem = word[..^ending.Length];
                foreach (var root in (string[])[stem, stem + "e", stem + "en", stem + "n"])
                {
                    yield return root;
                    if (Plain(root) is { } plain)
                        yield return plain;
                }
            }
    }

    private static string? Plain(string word) => word.LastIndexOfAny(['ä', 'ö', 'ü']) is >= 0 and var at
        ? word[..at] + word[at] switch { 'ä' => 'a', 'ö' => 'o', _ => 'u' } + word[(at + 1)..] : null;

    private static readonly string[] Inflections =
    [
        "", "e", "n", "en", "er", "es", "em", "ern", "s", "st", "est", "t", "et", "te", "ten", "test", "tet", "ete", "eten",
        "ere", "erer", "eren", "eres", "ste", "sten", "stes", "ster", "nen", "in", "innen", "end", "ende", "enden", "chen", "lein",
        "ter", "tes", "tem",
    ];

    private static string Tidy(string text) => Before.Replace(Spaces.Replace(text, " "), "").Trim(' ');

    [GeneratedRegex(@"\b\d{1,3}(?:\.\d{3})+\b")]
    private static partial Regex Grouped { get; }

    [GeneratedRegex(@"\b(\d{4})-(0[1-9]|1[0-2])-([0-3]\d)\b")]
    private static partial Regex IsoDate { get; }

    [GeneratedRegex(@"\b([0-3]?\d)\.( (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b)")]
    private static partial Regex Date { get; }

    [GeneratedRegex(@"\b([01]?\d|2[0-3]):([0-5]\d)\b(?: Uhr\b)?")]
    private static partial Regex Clock { get; }

    [GeneratedRegex(@"(?<=\d) ?[–-] ?(?=\d)")]
    private static partial Regex Range { get; }

    [GeneratedRegex(@"(?<![\d,])(\d+(?:,\d+)?)[ \u00A0\u202F]?(%|(?:ms|s|min|h|kB|KB|MB|GB|TB)\b)")]
    private static partial Regex Unit { get; }

    [GeneratedRegex(@"(?<![\w.])[-−](?=\d)")]
    private static partial Regex Minus { get; }

    [GeneratedRegex(@"(\d+)(?:,(\d+))?(?=([ \u00A0]\p{L}))?")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"[ \u00A0\u2009\u202F]+")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@" (?=[.,;:!?)“])|(?<=[(„]) ")]
    private static partial Regex Before { get; }

    [GeneratedRegex("aa|ee|oo|ie(?!r?t?en$)|ie|ei|ai|ey|ay|au|äu|eu|[aeiouyäöüé]")]
    private static partial Regex Vowels { get; }

    [GeneratedRegex("^(.*)ge(.{2,}?(?:t|en))(?:e[nrsm]?)?$")]
    private static partial Regex Participle { get; }

    /// <summary>A verb behind its prefix; what ends otherwise is a noun of its own, like "Ausfall" and "Aufwand".</summary>
    [GeneratedRegex("^(?:an|ab|auf|aus|bei|ein|hin|her|los|mit|nach|vor|weg|zu|zurück|weiter|um|heraus|hinaus|hinein|herein|herunter|zusammen|vorbei)(.{3,}(?:en|t|te|ten))$")]
    private static partial Regex Separable { get; }

    [GeneratedRegex("^(.{2,})zu(.{3,}n)$")]
    private static partial Regex Extended { get; }

    /// <summary>"ein" and "einfach" count nothing; "eins", "einundzwanzig", "zweimal", "dreifach" and "vierte" do.</summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?!(?:ein|und|einmal|einfach\p{L}*)(?![\p{L}\p{N}]))(?:null|ein|eins|zwei|zwo|drei|vier|fünf|sechs|sech|sieben|sieb|acht|neun|zehn|elf|zwölf|und|zwanzig|zig|dreißig|hundert|tausend)+(?:mal|fach(?:e[nrsm]?)?|s?te[nrsm]?)?(?![\p{L}\p{N}])", RegexOptions.IgnoreCase)]
    private static partial Regex Counting { get; }

    [GeneratedRegex(@"\b(?:Erwachsenen?|Großen)\b[^.!?]*\b(?:nennen|sagen)\b|\bnennen (?:die )?(?:Erwachsenen?|Großen)\b|\bhei(?:ß|ss)(?:t|en)\b[^.!?]*\bbei (?:den )?(?:Erwachsenen|Großen)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Introducing { get; }
}
