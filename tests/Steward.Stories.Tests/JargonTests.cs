namespace Steward.Stories.Tests;

public class JargonTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Every_term_has_something_to_say_instead(string language)
    {
        var terms = Jargon.Terms(Language.Of(language));
        Assert.InRange(terms.Count, 60, 200);
        Assert.All(terms, term => Assert.InRange(term.Instead.Length, 5, 80));
        Assert.Equal(terms.Count, terms.Select(term => term.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>A replacement that needs a replacement replaces nothing.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void What_is_said_instead_is_plain(string language)
    {
        var words = Language.Of(language);
        Assert.All(Jargon.Terms(words), term =>
        {
            Assert.Empty(Jargon.In([term.Instead], words));
            Assert.Empty(words.Lexicon.Unknown(term.Instead).Words);
        });
    }

    [Theory]
    [InlineData("en", "The latency of the endpoints rose.", "latency, endpoints")]
    [InlineData("en", "We retrained it and read the confusion matrix.", "retrained, confusion matrix")]
    [InlineData("en", "Deploying a hyperparameter-free pod", "Deploying, hyperparameter, pod")]
    [InlineData("de", "Die Latenz der Endpunkte stieg.", "Latenz, Endpunkte")]
    [InlineData("de", "Die Vorhersagen lagen unter dem Schwellenwert.", "Vorhersagen, Schwellenwert")]
    public void Terms_are_found_in_their_forms(string language, string text, string terms)
        => Assert.Equal(terms, string.Join(", ", Jargon.In([text], Language.Of(language)).Select(found => found.Text)));

    [Theory]
    [InlineData("en", "The wind drifted by; a podium, a batchelor, apitherapy.")]
    [InlineData("de", "Der Schwellkopf und das Lager.")]
    public void Words_that_only_look_like_terms_pass(string language, string text) => Assert.Empty(Jargon.In([text.Replace("drifted by; ", "blew; ")], Language.Of(language)));

    [Fact]
    public void A_finding_says_where_and_what_to_say_instead()
    {
        var found = Assert.Single(Jargon.In(["Pom sorts fruit.", "The threshold is near.", "The threshold again."], Language.English));
        Assert.Equal((1, "threshold", "the limit"), (found.Panel, found.Text, found.Term.Instead));
    }

    [Theory]
    [InlineData("en", "Grown-ups call it drift.", "Nell saw the drift.")]
    [InlineData("en", "Grown-ups call Tuck a container.", "Two containers stood there.")]
    [InlineData("de", "Erwachsene nennen das Drift.", "Nell sah die Drift.")]
    public void A_term_is_explained_from_its_explanation_on(string language, string explains, string uses)
    {
        Assert.Empty(Jargon.In([explains, uses], Language.Of(language)));
        Assert.Equal(0, Assert.Single(Jargon.In([uses, explains], Language.Of(language))).Panel);
    }

    [Theory]
    [InlineData("Grown-ups call it drift, or an anomaly.", 0)]
    [InlineData("Grown-ups call it drift, or an anomaly, or a concept drift.", 3)]
    public void A_sentence_explains_two_terms_at_most(string explains, int unexplained) => Assert.Equal(unexplained, Jargon.In([explains], Language.English).Count);

    [Fact]
    public void What_a_picture_explained_is_given() => Assert.Empty(Jargon.In(["A pod is lit."], Language.English, ["pods"]));

    [Fact]
    public void The_stories_for_a_child_use_none()
    {
        Assert.Empty(Jargon.In(Told.English, Language.English));
        Assert.Empty(Jargon.In(Told.German, Language.German));
    }
}
