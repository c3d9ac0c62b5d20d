using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <param name="Name">As the trade says it, in its first form.</param>
/// <param name="Instead">As one says it to a child.</param>
public sealed record Term(string Name, string Instead);

/// <param name="Panel">From 0, the one that uses the term before anything explained it.</param>
/// <param name="Text">The term as it stands there.</param>
public sealed record Unexplained(Term Term, int Panel, string Text);

/// <summary>Words of machine learning and of running services that a telling uses as if everybody knew them.</summary>
public static class Jargon
{
    /// <summary>A sentence that explains more terms than this at once explains none.</summary>
    private const int TermsAtOnce = 2;

    private static readonly ConcurrentDictionary<string, IReadOnlyList<(Term Term, Regex Pattern)>> Known = [];

    public static IReadOnlyList<Term> Terms(Language language) => [.. Of(language).Select(one => one.Term).Distinct().OrderBy(term => term.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Each term once, where it first stands unexplained.</summary>
    /// <param name="panels">What is told, panel by panel. "Grown-ups call it drift" explains the term from there on.</param>
    /// <param name="introduced">Terms that a picture or an earlier story explained.</param>
    public static IReadOnlyList<Unexplained> In(IEnumerable<string> panels, Language language, IEnumerable<string>? introduced = null)
    {
        var explained = (introduced ?? []).SelectMany(text => Found(text, language)).Select(found => found.Term).ToHashSet();
        var unexplained = new Dictionary<Term, Unexplained>();
        foreach (var (panel, text) in panels.Index())
            foreach (var sentence in Reading.SentencesOf(Template.Blank(text)))
            {
                var fresh = Found(sentence, language).Where(found => !explained.Contains(found.Term)).ToList();
                if (language.Introduces.IsMatch(sentence) && fresh.Select(found => found.Term).Distinct().Count() <= TermsAtOnce)
                    explained.UnionWith(fresh.Select(found => found.Term));
                else
                    foreach (var (term, said) in fresh)
                        unexplained.TryAdd(term, new(term, panel, said));
            }
        return [.. unexplained.Values];
    }

    /// <summary>The longest term first: "confusion matrix" is not a matrix.</summary>
    private static List<(Term Term, string Text)> Found(string text, Language language)
    {
        var found = new List<(Term Term, int At, string Text)>();
        foreach (var (term, pattern) in Of(language))
            text = pattern.Replace(text, match =>
            {
                found.Add((term, match.Index, match.Value));
                return new(Template.Hole, match.Length);
            });
        return [.. found.OrderBy(one => one.At).Select(one => (one.Term, one.Text))];
    }

    private static IReadOnlyList<(Term Term, Regex Pattern)> Of(Language language) => Known.GetOrAdd(language.Code, _ =>
        [.. from line in WordList.Read(language.Code, "jargon").Pairs()
            let forms = line.Key.Split(" / ")
            let term = new Term(forms[0], line.Value)
            from form in forms
            orderby form.Length descending
            select (term, new Regex(@"(?<![\p{L}\p{N}])" + Phrases.Pattern(form, language.Endings), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))]);
}
