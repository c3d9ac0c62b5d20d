namespace Steward.Stories.Tests;

public class QuizLintTests
{
    private static QuizOption[] Three(string right, string wrong, string other, int at = 0)
    {
        var options = new List<QuizOption> { new(wrong, false, "Panel 4 says so."), new(other, false, "Panel 1 says so.") };
        options.Insert(at, new(right, true, "Panel 2 says so."));
        return [.. options];
    }

    private static readonly QuizItem[] Fair =
    [
        new("light", QuizKind.Number, "In the new light, how many did Pom 3 get right?", Three("11 out of 20", "18 out of 20", "19 out of 20"), false, 4, ["a"]),
        new("limit", QuizKind.Number, "How many guesses must be sure before Nell is happy?", Three("16 out of 20", "14 out of 20", "19 out of 20", 1), false, 3, ["b"]),
        new("best", QuizKind.Comparison, "In the new light, which Pom is right most often?", Three("Pom 4", "Pom 2", "Pom 3", 2), false, 6, ["c"]),
        new("cause", QuizKind.Cause, "Why did Pom 3 start to make more mistakes?", Three("The light was new.", "The fruit was bad.", "Pom 3 was broken."), false, 2, ["d"]),
        new("next", QuizKind.WayBack, "Nell’s line falls under the limit again. What happens first?", Three("An older Pom takes over.", "Pom 4 guesses more.", "Juno signs again.", 1), true, 4, ["e"]),
        new("unknown", QuizKind.Limit, "What is not checked yet?", Three("Fruit in blue light.", "The swap to Pom 2.", "Fruit in orange light.", 2), true, 6, ["f"]),
    ];

    [Fact]
    public void Fair_questions_pass() => Assert.Empty(QuizLint.Of(Fair, Language.English));

    [Fact]
    public void Fair_questions_pass_in_German() => Assert.Empty(QuizLint.Of(
    [
        Fair[0] with { Stem = "Wie viele hatte Pom 3 im neuen Licht richtig?", Options = Three("11 von 20", "18 von 20", "19 von 20") },
        Fair[1] with { Stem = "Wie viele Tipps müssen sicher sein, damit Nell froh ist?", Options = Three("16 von 20", "14 von 20", "19 von 20", 1) },
        Fair[2] with { Stem = "Welcher Pom hat im neuen Licht am meisten richtig?" },
        Fair[3] with { Stem = "Warum machte Pom 3 mehr Fehler?", Options = Three("Das Licht war neu.", "Das Obst war schlecht.", "Pom 3 war kaputt.") },
        Fair[4] with { Stem = "Nells Linie fällt wieder unter die Grenze. Was passiert zuerst?", Options = Three("Ein älterer Pom hilft.", "Pom 4 rät öfter.", "Juno unterschreibt.", 1) },
        Fair[5] with { Stem = "Was ist noch nicht geprüft?", Options = Three("Obst in blauem Licht.", "Der Tausch zu Pom 2.", "Obst in gelbem Licht.", 2) },
    ], Language.German));

    public static TheoryData<string, Func<QuizItem, QuizItem>> Broken => new()
    {
        { "one_right_answer", item => item with { Options = [.. item.Options.Select(option => option with { Right = true })] } },
        { "one_right_answer", item => item with { Options = [.. item.Options.Select(option => option with { Right = false })] } },
        { "three_options", item => item with { Options = [.. item.Options.Take(2)] } },
        { "distinct_options", item => item with { Options = [item.Options[0], item.Options[1], item.Options[1] with { Text = item.Options[1].Text.ToUpperInvariant() + " " }] } },
        { "reason_for_each", item => item with { Options = [item.Options[0], item.Options[1], item.Options[2] with { Why = " " }] } },
        { "right_stands_out", item => item with { Options = Three("The light was new, and so it was hard.", "The fruit was bad.", "Pom 3 was broken.") } },
        { "all_or_none_of_the_above", item => item with { Options = Three("The light.", "The fruit.", "None of these.") } },
        { "stem_too_long", item => item with { Stem = "Why did Pom 3 on that day in the new light start to make more and more mistakes?" } },
        { "stem_too_hard", item => item with { Stem = "Which environmental alteration precipitated deterioration?" } },
        { "hidden_negation", item => item with { Stem = "What has nobody checked yet?" } },
        { "hidden_negation", item => item with { Stem = "Which fruit isn’t checked?" } },
        { "hidden_negation", item => item with { Stem = "Who has checked it, except Juno?" } },
        { "double_negation", item => item with { Stem = "What is not sure and not checked?" } },
        { "one_id_each", item => item with { Id = "light" } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_question_is_caught_by_its_rule_and_by_no_other(string rule, Func<QuizItem, QuizItem> breaking)
        => Assert.Equal([rule], Rules(With("cause", breaking)));

    [Theory]
    [InlineData("Was hat niemand geprüft?", "hidden_negation")]
    [InlineData("Was ist außer dem Licht neu?", "hidden_negation")]
    [InlineData("Was ist nicht neu und nicht alt?", "double_negation")]
    [InlineData("Welche Umgebungsveränderung verursachte die Verschlechterung der Vorhersagegenauigkeit?", "stem_too_hard")]
    public void German_questions_are_held_to_the_same(string stem, string rule)
        => Assert.Equal([rule], QuizLint.Of([.. Fair.Select(item => item.Id == "cause" ? item with { Stem = stem } : item with { Stem = "Was ist neu?" })], Language.German).Select(found => found.Rule));

    [Theory]
    [InlineData(27, "")]
    [InlineData(28, "right_stands_out")]
    public void A_right_answer_may_be_a_third_longer_than_the_longest_wrong_one(int letters, string rule)
        => Assert.Equal(rule, string.Join(", ", Rules(With("cause", item => item with { Options = Three(new string('a', letters), new string('b', 20), "c") }))));

    [Theory]
    [InlineData("Why did Pom start to make more and more mistakes on that day in the light?", "stem_too_long")]
    [InlineData("Why did Pom start to make more and more mistakes on that day in light?", "")]
    [InlineData("What is not sure?", "")]
    public void A_question_has_at_most_fifteen_words_and_one_not(string stem, string rule)
        => Assert.Equal(rule, string.Join(", ", Rules(With("cause", item => item with { Stem = stem }))));

    [Theory]
    [InlineData(3, "")]
    [InlineData(4, "places_spread")]
    public void Half_of_the_right_answers_may_stand_in_one_place_and_no_more(int first, string rule)
        => Assert.Equal(rule, string.Join(", ", Rules(Fair.Select((item, number) => item with { Options = number < first ? Three("r", "w", "o") : Three("r", "w", "o", 1 + (number % 2)) }))));

    [Fact]
    public void The_limits_and_the_way_back_must_be_known()
    {
        Assert.Equal(["must_know_limit"], Rules(Fair.Select(item => item.Id == "unknown" ? item with { MustKnow = false } : item with { MustKnow = true })));
        Assert.Equal(["two_must_knows", "must_know_way_back"], Rules(Fair.Select(item => item.Id == "next" ? item with { MustKnow = false } : item)));
    }

    private static IEnumerable<QuizItem> With(string id, Func<QuizItem, QuizItem> change) => Fair.Select(item => item.Id == id ? change(item) : item);

    private static IEnumerable<string> Rules(IEnumerable<QuizItem> items) => QuizLint.Of([.. items], Language.English).Select(found => found.Rule);
}
