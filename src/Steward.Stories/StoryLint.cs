using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Checks every telling of a story before anybody sees it: its words, its numbers, and its drawings in every form.</summary>
internal static class StoryLint
{
    private const int CaptionWords = 22, BubbleWords = 18, PanelsWithoutQuestion = 4;
    private const double Seconds = 120;

    /// <summary>The forms that people read on a screen; the others are the same panels at other sizes.</summary>
    private static readonly PageForm[] Forms = [PageForm.Page, PageForm.Phone];

    /// <summary>Every language and level.</summary>
    /// <exception cref="RefusedException">It cannot be told at all.</exception>
    public static List<Finding> Of(IStoryKind kind, FactBook book) => [.. Catalogue.All.SelectMany(language => Enum.GetValues<Level>().SelectMany(level => Of(kind, book, language, level)))];

    /// <summary>One telling.</summary>
    public static List<Finding> Of(IStoryKind kind, FactBook book, Catalogue language, Level level)
    {
        var where = $"{language.Code} {level.Word()}";
        try
        {
            var story = Storyteller.Tell(kind, book, language, level);
            return [.. Words(story).Concat(Numbers(story, kind)).Concat(Drawings(story)).Select(found => found with { Where = $"{where}, {found.Where}" })];
        }
        catch (CatalogueException missing)
        {
            return [new("text", where, missing.Message)];
        }
        catch (UnboundException unbound)
        {
            return [new("unbound", where, unbound.Message)];
        }
        catch (MissingGlyphException glyph)
        {
            return [new("glyph", where, glyph.Message)];
        }
        catch (NoRoomException narrow)
        {
            return [new("room", where, narrow.Message)];
        }
    }

    /// <summary>What the limits of each level are: reading grade, words, words in a sentence.</summary>
    private static (double Grade, int Words, int Sentence) Most(Level level) => level switch
    {
        Level.Child => (5, 190, 12),
        Level.Executive => (9, 230, 22),
        _ => (double.MaxValue, 300, 30),
    };

    private static IEnumerable<Finding> Words(Story story)
    {
        var most = Most(story.Level);
        var grammar = Language.All.FirstOrDefault(one => one.Code == story.Catalogue.Code);
        foreach (var panel in story.Panels)
        {
            if (Reading.WordsOf(panel.Caption).Count > CaptionWords)
                yield return new("caption", $"panel {panel.Number}", $"The caption has {Reading.WordsOf(panel.Caption).Count} words, at most {CaptionWords} are read.");
            foreach (var (speaker, words) in panel.Said.Where(said => Reading.WordsOf(said.Words).Count > BubbleWords))
                yield return new("bubble", $"panel {panel.Number}", $"{speaker} says {Reading.WordsOf(words).Count} words, at most {BubbleWords} are read.");
        }

        if (grammar is null)
            yield break;
        var read = Reading.Of(story.Text, grammar);
        if (read.Words > most.Words)
            yield return new("length", "all panels", $"{read.Words} words, at most {most.Words}.");
        if (read.SecondsAloud > Seconds)
            yield return new("length", "all panels", $"{read.SecondsAloud:0} s read aloud, at most {Seconds:0}.");
        if (grammar == Language.English && read.Grade > most.Grade)
            yield return new("reading", "all panels", $"Its reading grade is {read.Grade:0.0}, at most {most.Grade:0}.");
        if (read.LongestSentence > most.Sentence)
            yield return new("sentence", "all panels", $"A sentence has {read.LongestSentence} words, at most {most.Sentence}: {read.Longest}");
        foreach (var found in story.Level is Level.Child ? Child(story, grammar) : [])
            yield return found;
    }

    private static IEnumerable<Finding> Child(Story story, Language grammar)
    {
        var panels = story.Panels.Select(panel => string.Join(' ', panel.Words.Where(words => words.Length > 0).Select(Story.Sentence))).ToList();
        string[] named = [.. story.Book.Names.Values];
        if (grammar.Lexicon.Unknown(panels, named) is { Share: > 0.05 } unknown)
            yield return new("lexicon", "all panels", $"{unknown.Share:P0} of the words are none that a child knows: {string.Join(", ", unknown.Words.Take(8))}.");
        if (Reading.Of(story.Text, grammar).SecondsAlone(story.Panels.Count) is > Seconds and var seconds)
            yield return new("length", "all panels", $"A child alone takes {seconds:0} s, at most {Seconds:0}.");
        foreach (var term in Jargon.In(panels, grammar, named))
            yield return new("jargon", $"panel {term.Panel + 1}", $"'{term.Term.Name}' is not explained; say: {term.Term.Instead}.");
        foreach (var from in Enumerable.Range(0, Math.Max(0, story.Panels.Count - PanelsWithoutQuestion + 1)))
            if (!panels.Skip(from).Take(PanelsWithoutQuestion).Any(words => words.Contains('?', StringComparison.Ordinal)))
            {
                yield return new("question", $"panels {from + 1} to {from + PanelsWithoutQuestion}", "Nothing is asked here: a child wants to guess.");
                break;
            }
    }

    private static IEnumerable<Finding> Numbers(Story story, IStoryKind kind)
    {
        foreach (var cites in story.Cites.Where(cite => cite.Panel > 0).GroupBy(cite => cite.Panel))
        {
            var told = cites.Where(cite => story.Book.Facts.GetValueOrDefault(cite.Fact) is { Unit: not Unit.Number }).ToList();
            var facts = told.Select(cite => cite.Fact).Distinct().Select(story.Book.Fact).ToList();
            if (story.Level is Level.Child && Ideas.Count(kind.Beats.First(beat => beat.Key == story.Panels[cites.Key - 1].Beat), facts) > 1)
                yield return new("one-idea", $"panel {cites.Key}", $"It tells more than one thing: {string.Join(", ", facts.Select(fact => fact.Id))}. A child takes one.");
            var shares = told.Where(cite => story.Book.Facts[cite.Fact].Unit is Unit.Share && cite.Format is not "when").Select(cite => story.Book.Facts[cite.Fact]).Distinct().ToList();
            var unlike = shares.Select(fact => fact.Conditions).Distinct().Count();
            if (unlike > 1 && unlike > told.Count(cite => cite.Format is "when"))
                yield return new("conditions", $"panel {cites.Key}", $"It compares what was measured under different conditions: {string.Join(", ", shares.Select(fact => $"{fact.Id} ({fact.Conditions})"))}.");
        }
    }

    private static IEnumerable<Finding> Drawings(Story story)
    {
        foreach (var form in Forms)
        {
            var drawn = ComicPress.Draw(story.Comic, form, Palette.Day);
            foreach (var flaw in ComicChecks.Of(drawn))
                yield return new(flaw.Rule, $"{form.Name}, {flaw.Where}", flaw.What);
            foreach (var (told, panel) in story.Panels.Zip(drawn.Panels))
                foreach (var words in told.Words.Where(words => words.Length > 0 && words != panel.Caption && panel.Said.All(said => said.Text != words)))
                    yield return new("unshown", $"{form.Name}, panel {told.Number}", $"«{words}» is told and not drawn.");
        }
    }
}
