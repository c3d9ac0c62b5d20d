using System.Text.RegularExpressions;
using Steward.Drawing;

namespace Steward.Stories.Tests;

public partial class CatalogueTests
{
    public static TheoryData<string> Languages => [.. Catalogue.All.Select(language => language.Code)];

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_text_claims_blames_or_gloats_and_none_is_missing(string language) 
    {
        var found = CatalogueLint.Of(Catalogue.Of(language)).ToList();
        Assert.True(found.Count == 0, string.Join("\n", found.Select(one => $"{one.Where}: {one.What}")));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_translation_shows_the_facts_of_the_original(string language)
        => Assert.All(Catalogue.English.Paths.Where(path => path.StartsWith("stories.", StringComparison.Ordinal) && Catalogue.Of(language).Find(path) is not null), path
            => Assert.Empty(Facts(Catalogue.English.Text(path)).Except(Facts(Catalogue.Of(language).Text(path)))));

    [Fact]
    public void The_trial_language_fits_everywhere_although_it_is_a_third_longer()
    {
        var pseudo = Catalogue.English.With("xx", (_, text) => Pseudo.Of(text));
        foreach (var kind in Books.Kinds.All)
        {
            var story = Storyteller.Tell(kind, Books.Of(kind.Name), pseudo, Level.Child);
            foreach (var form in new[] { PageForm.Page, PageForm.Phone })
                Assert.Empty(ComicChecks.Of(ComicPress.Draw(story.Comic, form, Palette.Day)));
            Assert.DoesNotContain(story.Panels.SelectMany(panel => panel.Words), words => English().IsMatch(words));
        }
    }

    [Theory]
    [InlineData("one-other", 1, 0)]
    [InlineData("one-other", 0, 1)]
    [InlineData("french", 0, 0)]
    [InlineData("polish", 22, 1)]
    [InlineData("polish", 12, 2)]
    [InlineData("slavic", 21, 0)]
    [InlineData("slavic", 11, 2)]
    public void Forms_of_words_go_with_their_counts(string rule, long count, int form) => Assert.Equal(form, Plural.Form(rule, count));

    [Theory]
    [InlineData(1, "1 picture")]
    [InlineData(3229, "3,229 pictures")]
    public void English_counts(long count, string said) => Assert.Equal(said, Said("{n|n picture/pictures}", count, Catalogue.English));

    [Fact]
    public void German_counts_and_dates()
    {
        Assert.Equal("3.229 Bilder", Said("{n|n Bild/Bilder}", 3229, Catalogue.Of("de")));
        Assert.Equal("Dienstag, 10. März 2026, 14:12 Uhr", Moment("{n|weekday}, {n|day}, {n|clock}", Catalogue.Of("de")));
        Assert.Equal("Tuesday, 10 March 2026, 2:12 pm", Moment("{n|weekday}, {n|day}, {n|clock}", Catalogue.English));
    }

    [Fact]
    public void An_unknown_language_names_the_known_ones() => Assert.Contains("en, de", Assert.Throws<ProblemException>(() => Catalogue.Of("tlh")).Try, StringComparison.Ordinal);

    private static string Said(string template, long count, Catalogue language)
        => new Binder(new Recorder("p", "k", "s").Count("n", count, Books.From("run"), default).Close(), language, 20).Bind(template, 1, "caption").Plain;

    private static string Moment(string template, Catalogue language)
        => new Binder(new Recorder("p", "k", "s").Moment("n", new(2026, 3, 10, 14, 12, 0, TimeSpan.Zero), Books.From("run")).Close(), language, 20).Bind(template, 1, "caption").Plain;

    private static IEnumerable<string> Facts(string template) => Placeholder().Matches(template).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"\{([a-z0-9._-]+)\|")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(the|this|and|them|people)\b")]
    private static partial Regex English();
}
