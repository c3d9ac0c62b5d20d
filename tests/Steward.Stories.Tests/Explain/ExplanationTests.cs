using Steward.Drawing;

namespace Steward.Stories.Tests;

/// <summary>Ten words of the trade, for a child.</summary>
public class ExplanationTests
{
    private const double Grade = 5, Seconds = 60;

    private static readonly Source Record = new("project", "steward.yaml", "/projects/fruit/settings");

    [Fact]
    public void What_the_mission_names_is_explained()
        => Assert.Equal(["active-learning", "canary", "confidence", "container", "drift", "kubernetes", "overfitting", "sign-off", "supervised", "unsupervised"], Explained.Topics.All.Select(topic => topic.Key).Order());

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void Every_check_of_stories_finds_nothing(string topic, string language)
    {
        var found = StoryLint.Of(Explained.Topics.Of(topic), Explained.Book(topic), Catalogue.Of(language), Level.Child);
        Assert.True(found.Count == 0, string.Join("\n", found.Select(one => $"{one.Rule}, {one.Where}: {one.What}")));
    }

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void A_child_of_ten_reads_it_and_it_is_spoken_in_a_minute(string topic, string language)
    {
        var story = Explained.Tell(topic, language);
        var read = Reading.Of(story.Text, Language.Of(language));
        Assert.InRange(story.Panels.Count, 5, 6);
        Assert.True(read.Grade <= Grade, $"grade {read.Grade:0.0}");
        Assert.True(read.SecondsAloud <= Seconds, $"{read.SecondsAloud:0} s");
        Assert.InRange(read.LongestSentence, 1, 12);
    }

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void No_word_of_the_trade_stands_there_unexplained(string topic, string language)
    {
        var panels = Explained.Tell(topic, language).Panels.Select(panel => string.Join(' ', panel.Words.Where(words => words.Length > 0).Select(Story.Sentence)));
        Assert.Empty(Jargon.In(panels, Language.Of(language), ["mango", "papaya", "kiwi"]));
    }

    [Theory]
    [MemberData(nameof(Explained.Keys), MemberType = typeof(Explained))]
    public void It_says_that_it_explains_and_what_it_leaves_out(string topic)
    {
        var comic = Explained.Tell(topic).Comic;
        Assert.Equal("An explanation for anybody", comic.Subtitle);
        Assert.Null(comic.Banner);
        Assert.NotNull(comic.Emblem);
        Assert.StartsWith("Not in these pictures:", comic.Limits.Plain, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void An_example_is_called_one_and_an_own_figure_is_not(string topic, string language)
    {
        var example = $"({Catalogue.Of(language).Text("words.as_example")})";
        Assert.All(Explained.Tell(topic, language).Sources, line => Assert.EndsWith(example, line.Text, StringComparison.Ordinal));
        var own = Explained.Tell(topic, language, all => Own(all));
        Assert.Contains(own.Sources, line => !line.Text.EndsWith(example, StringComparison.Ordinal));
        Assert.Equal(Explained.Tell(topic, language).Sources.Count, own.Sources.Count);
    }

    /// <summary>Figures at the ends of what projects have.</summary>
    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void Other_figures_fit_too(string topic, string language)
    {
        foreach (var most in new[] { false, true })
            Assert.Empty(StoryLint.Of(Explained.Topics.Of(topic), Explained.Book(topic, all => Own(all, most)), Catalogue.Of(language), Level.Child));
    }

    [Theory]
    [MemberData(nameof(Explained.Keys), MemberType = typeof(Explained))]
    public void It_is_drawn_in_the_evening_on_paper_and_panel_by_panel(string topic)
    {
        var comic = Explained.Tell(topic).Comic;
        Assert.Empty(ComicChecks.Of(ComicPress.Draw(comic, PageForm.Phone, Palette.Evening)));
        Assert.Empty(ComicChecks.Of(ComicPress.Draw(comic, PageForm.Print, Palette.OnPaper)));
        for (var panel = 0; panel < comic.Panels.Count; panel++)
            Assert.True(ComicPress.DrawPanel(comic, panel, 620, 440, Palette.Day).Panels[0].Caption.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Explained.Keys), MemberType = typeof(Explained))]
    public void The_trial_language_fits_although_it_is_a_third_longer(string topic)
    {
        var story = Storyteller.Tell(Explained.Topics.Of(topic), Explained.Book(topic), Catalogue.English.With("xx", (_, text) => Pseudo.Of(text)), Level.Child);
        foreach (var form in new[] { PageForm.Page, PageForm.Phone })
            Assert.Empty(ComicChecks.Of(ComicPress.Draw(story.Comic, form, Palette.Day)));
    }

    [Fact]
    public void A_project_about_other_things_gets_cards_with_its_own_names()
    {
        void Screws(Recorder all) => all.Name("kind.1", "scratched").Name("kind.2", "bent").Name("kind.3", "whole");
        Assert.Contains("scratched", Explained.Tell("supervised", "en", Screws).Text, StringComparison.Ordinal);
        Assert.Empty(StoryLint.Of(Explained.Topics.Of("supervised"), Explained.Book("supervised", Screws), Catalogue.English, Level.Child));
    }

    [Theory]
    [InlineData("pod", "kubernetes")]
    [InlineData("Active Learning", "active-learning")]
    [InlineData("SIGN_OFF", "sign-off")]
    public void A_word_is_found_as_people_say_it(string word, string topic) => Assert.Equal(topic, Explained.Topics.Of(word).Key);

    [Fact]
    public void An_unknown_word_names_the_known_ones() => Assert.Contains("canary", Assert.Throws<ProblemException>(() => Explained.Topics.Of("blockchain")).Try, StringComparison.Ordinal);

    private static void Own(Recorder all, bool most = true)
    {
        var at = new DateTimeOffset(2026, 3, 10, 14, 12, 0, TimeSpan.Zero);
        all.Number("new.version", most ? 212 : 1, Record, at).Count("things", most ? 6 : 2, Record, at).Count("rooms", most ? 6 : 2, Record, at).Count("left", most ? 5 : 1, Record, at)
            .Count("named", most ? 1_250_000 : 1, Record, at).Count("pictures", most ? 1_250_000 : 1, Record, at).Count("window", most ? 1000 : 20, Record, at).Count("limit", most ? 400 : 1, Record, at)
            .Count("asked", most ? 1000 : 1, Record, at).Share("share", most ? 0.5 : 0.01, 0, Record, at, "traffic").Count("parties", most ? 6 : 1, Record, at)
            .Share("train", most ? 1 : 0.7, 3000, Record, at, "book").Share("test", most ? 0.5 : 0.69, 600, Record, at, "new")
            .Share("right", most ? 0.995 : 0.4, 200, Record, at, "sure-told").Share("sure", most ? 1 : 0.3, 900, Record, at, "answers");
    }
}
