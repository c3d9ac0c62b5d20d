namespace Steward.Stories.Tests;

public class LexiconTests
{
    [Fact]
    public void The_lists_are_as_large_as_a_story_needs_and_closed()
    {
        Assert.InRange(Language.English.Lexicon.Count, 1500, 2000);
        Assert.InRange(Language.German.Lexicon.Count, 1200, 2000);
    }

    [Theory]
    [InlineData("en", "fruits berries leaves planned planning named naming bigger biggest puzzled labeller checker Juno's Nell’s slowly lunch-box didn’t")]
    [InlineData("de", "Früchten Äpfel gelernt ausgepackt kleineres schönsten Häuschen Lampenlicht Obstkörben benannte sicherer prüft eingeschaltet hinzusehen angegangen aufgibt gepackte Namensschildern")]
    public void Forms_of_known_words_are_known(string language, string words) => Assert.All(words.Split(' '), word => Assert.True(Language.Of(language).Lexicon.Knows(word), word));

    [Theory]
    [InlineData("en", "threshold latency percentile rollback drift inference endpoint replica anomaly baseline deployment hyperparameter optimise fruitification")]
    [InlineData("de", "Schwellenwert Latenz Stichprobe Bereitstellung Fehlerrate Datensatz Genauigkeit Abweichung Endpunkt Konfidenzintervall Drift Auswertung Ausfall Aufwand")]
    public void Words_of_the_trade_are_not(string language, string words) => Assert.All(words.Split(' '), word => Assert.False(Language.Of(language).Lexicon.Knows(word), word));

    [Fact]
    public void The_stories_are_told_in_words_a_child_knows()
    {
        Assert.Equal([], Language.English.Lexicon.Unknown(Told.English).Words);
        Assert.Equal([], Language.German.Lexicon.Unknown(Told.German).Words);
    }

    [Fact]
    public void Hard_words_are_named_and_their_share_is_told()
    {
        var hard = Language.English.Lexicon.Unknown("The latency rose. Pom saw the latency and the threshold.");
        Assert.Equal(["latency", "threshold"], hard.Words);
        Assert.Equal(0.3, hard.Share, 9);
    }

    [Theory]
    [InlineData("en", "Grown-ups call it drift.", "Nell saw the drift.")]
    [InlineData("de", "Erwachsene nennen das Drift.", "Nell sah die Drift.")]
    public void A_hard_word_may_be_used_once_a_sentence_introduced_it_and_not_before(string language, string introduces, string uses)
    {
        var lexicon = Language.Of(language).Lexicon;
        Assert.Empty(lexicon.Unknown([introduces, uses]).Words);
        Assert.Single(lexicon.Unknown([uses, introduces]).Words);
        Assert.Single(lexicon.Unknown(uses).Words);
    }

    [Fact]
    public void A_sentence_may_introduce_a_term_of_two_words()
        => Assert.Empty(Language.English.Lexicon.Unknown(["Grown-ups call it stochastic optimisation.", "The stochastic optimisation ends."]).Words);

    [Fact]
    public void A_sentence_cannot_introduce_a_whole_lecture()
        => Assert.Equal(["heteroscedastic", "stochastic", "optimisation"], Language.English.Lexicon.Unknown("Grown-ups call it heteroscedastic stochastic optimisation.").Words);

    [Fact]
    public void What_a_picture_introduces_and_names_of_people_are_given()
        => Assert.Empty(Language.English.Lexicon.Unknown("Ngozi put two pods in the container.", ["Ngozi", "pod", "container"]).Words);

    [Fact]
    public void Placeholders_are_no_words() => Assert.Equal(new Unfamiliar(0, []), Language.English.Lexicon.Unknown("{threshold.latency|of20}"), Same);

    private static bool Same(Unfamiliar a, Unfamiliar b) => a.Share == b.Share && a.Words.SequenceEqual(b.Words);
}
