using Steward.Drawing;

namespace Steward.Stories;

/// <summary>
/// What a scene draws from: the facts of its beat, already bound texts, and the panel it draws on. A scene may be drawn
/// several times, at other sizes; what it shows is the same each time.
/// </summary>
internal sealed class Stage(Binder binder, Catalogue language, Beat beat, int number, IReadOnlyDictionary<string, Phrase> words)
{
    private static readonly HashSet<string> NotSaid = ["alt", "caption"];
    private Panel? _panel;

    public StoryPanel Panel => new(number, beat.Key, Plain("alt"), Plain("caption"), [.. Speakers.Select(speaker => new Speech(Who(speaker), words[speaker].Plain))], [.. words.Keys.Where(IsSign).Select(Plain)])
    {
        Phrases = [.. words.Where(text => text.Key is not "alt").OrderBy(text => text.Key is "caption" ? 0 : IsSign(text.Key) ? 1 : 2).Select(text => (text.Key, text.Value))],
    };

    public FactBook Book => binder.Book;

    public Tone Tone => beat.Tone;

    public Panel On => _panel ?? throw new InvalidOperationException("A scene is drawn on a panel.");

    public double Width => On.Width;

    public double Ground => On.Ground;

    /// <summary>The n of the story's "k of n".</summary>
    public int OutOf => binder.OutOf;

    /// <summary>Under the caption.</summary>
    public double Top => On.CaptionBottom;

    public Palette Palette => On.Palette;

    public bool Has(string slot) => words.ContainsKey(slot);

    /// <summary>The bound text of a slot.</summary>
    public Phrase Words(string slot) => words.TryGetValue(slot, out var text) ? text : throw new CatalogueException($"The beat '{beat.Key}' has no text '{slot}'.");

    /// <summary>What the picture itself shows, in the order of the beat.</summary>
    public IReadOnlyList<string> Shows => beat.Shows;

    public bool Is(string flag) => Book.Flags.Contains(flag);

    /// <summary>The kinds of things that this story's pictures show; a plain card where none is on record.</summary>
    public IReadOnlyList<string> Kinds => [.. Enumerable.Range(1, 3).Select(i => Book.Names.GetValueOrDefault($"kind.{i}", "picture"))];

    /// <summary>The version of a fact, or no version yet.</summary>
    public int VersionOr(string id, int coat = 1) => Book.Facts.TryGetValue(id, out var fact) ? (int)fact.Value : -coat;

    /// <summary>A count that the picture shows itself, with its mark.</summary>
    public (int Count, string Mark) Counted(string id) => ((int)Shown(id).Value, binder.Marks[id]);

    /// <summary>The mark beside a drawn count; where more are on record than a picture holds, a tag says how many, so that nobody counts the picture.</summary>
    public void Mark(string id, int drawn, Point at)
    {
        var (count, mark) = Counted(id);
        if (drawn == count)
            Signs.CountMark(On, mark, at);
        else
            Signs.TagOver(On, Phrase.Of(new Span($"× {count}", mark, Book.Fact(id).Source.Link)), at);
    }

    /// <summary>A share as seats: the same k of n as the words beside it.</summary>
    public (int Filled, int Of) Seats(string id) => (binder.Seats(Shown(id)), binder.OutOf);

    /// <summary>Where a needle points, 0 to 1: the red begins at two thirds, where the limit is.</summary>
    /// <param name="measured">The fact that is measured.</param>
    /// <param name="limit">Its limit; above it is bad.</param>
    public double Needle(string measured, string limit)
    {
        var (value, most) = (Shown(measured).Value, Book.Fact(limit).Value);
        return most <= 0 ? 0.9 : value <= most ? 0.05 + (0.58 * value / most) : Math.Min(0.96, 0.68 + (0.14 * ((value / most) - 1)));
    }

    /// <summary>A series that is drawn as a chart.</summary>
    public FactSeries Line(string id) => beat.Shows.Contains(id) ? Book.Line(id) : throw new UnboundException(id);

    private Fact Shown(string id) => beat.Shows.Contains(id) ? Book.Fact(id) : throw new UnboundException(id);

    public Catalogue Catalogue => language;

    /// <summary>Draws the whole beat: its alternative text, its caption, its scene, and what is said in it.</summary>
    public void Draw(Panel panel)
    {
        _panel = panel;
        panel.Alt = Plain("alt");
        panel.Caption(Words("caption"));
        beat.Draw(this);
        if (Speakers.Count > 0)
            panel.Say([.. Speakers.Select(speaker => (Who(speaker), words[speaker]))]);
    }

    /// <summary>The name that a speaker has in this language; a figure that speaks is placed under it.</summary>
    public string Who(string speaker) => language.Text($"speakers.{speaker}");

    /// <summary>Who says something in this panel.</summary>
    public IReadOnlyList<string> Speakers => [.. words.Keys.Where(slot => !NotSaid.Contains(slot) && !IsSign(slot))];

    private static bool IsSign(string slot) => slot.StartsWith("sign", StringComparison.Ordinal);

    private string Plain(string slot) => words.TryGetValue(slot, out var text) ? text.Plain : "";
}
