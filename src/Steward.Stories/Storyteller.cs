using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Tells a book of facts: takes the beats it has facts for, binds the texts, and hands every panel to its scene.</summary>
internal static class Storyteller
{
    private const int Fewest = 4, Most = 8, Usual = 20;

    /// <summary>Who reads percent gets seats that count the same.</summary>
    private const int Hundred = 100;

    /// <exception cref="RefusedException">Something required is not on record, or a share cannot be told honestly.</exception>
    public static Story Tell(IStoryKind kind, FactBook book, Catalogue language, Level level)
    {
        var beats = Beats(kind, book);
        var texts = beats.ConvertAll(beat => Texts(language, kind, beat, level, book));
        var (title, moral) = (Of(language, kind, "title", level, book), Of(language, kind, "moral", level, book));
        var binder = new Binder(book, language, level is Level.Child ? OutOf(book, [title, moral, .. texts.SelectMany(all => all.Select(text => text.Template))]) : Hundred);

        var titled = binder.Bind(title, 0, "title").Plain;
        var panels = new List<StoryPanel>();
        var scenes = new List<Scene>();
        foreach (var (beat, place) in beats.Select((beat, place) => (beat, place + 1)))
        {
            var words = texts[place - 1].ToDictionary(text => text.Slot, text => binder.Bind(text.Template, place, text.Slot), StringComparer.Ordinal);
            foreach (var shown in beat.Shows.Where(book.Has))
                binder.Draw(shown, place);
            var stage = new Stage(binder, language, beat, place, words);
            panels.Add(stage.Panel);
            scenes.Add(stage.Draw);
        }

        var (moralled, limits) = (binder.Bind(moral, 0, "moral"), binder.Bind(Limits(language, kind, book, level), 0, "limits"));
        var comic = new Comic(titled, Subtitle(language, kind, book), language.Code, scenes, moralled, limits, language.Text("words.sources"), Sources(binder, language, kind))
        {
            Banner = book.IsExample ? language.Text("words.example") : null,
            Emblem = Scenes.Emblem(kind.Name),
        };
        return new(book, language, level, titled, moralled.Plain, limits.Plain, binder.OutOf, panels, binder.Cites, comic);
    }

