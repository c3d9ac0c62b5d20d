using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Steward.Stories;

public enum ClaimKind { Digit, Number, Ordinal, Quantifier }

/// <param name="At">Where it begins in the template.</param>
public sealed record Claim(ClaimKind Kind, string Text, int At);

/// <summary>
/// What a template claims on its own: digits, number words, ordinals and quantifiers outside its placeholders. A story may
/// say none of these itself; they come from facts. Idioms that count nothing pass ("all day long", "at first", "one of
/// us"); "nobody has checked" does not, for it says none of many: the limits of a story are facts, too, and are bound.
/// Vague amounts ("some", "a few") and comparisons ("better", "hardest") pass: nothing can be counted against them.
/// </summary>
public static partial class Claims
{
    private const char Masked = '·';

    private static readonly ConcurrentDictionary<string, Words> Known = [];

    public static IReadOnlyList<Claim> In(string template, Language language)
    {
        var words = Known.GetOrAdd(language.Code, static code => new(WordList.Read(code, "claims")));
        var text = Template.Blank(template);
        var claims = new List<Claim>();
        void Take(Regex of, ClaimKind kind) => text = of.Replace(text, match =>
        {
            claims.Add(new(kind, template.Substring(match.Index, match.Length), match.Index));
            return Mask(match);
        });

        Take(words.Surely, ClaimKind.Quantifier);
        Take(words.SurelyOrdinal, ClaimKind.Ordinal);
        text = words.Idiom.Replace(text, Mask);
        text = Question.Replace(text, question => words.Asked.Replace(question.Value, Mask));
        Take(Digits, ClaimKind.Digit);
        Take(language.NumberWords, ClaimKind.Number);
        Take(words.Ordinal, ClaimKind.Ordinal);
        Take(words.Quantifier, ClaimKind.Quantifier);
        return [.. claims.OrderBy(claim => claim.At)];
    }

    /// <summary>As long as before, so that places stay places.</summary>
    private static string Mask(Match match) => new(Masked, match.Length);

    private sealed class Words(WordList list)
    {
        public Regex Surely { get; } = Phrases.Of(list.Phrases("surely"));
        public Regex SurelyOrdinal { get; } = Phrases.Of(list.Phrases("surely ordinal"));
        public Regex Idiom { get; } = Phrases.Of(list.Phrases("idiom"));
        public Regex Asked { get; } = Phrases.Of(list.Phrases("asked"));
        public Regex Ordinal { get; } = Phrases.Of(list.Phrases("ordinal"));
        public Regex Quantifier { get; } = Phrases.Of(list.Phrases("quantifier"));
    }

    [GeneratedRegex(@"\p{L}?\p{N}+(?:[.,:/]\p{N}+)*(?:[ \u00A0\u202F]?%)?")]
    private static partial Regex Digits { get; }

    [GeneratedRegex(@"[^.!?…\r\n]+\?")]
    private static partial Regex Question { get; }
}
