using System.Text.Json.Serialization;
using Steward.Drawing;

namespace Steward.Stories;

/// <summary>One story in one language for one kind of reader, with everything it says bound to its records.</summary>
/// <param name="Level">For whom.</param>
/// <param name="OutOf">The n of every "k of n" in it.</param>
/// <param name="Comic">Ready to be drawn in any form.</param>
public sealed record Story(
    FactBook Book, Catalogue Catalogue, Level Level, string Title, string Moral, string Limits, int OutOf, IReadOnlyList<StoryPanel> Panels, IReadOnlyList<Cite> Cites, Comic Comic)
{
    /// <summary>What people saw: the facts, and every word of this telling.</summary>
    public Digest Hash => FactHash.Of([Book.Hash.Hex, Catalogue.Code, Level.Word(), Title, Moral, Limits, .. Panels.SelectMany(panel => panel.Words)]);

    /// <summary>The whole text in reading order, as somebody would read it aloud.</summary>
    public string Text => string.Join(' ', ((string[])[Title, .. Panels.SelectMany(panel => panel.Words), Moral, Limits]).Where(words => words.Length > 0).Select(Sentence));

    /// <summary>A sign has no full stop, and is a sentence of its own all the same.</summary>
    internal static string Sentence(string words) => words[^1] is '.' or '!' or '?' or ':' ? words : words + ".";

    /// <summary>The sources in the order of their marks.</summary>
    public IReadOnlyList<SourceLine> Sources => Comic.Sources;
}

/// <summary>One panel as words.</summary>
/// <param name="Beat">Its place in the grammar: <c>setting</c>, <c>limits</c>.</param>
/// <param name="Alt">What the picture shows.</param>
/// <param name="Said">Bubbles in reading order.</param>
/// <param name="Signs">Words inside the picture.</param>
public sealed record StoryPanel(int Number, string Beat, string Alt, string Caption, IReadOnlyList<Speech> Said, IReadOnlyList<string> Signs)
{
    /// <summary>The texts with their facts and links, by slot, in the order of reading.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Slot, Phrase Words)> Phrases { get; init; } = [];

    public IEnumerable<string> Words => [.. (string[])[Caption], .. Signs, .. Said.Select(said => said.Words)];
}

/// <summary>What somebody says in a bubble.</summary>
public sealed record Speech(string Speaker, string Words);