    /// <summary>The beats whose facts are on record; refuses with the list of what is missing.</summary>
    private static List<Beat> Beats(IStoryKind kind, FactBook book)
    {
        List<Beat> all = [.. kind.Beats.Where(beat => beat.Unless is null || !book.Has(beat.Unless))];
        var missing = all.Where(beat => beat.Required).SelectMany(beat => beat.Needs.Where(need => !book.Has(need))).Distinct(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new RefusedException(book, $"These facts are not on record yet: {string.Join(", ", missing.Select(id => Described(kind, book, id)))}.", missing);
        var told = all.FindAll(beat => beat.Needs.All(book.Has));
        while (told.Count > Most && told.FindLast(beat => beat.Spare) is { } spare)
            told.Remove(spare);
        return told.Count >= Fewest
            ? told
            : throw new RefusedException(book, $"Only {Say.Count(told.Count, "panel")} could be told, and a story has at least {Fewest}.", [.. all.SelectMany(beat => beat.Needs.Where(need => !book.Has(need))).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>What is missing, in words where there are any.</summary>
    private static string Described(IStoryKind kind, FactBook book, string id)
        => (Catalogue.English.Find($"facts.{kind.Name}.{id}") ?? Catalogue.English.Find($"facts.{id}")) is { } words ? $"{Filled(words, book)} ({id})" : id;

    /// <summary>One n for every share of the story, so that all of them compare.</summary>
    private static int OutOf(FactBook book, IEnumerable<string> templates)
    {
        var shares = templates.SelectMany(Binder.Shares).Distinct(StringComparer.Ordinal).Select(book.Fact).Where(fact => fact.Unit is Unit.Share).ToList();
        try
        {
            return shares.Count == 0 ? Usual : shares.GroupBy(fact => fact.Better).Max(group => NaturalFrequency.Tell([.. group.Select(fact => fact.Value)], group.Key).Of);
        }
        catch (ToldTooRoughlyException rough)
        {
            throw new RefusedException(book, rough.Message, []);
        }
    }

    /// <summary>The texts of a beat in the order of the file. A slot <c>caption@doubt</c> takes the place of <c>caption</c> when the flag is on record.</summary>
    private static List<(string Slot, string Template)> Texts(Catalogue language, IStoryKind kind, Beat beat, Level level, FactBook book)
    {
        var path = $"stories.{kind.Name}.beats.{beat.Key}.{level.Word()}.";
        var all = language.Paths.Where(text => text.StartsWith(path, StringComparison.Ordinal)).Select(text => (Slot: text[path.Length..].Split('@')[0], Flag: text[path.Length..].Split('@').ElementAtOrDefault(1), Text: language.Text(text))).ToList();
        var texts = all.Where(text => text.Flag is null).Select(text => (text.Slot, all.Find(other => other.Slot == text.Slot && other.Flag is { } flag && book.Has(flag)).Text ?? text.Text)).ToList();
        if (language.Find($"stories.{kind.Name}.beats.{beat.Key}.alt") is { } alt)
            texts.Add(("alt", alt));
        return texts.Count > 1 ? texts : throw new CatalogueException($"The language '{language.Code}' has no texts under '{path}'.");
    }

    private static string Of(Catalogue language, IStoryKind kind, string what, Level level, FactBook book)
        => book.Flags.Select(flag => language.Find($"stories.{kind.Name}.{what}.{level.Word()}@{flag}")).FirstOrDefault(text => text is not null)
            ?? language.Find($"stories.{kind.Name}.{what}.{level.Word()}") ?? language.Text($"stories.{kind.Name}.{what}");

    /// <summary>What nobody checked: one line for each that applies, by what is on record.</summary>
    private static string Limits(Catalogue language, IStoryKind kind, FactBook book, Level level)
    {
        var path = $"stories.{kind.Name}.limits.";
        var lines = language.Paths.Where(text => text.StartsWith(path, StringComparison.Ordinal))
            .Select(text => (Need: text[path.Length..].Split('.')[0], Level: text[path.Length..].Split('.').ElementAtOrDefault(1), Text: language.Text(text)))
            .Where(line => line.Level is null || line.Level == level.Word())
            .Where(line => line.Need is "base" || book.Has(line.Need))
            .Select(line => line.Text).ToList();
        return lines.Count > 0
            ? language.Text(kind.Explains ? "words.left_out" : "words.limits") + " " + string.Join(" ", lines)
            : throw new RefusedException(book, "Nothing says what was not checked, and a story without its limits is not told.", ["limits"]);
    }

    /// <summary>What happened is headed true or made up; what explains happened nowhere, and says that it explains.</summary>
    private static string Subtitle(Catalogue language, IStoryKind kind, FactBook book) => kind.Explains
        ? language.Text("words.explains")
        : language.Text(book.IsExample ? "words.made_up" : "words.true_story").Replace("{project}", Lettering.Name(book.Project), StringComparison.Ordinal)
            .Replace("{day}", book.Facts.Values.Max(fact => fact.At).ToString(language.Text("formats.day"), language.Culture), StringComparison.Ordinal);

    private static List<SourceLine> Sources(Binder binder, Catalogue language, IStoryKind kind) => [.. binder.Marks.Select(mark =>
    {
        var what = Filled(language.Find($"facts.{kind.Name}.{mark.Key}") ?? language.Text($"facts.{mark.Key}"), binder.Book);
        return binder.Book.Facts.TryGetValue(mark.Key, out var fact)
            ? new SourceLine(mark.Value, $"{what}: {Format.Exact(fact, language)}{(fact.Source.Kind is Source.Example ? $" ({language.Text("words.as_example")})" : "")}", fact.Source.Link)
            : new SourceLine(mark.Value, $"{what}: {binder.Book.Series[mark.Key].Y.Count}", binder.Book.Series[mark.Key].Source.Link);
    })];

    /// <summary>Names and versions in the words for a fact.</summary>
    private static string Filled(string text, FactBook book)
    {
        foreach (var (key, name) in book.Names)
            text = text.Replace($"{{{key}}}", Lettering.Name(name), StringComparison.Ordinal);
        foreach (var fact in book.Facts.Values.Where(fact => fact.Unit is Unit.Number))
            text = text.Replace($"{{{fact.Id}}}", $"{fact.Value:0}", StringComparison.Ordinal);
        return text;
    }
}

/// <summary>The story cannot be told honestly. It says why, and what is missing.</summary>
public sealed class RefusedException(FactBook book, string why, IReadOnlyList<string> missing) : Exception($"The story '{book.Kind}' about '{book.Subject}' is not told. {why}")
{
    public IReadOnlyList<string> Missing { get; } = missing;
}
