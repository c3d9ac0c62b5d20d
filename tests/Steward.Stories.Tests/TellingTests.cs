using Steward.Drawing;

namespace Steward.Stories.Tests;

/// <summary>Every kind of story, in every language, for every reader.</summary>
public class TellingTests
{
    public static TheoryData<string, string, Level> Tellings => [.. from kind in Books.All from language in Catalogue.All from level in Enum.GetValues<Level>() select (kind, language.Code, level)];

    [Theory]
    [MemberData(nameof(Tellings))]
    public void Every_check_of_every_telling_is_clean(string kind, string language, Level level)
        => Assert.Empty(StoryLint.Of(Books.Kinds.Of(kind), Books.Of(kind), Catalogue.Of(language), level));

    [Fact]
    public void One_and_a_bit_is_more_than_one()
        => Assert.EndsWith("1.2 times its limit.", Tell("incident", "en", Level.Executive).Panels[2].Caption, StringComparison.Ordinal);

    [Fact]
    public void A_week_with_a_single_busy_day_is_told_clean_and_by_leaves_instead_of_bars()
    {
        var book = Books.Week().Line(new("days", [.. Enumerable.Range(0, 7).Select(day => (double)new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero).AddDays(day).ToUnixTimeSeconds())], [0, 0, 0, 0, 0, 0, 800], Unit.Count, true, Books.From("endpoint"))).Count("busy.days", 1, Books.From("endpoint"), default).Close();
        Assert.Empty(StoryLint.Of(Books.Kinds.Of("week"), book));
        var panel = ComicPress.Draw(Tell(book).Comic, PageForm.Page, Palette.Day).Panels[1];
        Assert.Equal(["Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue"], panel.Said.Select(said => said.Text).Where(text => text.Length == 3));
    }

    public static TheoryData<string, bool> TakenBack => [("release", true), ("release", false), ("incident", true), ("incident", false)];

    /// <summary>A version that was taken back by hand, or by its own figures while it was on trial.</summary>
    [Theory]
    [MemberData(nameof(TakenBack))]
    public void What_was_taken_back_is_told_clean_and_no_panel_more(string kind, bool byHand)
    {
        var book = Books.TakenBack(kind, byHand);
        Assert.Empty(StoryLint.Of(Books.Kinds.Of(kind), book));
        foreach (var (language, level) in from language in Catalogue.All from level in Enum.GetValues<Level>() select (language, level))
        {
            var panels = Storyteller.Tell(Books.Kinds.Of(kind), book, language, level).Panels;
            Assert.InRange(panels.Count, 4, 8);
            Assert.Equal(kind is "release" ? ["returned"] : byHand ? ["problem", "notice", "back"] : ["tried", "stopped", "back"], panels.Select(panel => panel.Beat).Where(beat => beat is "returned" or "back" or "problem" or "notice" or "tried" or "stopped"));
        }
    }

    /// <summary>A kind with one of its optional panels missing, or with all of them.</summary>
    public static TheoryData<string, string> Missing => [.. from kind in Books.Kinds.All from beat in kind.Beats.Where(beat => !beat.Required).Select(beat => beat.Key).Append("all of them") where kind.Beats.Any(beat => !beat.Required) select (kind.Name, beat)];

    [Theory]
    [MemberData(nameof(Missing))]
    public void Whichever_optional_panel_is_missing_the_rest_is_clean(string kind, string beat)
    {
        var told = Books.Kinds.Of(kind);
        var required = told.Beats.Where(one => one.Required).SelectMany(one => one.Needs).ToHashSet();
        var gone = told.Beats.Where(one => !one.Required && (one.Key == beat || beat == "all of them")).SelectMany(one => one.Needs.Except(required)).ToHashSet();
        var full = Books.Of(kind);
        var book = full with
        {
            Facts = full.Facts.Where(fact => !gone.Contains(fact.Key)).ToDictionary(), Series = full.Series.Where(series => !gone.Contains(series.Key)).ToDictionary(), Flags = [.. full.Flags.Where(flag => !gone.Contains(flag))],
        };
        foreach (var language in Catalogue.All)
            try
            {
                Assert.Empty(Enum.GetValues<Level>().SelectMany(level => StoryLint.Of(told, book, language, level)));
            }
            catch (RefusedException refused)
            {
                Assert.Contains("at least", refused.Message, StringComparison.Ordinal);
            }
    }

    [Theory]
    [MemberData(nameof(Tellings))]
    public void Every_form_and_palette_is_drawn_clean(string kind, string language, Level level)
    {
        var story = Tell(kind, language, level);
        foreach (var (form, palette) in from form in new[] { PageForm.Slide, PageForm.Print, PageForm.Page } from palette in new[] { Palette.Day, Palette.Evening } select (form, palette))
            Assert.Empty(ComicChecks.Of(ComicPress.Draw(story.Comic, form, palette)));
    }

    [Theory]
    [MemberData(nameof(Tellings))]
    public void Every_slide_of_the_deck_is_drawn_clean_and_is_picture_for_nine_parts_of_ten(string kind, string language, Level level)
        => Assert.All(Deck.Slides(Tell(kind, language, level)), slide =>
        {
            Assert.Empty(ComicChecks.Of(slide));
            Assert.True(slide.Panels[0].Box.Area >= 0.9 * slide.Width * slide.Height);
        });

    [Theory]
    [MemberData(nameof(Tellings))]
    public void The_same_facts_give_the_same_bytes(string kind, string language, Level level)
        => Assert.Equal(Svg(Tell(kind, language, level)), Svg(Tell(kind, language, level)));

    [Theory]
    [MemberData(nameof(Tellings))]
    public void Every_number_that_is_shown_leads_to_its_source(string kind, string language, Level level)
    {
        var story = Tell(kind, language, level);
        Assert.All(story.Cites.Where(cite => cite.Mark.Length > 0), cite => Assert.Contains(story.Sources, line => line.Mark == cite.Mark && line.Link is { Length: > 1 }));
        Assert.All(story.Panels.SelectMany(panel => panel.Phrases).SelectMany(text => text.Words.Spans).Where(span => span.Text.Any(char.IsAsciiDigit) && span.Mark is null), span
            => Assert.True(IsNamed(story.Book, span.Text), $"'{span.Text}' holds a digit and no mark"));
    }

    [Theory]
    [InlineData("release")]
    [InlineData("incident")]
    public void All_readers_get_the_same_facts(string kind)
        => Assert.Single(Tellings.Select(row => row.Data).Where(row => row.Item1 == kind).Select(row => Tell(kind, row.Item2, row.Item3).Book.Hash).Distinct());

    [Fact]
    public void A_changed_fact_changes_the_hash_and_the_picture()
    {
        var (before, after) = (Books.Of("release"), Books.Release().Share("new.right", 0.9, 645, Books.From("version"), default, "test:pictures@2").Close());
        Assert.NotEqual(before.Hash, after.Hash);
        Assert.NotEqual(Svg(Tell(before)), Svg(Tell(after)));
        Assert.NotEqual(Tell(before).Hash, Tell(after).Hash);
    }

    [Fact]
    public void What_is_required_and_missing_refuses_the_story_with_its_list()
    {
        var book = new Recorder("fruit", "release", "fruit@1").Number("new.version", 1, Books.From("version"), default).Count("new.kinds", 8, Books.From("version"), default).Close();
        var refused = Assert.Throws<RefusedException>(() => Tell(book));
        Assert.Equal(["new.learned", "new.right", "new.tested", "gates", "gates.passed", "new.weakest", "new.weakest.found"], refused.Missing);
    }

    [Fact]
    public void What_did_not_happen_here_is_headed_as_an_example()
    {
        var story = Tell(Books.Of("deployment"));
        Assert.Equal("Example", story.Comic.Banner);
        Assert.StartsWith("A made-up story", story.Comic.Subtitle, StringComparison.Ordinal);
        Assert.Null(Tell(Books.Of("release")).Comic.Banner);
    }

    [Fact]
    public void Shares_of_one_story_are_told_out_of_one_number_and_the_seats_beside_them_count_the_same()
    {
        var story = Tell(Books.Of("incident"));
        var told = story.Cites.Where(cite => cite.Format is "of").ToDictionary(cite => cite.Fact, cite => cite.Shown);
        Assert.Equal(["19 out of 20", "17 out of 20", "18 out of 20"], [told["old.right"], told["old.told"], told["new.told"]]);
        Assert.Equal(["19 of 20", "17 of 20", "18 of 20"], new[] { "old.right", "old.told", "new.told" }.Select(id => story.Cites.Single(cite => cite.Fact == id && cite.Slot == "drawn").Shown));
    }

    [Fact]
    public void More_than_a_picture_holds_is_said_beside_it()
    {
        var story = Tell(Books.Release().Count("gates", 15, Books.From("gate"), default).Count("gates.passed", 14, Books.From("gate"), default).Count("signers", 5, Books.From("sign-off"), default).Close());
        var drawn = ComicPress.Draw(story.Comic, PageForm.Page, Palette.Day);
        Assert.Empty(ComicChecks.Of(drawn));
        Assert.Equal(["× 15", "× 5"], drawn.Panels.SelectMany(panel => panel.Said).Select(said => said.Text).Where(text => text.StartsWith('×')));
    }

    [Fact]
    public void Grave_stories_have_no_confetti()
    {
        Assert.True(Svg(Tell(Books.Of("release") with { IsGrave = true })).Length < Svg(Tell(Books.Of("release"))).Length - 1000);
    }

    [Theory]
    [MemberData(nameof(Tellings))]
    public void Slides_on_paper_are_as_many_as_panels_and_who_decides_gets_one_sheet(string kind, string language, Level level)
    {
        var story = Tell(kind, language, level);
        Assert.Equal(story.Panels.Count, Pages(SkiaPress.Pdf(Deck.Slides(story))));
        var drawn = ComicPress.Draw(story.Comic, Forms.OnPaper(level), Palette.OnPaper);
        Assert.Empty(ComicChecks.Of(drawn));
        Assert.True(level is not Level.Executive || drawn.Height <= drawn.SheetHeight, $"{drawn.Height} px on sheets of {drawn.SheetHeight}");
    }

    [Fact]
    public void A_deck_needs_nothing_from_elsewhere()
    {
        var html = Deck.Html(Tell(Books.Of("incident")));
        Assert.DoesNotMatch("""(?:src|href)="?(?:https?:)?//""", html);
        Assert.Contains("script-src 'sha256-", Deck.ContentPolicy, StringComparison.Ordinal);
        Assert.Equal(Tell(Books.Of("incident")).Panels.Count + 3, html.Split("<section").Length - 1);
    }

    internal static Story Tell(string kind, string language, Level level) => Storyteller.Tell(Books.Kinds.Of(kind), Books.Of(kind), Catalogue.Of(language), level);

    internal static Story Tell(FactBook book) => Storyteller.Tell(Books.Kinds.Of(book.Kind), book, Catalogue.English, Level.Child);

    private static string Svg(Story story) => SvgWriter.Write(ComicPress.Draw(story.Comic, PageForm.Page, Palette.Day), embedFonts: false);

    private static int Pages(byte[] pdf) => System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b");

    /// <summary>Versions and references are names that hold a number.</summary>
    private static bool IsNamed(FactBook book, string text) => book.Facts.Values.Any(fact => fact.Unit is Unit.Number && text == $"{fact.Value:0}") || book.Names.Values.Any(name => text.Contains(name, StringComparison.Ordinal)) || text.Contains("F1", StringComparison.Ordinal);
}
