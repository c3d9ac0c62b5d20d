using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <summary>
/// What the checks must know of a language: how it is said, how it is counted, which words a child has. A further language
/// is one class like <see cref="English"/> and one folder of word lists like <c>Words/en</c>.
/// </summary>
public abstract partial class Language
{
    private readonly Lazy<Lexicon> _lexicon;
    private readonly Lazy<IReadOnlyDictionary<string, int>> _syllables;

    private protected Language(string code)
    {
        Code = code;
        _lexicon = new(() => new(this));
        _syllables = new(() => WordList.Read(code, "syllables").Pairs().ToDictionary(pair => pair.Key, pair => int.Parse(pair.Value), StringComparer.Ordinal));
    }

    public static Language English { get; } = new English();

    public static Language German { get; } = new German();

    public static IReadOnlyList<Language> All { get; } = [English, German];

    /// <summary>ISO 639-1: <c>en</c>, <c>de</c>.</summary>
    public string Code { get; }

    public Lexicon Lexicon => _lexicon.Value;

    /// <summary>The words after which a hard word is no longer hard: "Grown-ups call it drift."</summary>
    internal abstract Regex Introduces { get; }

    /// <summary>Whether words are joined without a space into new ones.</summary>
    internal virtual bool Compounds => false;

    /// <summary>Whole numbers in words: "forty", "twenty-one", "zweihundert".</summary>
    internal abstract Regex NumberWords { get; }

    /// <summary>Endings that a word of a list may take and still be that word, as a pattern.</summary>
    internal abstract string Endings { get; }

    public static Language Of(string code) => All.FirstOrDefault(one => one.Code == code)
        ?? throw ProblemException.Invalid("language_unknown", $"Stories are not told in '{code}' yet.", $"Choose one of: {string.Join(", ", All.Select(one => one.Code))}.");

    /// <summary>The text as a person says it: numbers, clock times, percents, units and acronyms in words.</summary>
    public abstract string Spoken(string text);

    public int Syllables(string word)
    {
        var plain = Lexicon.Plain(word);
        return plain.Split('-', StringSplitOptions.RemoveEmptyEntries).Sum(part => _syllables.Value.TryGetValue(part, out var known) ? known : Math.Max(1, CountSyllables(part)));
    }

    /// <summary>The school year that reads a text with ease, by the formula that was made for this language.</summary>
    internal abstract double Grade(IReadOnlyList<string> words, int sentences, IReadOnlyList<int> syllables);

    /// <param name="word">In small letters, without hyphens.</param>
    private protected abstract int CountSyllables(string word);

    /// <summary>The words that this one may be a form of, by rule; some of them do not exist.</summary>
    internal abstract IEnumerable<string> Roots(string word);

    /// <summary>Capitals that are spelled out, letter by letter, unless they shout a word everybody knows.</summary>
    private protected string Spelled(string text) => Acronym.Replace(text, match
        => match.Value.Length > 2 && Lexicon.Knows(match.Value) ? match.Value : string.Join(' ', match.Groups[1].Value.AsEnumerable()) + match.Groups[2].Value);

    /// <summary>Spaces inside a number ("600 000") are no end of it.</summary>
    private protected static string Joined(string text) => Gap.Replace(text, "");

    [GeneratedRegex(@"\b(\p{Lu}{2,6})(s?)\b")]
    private static partial Regex Acronym { get; }

    [GeneratedRegex(@"(?<=\d)[ \u00A0\u2009\u202F](?=\d{3}(?!\d))")]
    private static partial Regex Gap { get; }
}
