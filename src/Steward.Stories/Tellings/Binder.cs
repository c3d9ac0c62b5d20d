using System.Text.RegularExpressions;
using Steward.Drawing;

namespace Steward.Stories;

/// <summary>
/// Fills the placeholders of texts from the facts of a book and keeps a record of everything that is shown. Placeholders:
/// <c>{name}</c> for a name on record, <c>{fact|format}</c>, <c>{fact|format one/other}</c>, <c>{fact|when}</c> for the
/// conditions it was measured under, and <c>{fact|mark}</c> for the mark alone.
/// </summary>
internal sealed partial class Binder(FactBook book, Catalogue language, int outOf)
{
    /// <summary>Without i, l and o, which read as digits. A letter, because a raised 2 behind 20 reads as a power.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly List<Cite> _cites = [];

    public IReadOnlyList<Cite> Cites => _cites;

    /// <summary>Marks in the order of their first showing.</summary>
    public IReadOnlyDictionary<string, string> Marks => _marks;

    public int OutOf => outOf;

    public FactBook Book => book;

    /// <summary>Ids of the facts that a text shows as shares out of n.</summary>
    public static IEnumerable<string> Shares(string template) => Place().Matches(template).Where(match => match.Groups["format"].Value is "of" or "k").Select(match => match.Groups["id"].Value);

    public Phrase Bind(string template, int panel, string slot)
    {
        var spans = new List<Span>();
        var at = 0;
        foreach (Match match in Place().Matches(template))
        {
            if (match.Index > at)
                spans.Add(new(template[at..match.Index]));
            at = match.Index + match.Length;
            spans.AddRange(Fill(match, panel, slot));
        }
        if (at < template.Length)
            spans.Add(new(template[at..]));
        return new(spans);
    }

    /// <summary>Notes that a picture itself shows a fact or a series: seats, a needle, lit windows, a curve.</summary>
    public void Draw(string id, int panel)
    {
        var shown = book.Series.TryGetValue(id, out var series)
            ? $"{series.Y.Count} points"
            : book.Fact(id) is { Unit: Unit.Share } share ? $"{Seats(share)} of {outOf}" : Format.Exact(book.Fact(id), language);
        _cites.Add(new(panel, "drawn", id, "drawn", shown, Mark(id)));
    }

    /// <summary>How many of the story's n a share fills: the same in words and in pictures.</summary>
    public int Seats(Fact share) => NaturalFrequency.Nearest(share.Value, outOf, share.Better);

    private IEnumerable<Span> Fill(Match match, int panel, string slot)
    {
        var (id, format, forms) = (match.Groups["id"].Value, match.Groups["format"].Value, match.Groups["forms"].Value);
        if (format.Length == 0)
        {
            yield return new(book.Shown(id));
            yield break;
        }

        if (format is "mark")
        {
            _ = book.Facts.ContainsKey(id) || book.Series.ContainsKey(id) ? 0 : throw new UnboundException(id);
            yield return new("", Mark(id), Link(id));
            yield break;
        }

        var fact = book.Fact(id);
        if (format is "when")
        {
            yield return new(language.Text($"conditions.{fact.Conditions}"));
            _cites.Add(new(panel, slot, id, format, fact.Conditions, Mark(id)));
            yield break;
        }

        var shown = Format.Of(format, fact).Say(new(fact, language, outOf, forms.Length == 0 ? null : forms));
        // A version is a name that happens to be a number: it is traced, and carries no letter.
        if (fact.Unit is Unit.Number)
        {
            _cites.Add(new(panel, slot, id, format, shown, ""));
            yield return new(shown);
            yield break;
        }

        var mark = Mark(id);
        _cites.Add(new(panel, slot, id, format, shown, mark));
        yield return new(shown, mark, Link(id));
    }

    private string Link(string id) => book.Facts.TryGetValue(id, out var fact) ? fact.Source.Link : book.Series[id].Source.Link;

    private string Mark(string id)
    {
        if (!_marks.TryGetValue(id, out var mark))
            _marks[id] = mark = Letter(_marks.Count);
        return mark;
    }

    private static string Letter(int place) => place < Letters.Length ? $"{Letters[place]}" : Letter((place / Letters.Length) - 1) + Letters[place % Letters.Length];

    [GeneratedRegex(@"\{(?<id>[a-z0-9._-]+)(?:\|(?<format>[A-Za-z0-9]+)(?: (?<forms>[^{}]+))?)?\}")]
    private static partial Regex Place();
}
