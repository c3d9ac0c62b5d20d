namespace Steward.Stories.Tests;

public class ReadingTests
{
    [Fact]
    public void A_text_is_counted_as_it_is_said()
    {
        var reading = Reading.Of("At 14:00, the lamp came on. Stop!", Language.English);
        Assert.Equal((8, 2, 10), (reading.Words, reading.Sentences, reading.Syllables));
        Assert.Equal((7, "At fourteen hundred, the lamp came on."), (reading.LongestSentence, reading.Longest));
    }

    /// <summary>10 words, 2 sentences, 12 syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59.</summary>
    [Fact]
    public void English_is_graded_by_Flesch_and_Kincaid() => Assert.Equal(0.52, Reading.Of("The new lamp came on. The fruit looks orange today.", Language.English).Grade, 9);

    /// <summary>10 words, 1 sentence; of three syllables and more: gekommen, orange; longer than six letters: gekommen, leuchtet; of one: ist, das, Licht, und, ganz.</summary>
    [Fact]
    public void German_is_graded_by_the_first_Vienna_formula()
        => Assert.Equal((0.1935 * 20) + (0.1672 * 10) + (0.1297 * 20) - (0.0327 * 50) - 0.875, Reading.Of("Heute ist das neue Licht gekommen und leuchtet ganz orange.", Language.German).Grade, 9);

    [Fact]
    public void One_long_word_does_not_make_a_short_German_question_hard()
        => Assert.InRange(Reading.Of("Wie viele Menschen haben unterschrieben?", Language.German).Grade, 2, 5);

    [Fact]
    public void A_minute_aloud_is_140_words()
    {
        var reading = Reading.Of(string.Join(' ', Enumerable.Repeat("fruit", 140)), Language.English);
        Assert.Equal(60, reading.SecondsAloud, 9);
        Assert.Equal((140 / 112.0 * 60) + 18, reading.SecondsAlone(6), 9);
    }

    [Fact]
    public void A_story_for_a_child_takes_about_a_minute_and_the_first_school_years()
    {
        var english = Reading.Of(string.Join('\n', Told.English), Language.English);
        Assert.InRange(english.SecondsAloud, 40, 65);
        Assert.InRange(english.Grade, -2, 2);
        var german = Reading.Of(string.Join('\n', Told.German), Language.German);
        Assert.InRange(german.SecondsAloud, 40, 65);
        Assert.InRange(german.Grade, 0, 4);
        Assert.True(english.LongestSentence <= 12 && german.LongestSentence <= 12);
    }

    [Theory]
    [InlineData("en", "Nell continuously characterises predictive uncertainty distributions throughout operational deployment.")]
    [InlineData("de", "Nell charakterisiert fortlaufend die Unsicherheit der Vorhersagen während des gesamten Betriebs der Bereitstellung.")]
    public void Hard_words_are_far_above_a_child(string language, string text) => Assert.InRange(Reading.Of(text, Language.Of(language)).Grade, 15, 40);

    [Theory]
    [InlineData("looked 1 named 1 wanted 2 sorted 2 puzzled 2 apples 2 guesses 2 changes 2 lonely 2 careful 2 makes 1")]
    [InlineData("idea 3 science 2 being 2 quiet 2 radio 3 piano 3 museum 3 papaya 3 every 2 people 2 didn’t 2 don’t 1")]
    [InlineData("model 2 orange 2 container 3 kubernetes 4 supervised 3 unsupervised 4 confidence 3 grown-ups 2 o’clock 2")]
    public void English_syllables_are_counted(string words) => Assert.All(words.Split(' ').Chunk(2), pair => Assert.Equal((pair[0], int.Parse(pair[1])), (pair[0], Language.English.Syllables(pair[0]))));

    [Theory]
    [InlineData("Frucht 1 Früchte 2 Farbe 2 Papaya 3 orange 3 neue 2 Bauer 2 Quelle 2 Familie 4 Idee 2 Museum 3 beobachten 4 Häuschen 2")]
    public void German_syllables_are_counted(string words) => Assert.All(words.Split(' ').Chunk(2), pair => Assert.Equal((pair[0], int.Parse(pair[1])), (pair[0], Language.German.Syllables(pair[0]))));

    [Fact]
    public void Sentences_end_at_marks_and_at_line_breaks_and_not_within_a_number()
        => Assert.Equal(["“Stop!”", "Is it 2.5 now?", "limit"], Reading.SentencesOf("“Stop!” Is it 2.5 now?\nlimit\n"));

    [Fact]
    public void Nothing_said_takes_no_time() => Assert.Equal(new(0, 0, 0, 0, 0, ""), Reading.Of(" … ", Language.English));

    [Fact]
    public void A_language_without_lists_is_refused_by_its_name()
        => Assert.Contains("'fr'", Assert.Throws<ProblemException>(() => Language.Of("fr")).Message, StringComparison.Ordinal);
}
