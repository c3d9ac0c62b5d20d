using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <param name="Item">The item's id, empty when it is about the set.</param>
/// <param name="Rule">Stable, snake_case.</param>
public sealed record QuizFinding(string Item, string Rule, string Why);

/// <summary>Whether items ask fairly: no trick, no hint, nothing that a reader without the story could guess from the form.</summary>
public static class QuizLint
{
    public const int Options = 3;
    public const int StemWords = 15;
    public const double StemGrade = 6;

    /// <summary>The right answer may be longer than the longest wrong one by this factor.</summary>
    public const double StandsOut = 1.35;

    private static readonly ConcurrentDictionary<string, Words> Known = [];

    /// <param name="forSignature">Whether people sign for what the story tells: then the way back must be known too.</param>
    public static IReadOnlyList<QuizFinding> Of(IReadOnlyList<QuizItem> items, Language language, bool forSignature = true)
    {
        var words = Known.GetOrAdd(language.Code, static code => new(WordList.Read(code, "quiz")));
        return [.. items.SelectMany(item => OfItem(item, words, language)), .. OfSet(items, forSignature)];
    }

    private static IEnumerable<QuizFinding> OfItem(QuizItem item, Words words, Language language)
    {
        QuizFinding Found(string rule, string why) => new(item.Id, rule, why);
        var right = item.Options.Where(option => option.Right).ToList();
        if (right.Count != 1)
            yield return Found("one_right_answer", $"{right.Count} answers are right.");
        if (item.Options.Count != Options)
            yield return Found("three_options", $"It has {item.Options.Count} options.");
        if (item.Options.Select(option => option.Text.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() != item.Options.Count)
            yield return Found("distinct_options", "Two options read the same.");
        if (item.Options.FirstOrDefault(option => string.IsNullOrWhiteSpace(option.Why)) is { } silent)
            yield return Found("reason_for_each", $"Nothing is said to who chooses '{silent.Text}'.");
        if (right.Count == 1 && item.Options.Where(option => !option.Right).Select(option => option.Text.Length).DefaultIfEmpty(0).Max() is var longest && right[0].Text.Length > StandsOut * longest)
            yield return Found("right_stands_out", $"The right answer has {right[0].Text.Length} letters, the longest wrong one {longest}.");
        if (item.Options.FirstOrDefault(option => words.Above.IsMatch(option.Text)) is { } above)
            yield return Found("all_or_none_of_the_above", $"'{above.Text}' asks about the options, not about the story.");

        var stem = Reading.Of(item.Stem, language);
        if (stem.Words > StemWords)
            yield return Found("stem_too_long", $"The question has {stem.Words} words.");
        if (stem.Grade > StemGrade)
            yield return Found("stem_too_hard", FormattableString.Invariant($"The question reads like school year {stem.Grade:0.0}."));
        if (words.Negation.Match(item.Stem) is { Success: true } negation)
            yield return Found("hidden_negation", $"The question turns on '{negation.Value}': say it with 'not', or the other way round.");
        if (words.Once.Count(item.Stem) > 1)
            yield return Found("double_negation", "The question says 'not' twice.");
    }

    private static IEnumerable<QuizFinding> OfSet(IReadOnlyList<QuizItem> items, bool forSignature)
    {
        QuizFinding Found(string rule, string why) => new("", rule, why);
        foreach (var twice in items.GroupBy(item => item.Id).Where(same => same.Count() > 1))
            yield return Found("one_id_each", $"Two items are called '{twice.Key}'.");
        var must = items.Where(item => item.MustKnow).ToList();
        if (must.Count < 2)
            yield return Found("two_must_knows", $"{must.Count} items must be known; at least two belong to a signature.");
        foreach (var kind in forSignature ? (string[])[QuizKind.Limit, QuizKind.WayBack] : [QuizKind.Limit])
            if (must.All(item => item.Kind != kind))
                yield return Found("must_know_" + kind, $"No item of kind '{kind}' must be known.");
        var places = items.Select(item => item.Options.ToList().FindIndex(option => option.Right)).Where(place => place >= 0).CountBy(place => place).ToList();
        if (items.Count > 2 && places.Count > 0 && places.Max(place => place.Value) is var most && most > (items.Count + 1) / 2)
            yield return Found("places_spread", $"{most} of {items.Count} right answers stand in one place.");
    }

    private sealed class Words(WordList list)
    {
        public Regex Negation { get; } = Phrases.Of(list.Phrases("negation"));
        public Regex Once { get; } = Phrases.Of(list.Phrases("once"));
        public Regex Above { get; } = Phrases.Of(list.Phrases("above"));
    }
}
