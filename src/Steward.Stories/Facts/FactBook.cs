using System.Globalization;
using System.Text.Json.Serialization;
using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Everything that one story may say: facts, series, and the names that people gave to things.</summary>
/// <param name="Kind">Which story: <c>release</c>, <c>incident</c>.</param>
/// <param name="Subject">What it is about: <c>fruit@2</c>, <c>1</c>.</param>
/// <param name="Names">Names as they stand on record, by placeholder: <c>model</c> is <c>fruit</c>. They are data, never text.</param>
/// <param name="Flags">What is so, as words that beats ask for: <c>back</c> when the version before came back.</param>
public sealed record FactBook(
    string Project, string Kind, string Subject, IReadOnlyDictionary<string, Fact> Facts, IReadOnlyDictionary<string, FactSeries> Series,
    IReadOnlyDictionary<string, string> Names, IReadOnlyList<string> Flags)
{
    private const int LongestWord = 22;

    /// <summary>Set when what is told did not happen here: the story is headed as an example.</summary>
    public bool IsExample { get; init; }

    /// <summary>Whether people were hurt or may have been: no jokes, no confetti.</summary>
    public bool IsGrave { get; init; }

    /// <summary>Of all facts, series, names and flags.</summary>
    [JsonIgnore]
    public Digest Hash => FactHash.Of([
        Project, Kind, Subject, IsExample ? "example" : "real", IsGrave ? "grave" : "light",
        .. Facts.Values.OrderBy(fact => fact.Id, StringComparer.Ordinal).Select(fact => fact.Hash.Hex),
        .. Series.Values.OrderBy(series => series.Id, StringComparer.Ordinal).Select(series => series.Hash.Hex),
        .. Names.OrderBy(name => name.Key, StringComparer.Ordinal).SelectMany(name => (string[])[name.Key, name.Value]),
        .. Flags.Order(StringComparer.Ordinal)]);

    /// <summary>
    /// The book as it stood for those who decide: what people then did about it (their votes, the promotion that followed, the
    /// endpoint that serves) is no fact that they were asked to know. The quiz asks about this book, and a pass holds for it.
    /// </summary>
    [JsonIgnore]
    public FactBook Asked => Kind is not "release" ? this : this with
    {
        Facts = Facts.Where(fact => fact.Key is not ("signers" or "signed.at" or "promoted")).ToDictionary(StringComparer.Ordinal),
        Names = Names.Where(name => name.Key is not "endpoint").ToDictionary(StringComparer.Ordinal),
        Flags = [.. Flags.Where(flag => flag is not ("approved" or "not-approved" or "serves")), .. Facts.ContainsKey("parties") ? (string[])["not-approved"] : []],
    };

    /// <summary>A name as it is drawn: cleaned, and no word of it so long that it would leave a phone's caption.</summary>
    public string Shown(string id)
    {
        var name = Lettering.Name(Names.TryGetValue(id, out var found) ? found : throw new UnboundException(id));
        return string.Join(' ', name.Split(' ').Select(word => new StringInfo(word) is { LengthInTextElements: > LongestWord } whole ? whole.SubstringByTextElements(0, LongestWord - 1) + "…" : word));
    }

    public bool Has(string id) => Facts.ContainsKey(id) || Series.ContainsKey(id) || Names.ContainsKey(id) || Flags.Contains(id);

    public Fact Fact(string id) => Facts.TryGetValue(id, out var fact) ? fact : throw new UnboundException(id);

    public FactSeries Line(string id) => Series.TryGetValue(id, out var series) ? series : throw new UnboundException(id);
}

/// <summary>A telling says something that is not on record.</summary>
public sealed class UnboundException(string id) : Exception($"Nothing on record is called '{id}': a story may not say it.")
{
    public string Id { get; } = id;
}
