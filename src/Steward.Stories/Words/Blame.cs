using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <param name="At">Where it begins in the template.</param>
public sealed record Slip(string Text, int At);

/// <summary>
/// A telling is blameless: trouble is played by the components, and a person appears as the one who named, checked or
/// signed. Where somebody was harmed, nothing jokes or gloats.
/// </summary>
public static partial class Blame
{
    /// <summary>The people of the cast.</summary>
    public static IReadOnlyList<string> Cast { get; } = ["Juno", "Omar"];

    private static readonly ConcurrentDictionary<string, Words> Known = [];

    /// <summary>Where a person is said to have broken, forgotten or failed something.</summary>
    /// <param name="people">Names that the facts bring in, beside the cast. Placeholders like <c>{signer.1}</c> are people, too.</param>
    public static IReadOnlyList<Slip> In(string template, Language language, IEnumerable<string>? people = null)
    {
        var words = Of(language);
        var text = string.Concat(Template.Pieces(template).Select(piece => piece.Placeholder && !Somebody.IsMatch(piece.Text) ? Template.Blank(piece.Text) : piece.Text));
        var person = $@"(?:(?<![\p{{L}}\p{{N}}])(?:{string.Join('|', words.Person.Concat(Cast.Concat(people ?? []).Where(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(Regex.Escape)))})(?:['’]?s)?(?![\p{{L}}\p{{N}}])|{Somebody})";
        return [.. new[] { $@"{person}{words.Between}\s+(?:{words.Fault})", $@"(?:{words.By})(?:\s+{words.Article})?\s+{person}" }
            .SelectMany(pattern => Regex.Matches(text, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
            .OrderBy(match => match.Index).Select(match => new Slip(template.Substring(match.Index, match.Length), match.Index))];
    }

    /// <summary>Joking, cheering and shrugging words, and emoji: not where a story's tone is severe.</summary>
    public static IReadOnlyList<Slip> Gloating(string template, Language language)
    {
        var text = Template.Blank(template);
        return [.. Of(language).Gloating.Matches(text).Concat(Emoji.Matches(text)).OrderBy(match => match.Index).Select(match => new Slip(match.Value, match.Index))];
    }

    private static Words Of(Language language) => Known.GetOrAdd(language.Code, static code => new(WordList.Read(code, "blame")));

    private sealed class Words
    {
        public Words(WordList list)
        {
            Person = [.. list.Phrases("person").Select(phrase => Phrases.Pattern(phrase))];
            Fault = Phrases.Alternatives(list.Phrases("fault"));
            By = Phrases.Alternatives(list.Phrases("by"));
            Article = $"(?:{string.Join('|', list.Phrases("article"))})";
            Gloating = Phrases.Of(list.Phrases("gloating"));
            Between = list.Phrases("break").Any()
                ? $@"(?:\s+(?!{Phrases.Alternatives(list.Phrases("break"))})[\p{{L}}\p{{N}}{Template.Hole}'’-]+){{0,6}}?"
                : $@"(?:\s+(?:{Phrases.Alternatives(list.Phrases("between"))}))*?";
        }

        public IReadOnlyList<string> Person { get; }
        public string Fault { get; }
        public string By { get; }
        public string Article { get; }
        public Regex Gloating { get; }
        public string Between { get; }
    }

    [GeneratedRegex(@"\{(?:signer|namer|checker|labell?er|reviewer|approver|owner|person)\b[^{}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex Somebody { get; }

    [GeneratedRegex(@"[\u2600-\u27BF]|\uD83C[\uDC00-\uDFFF]|\uD83D[\uDC00-\uDFFF]|\uD83E[\uDC00-\uDFFF]")]
    private static partial Regex Emoji { get; }
}
