using CsCheck;

namespace Steward.Stories.Tests;

public class QuizBankTests
{
    private static readonly Level[] Levels = Enum.GetValues<Level>();

    /// <summary>Every telling of many random histories that can be told and asked about.</summary>
    private static readonly Lazy<List<QuizBank>> Many = new(() => [.. from kind in Records.All from seed in Enumerable.Range(0, 60) from language in Records.Languages from level in Levels select Try(kind, seed, language, level) into bank where bank is not null select bank]);

    private static QuizBank? Try(string kind, int seed, Catalogue language, Level level)
    {
        try
        {
            return QuizBank.Of(Records.Tell(Records.Of(kind, seed), language, level));
        }
        catch (Exception untold) when (untold is RefusedException or UnboundException)
        {
            return null;
        }
        catch (ProblemException refused)
        {
            Assert.Equal("quiz_refused", refused.Code);
            return null;
        }
    }

    [Fact]
    public void Any_history_gives_fair_questions_or_is_refused_with_a_reason() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        foreach (var kind in Records.All)
            foreach (var language in Records.Languages)
                foreach (var level in Levels)
                    if (Try(kind, seed, language, level) is { } bank)
                        Assert.Empty(QuizLint.Of(QuizSheet.Draw(bank, "ana", 1), Language.Of(language.Code), QuizPlan.Of(kind).Signed).Select(found => $"{kind} {language.Code} {level} {found.Item}: {found.Why}"));
    }, iter: 60);

    [Fact]
    public void Every_item_of_every_bank_is_clean()
        => Assert.Empty(Many.Value.SelectMany(bank => QuizLint.Of(bank.Items, Language.Of(bank.Story.Catalogue.Code), QuizPlan.Of(bank.Story.Book.Kind).Signed).Select(found => $"{bank.Story.Book.Kind} {bank.Story.Catalogue.Code} {bank.Story.Level} {found.Item}: {found.Why}")).Distinct());

    [Theory]
    [InlineData("release")]
    [InlineData("incident")]
    [InlineData("run")]
    [InlineData("tunes")]
    [InlineData("data")]
    public void Each_kind_of_story_has_a_quiz(string kind)
    {
        var counts = Many.Value.Where(bank => bank.Story.Book.Kind == kind).GroupBy(bank => (bank.Story.Catalogue.Code, bank.Story.Level)).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Catalogue.All.Count * Levels.Length, counts.Count);
    }

    /// <summary>A week in which nobody spoke about answers holds too little to ask about.</summary>
    [Fact]
    public void A_week_that_people_spoke_about_has_a_quiz() => Assert.All(Catalogue.All, language => Assert.Contains(Many.Value, bank => bank.Story.Book.Kind == "week" && bank.Story.Catalogue == language));

    /// <summary>
    /// Who has not read the story may know what is usual, and where right answers like to stand. Each such rule is right about
    /// once in three, over all items that many histories give.
    /// </summary>
    [Fact]
    public void A_reader_without_the_story_guesses_two_of_six()
    {
        var items = Many.Value.Where(bank => bank.Story.Book.Kind is "release" or "incident" && bank.Story.Catalogue == Catalogue.English).SelectMany(bank => bank.Items).ToList();
        (string Name, Func<QuizItem, QuizOption> Guess)[] rules =
        [
            ("first", item => item.Options[0]), ("second", item => item.Options[1]), ("third", item => item.Options[2]),
            ("longest", item => item.Options.MaxBy(option => option.Text.Length)!), ("shortest", item => item.Options.MinBy(option => option.Text.Length)!),
            ("alphabet", item => item.Options.MinBy(option => option.Text, StringComparer.Ordinal)!),
        ];
        foreach (var (name, guess) in rules)
        {
            var share = (double)items.Count(item => guess(item).Right) / items.Count;
            Assert.True(share is > 0.22 and < 0.45, $"{name}: {share:P1} of {items.Count}");
        }

        // Each thing stands as an answer in several items: to choose it wherever it stands gains little.
        foreach (var thing in items.Where(item => item.Id.StartsWith("is-", StringComparison.Ordinal)).SelectMany(item => item.Options).GroupBy(option => option.Text).Where(same => same.Count() > 100))
            Assert.True((double)thing.Count(option => option.Right) / thing.Count() < 0.5, thing.Key);
    }

    [Fact]
    public void A_sheet_has_six_items_with_the_limits_and_the_way_back_and_is_the_same_for_the_same_person_and_try()
    {
        var bank = QuizBank.Of(Records.Tell(Records.Release(7, first: false)));
        var sheet = QuizSheet.Draw(bank, "ana", 1);
        Assert.Equal(QuizChance.Items, sheet.Select(item => item.Id).Distinct().Count());
        Assert.Contains(sheet, item => item is { Kind: QuizKind.Limit, MustKnow: true });
        Assert.Contains(sheet, item => item is { Kind: QuizKind.WayBack, MustKnow: true });
        Assert.Equal(Json.Write(sheet), Json.Write(QuizSheet.Draw(QuizBank.Of(Records.Tell(Records.Release(7, first: false))), "ana", 1)));
        Assert.NotEqual(Json.Write(sheet), Json.Write(QuizSheet.Draw(bank, "li", 1)));
    }

    [Fact]
    public void Another_try_draws_what_was_not_asked_yet()
        => Assert.All(Many.Value.Where(bank => bank.Story.Book.Kind is "release" or "incident"), bank =>
        {
            var (first, second) = (QuizSheet.Draw(bank, "ana", 1).Select(item => item.Id).ToList(), QuizSheet.Draw(bank, "ana", 2).Select(item => item.Id).ToList());
            // What must be known is asked again when there is only one question about it.
            Assert.True(second.Except(first).Count() >= Math.Min(4, bank.Items.Count - QuizChance.Items), $"{bank.Story.Book.Kind} {string.Join(' ', first)} | {string.Join(' ', second)}");
        });

    [Fact]
    public void Every_answer_is_told_by_the_panel_that_its_reason_names()
        => Assert.All(Many.Value, bank => Assert.All(bank.Items, item =>
        {
            Assert.InRange(item.Panel, 0, bank.Story.Panels.Count);
            Assert.All(item.Facts, fact => Assert.Contains(bank.Story.Cites, cite => cite.Panel > 0 && cite.Fact == fact));
            Assert.All(item.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Why)));
        }));

    [Fact]
    public void Two_numbers_that_read_the_same_after_rounding_never_stand_beside_each_other()
    {
        var book = Records.Release(7, first: false);
        var same = book with { Facts = book.Facts.ToDictionary(fact => fact.Key, fact => fact.Key is "new.tested" ? fact.Value with { Value = book.Facts["new.learned"].Value } : fact.Value) };
        Assert.All(QuizBank.Of(Records.Tell(same)).Items, item => Assert.False(item.Facts.Contains("new.tested") && item.Facts.Contains("new.learned"), item.Id));
        Assert.Contains(QuizBank.Of(Records.Tell(book)).Items, item => item.Facts.Contains("new.tested") && item.Facts.Contains("new.learned"));
    }

    [Fact]
    public void A_comparison_is_asked_only_when_its_gap_is_wider_than_rounding()
    {
        var book = Enumerable.Range(0, 200).Select(seed => Records.Release(seed, first: false)).First(book => book.Has("same-test") && QuizBank.Of(Records.Tell(book)).Items.Any(item => item.Kind == QuizKind.Comparison));
        var close = book with { Facts = book.Facts.ToDictionary(fact => fact.Key, fact => fact.Key is "old.right" ? fact.Value with { Value = book.Facts["new.right"].Value - 0.02 } : fact.Value) };
        Assert.DoesNotContain(QuizBank.Of(Records.Tell(close)).Items, item => item.Kind == QuizKind.Comparison);
    }

    [Fact]
    public void A_story_that_tells_too_little_has_no_quiz_and_says_why()
    {
        var book = Enumerable.Range(0, 200).Select(Records.Incident).First(book => !book.Has("back") && !book.Has("abstain"));
        var refused = Assert.Throws<ProblemException>(() => QuizBank.Of(Records.Tell(book, level: Level.Executive)));
        Assert.Equal("quiz_refused", refused.Code);
    }

    [Fact]
    public void The_first_version_of_a_model_can_be_signed_too()
    {
        foreach (var book in Enumerable.Range(0, 200).Select(seed => Records.Release(seed, first: true)).Where(book => book.Has("parties")))
            foreach (var story in Levels.SelectMany(level => Telling(book, level)))
                Assert.Contains(QuizBank.Of(story).Items, item => item is { Kind: QuizKind.WayBack, MustKnow: true, Panel: 0 });
    }

    [Fact]
    public void Nine_questions_and_more_come_from_nearly_every_release_and_incident()
    {
        var banks = Many.Value.Where(bank => bank.Story.Book.Kind is "release" or "incident").ToList();
        Assert.True(banks.Count(bank => bank.Items.Count >= 9) > 0.9 * banks.Count);
    }

    /// <summary>A small version has a smaller bank: then a further try says how many of its questions are others, and has exactly so many.</summary>
    [Fact]
    public void What_another_try_brings_is_said_and_is_so()
    {
        var small = Many.Value.FindAll(bank => bank.Items.Count < QuizBank.Ample);
        Assert.All(small, bank => Assert.InRange(bank.Items.Count, QuizPlan.Of(bank.Story.Book.Kind).Fewest, QuizBank.Ample - 1));
        Assert.All(small, bank => Assert.Contains($"has {bank.Others} that the one before had not", bank.Again, StringComparison.Ordinal));
        foreach (var bank in Many.Value)
        {
            var first = QuizSheet.Draw(bank, "ana", 1).Select(item => item.Id).ToHashSet();
            // What must be known may be asked again, where there is one question about it.
            Assert.InRange(QuizSheet.Draw(bank, "ana", 2).Count(item => !first.Contains(item.Id)), Math.Min(bank.Others, 4), bank.Others);
        }
    }

    private static IEnumerable<Story> Telling(FactBook book, Level level)
    {
        try
        {
            return [Records.Tell(book, level: level)];
        }
        catch (RefusedException)
        {
            return [];
        }
    }
}
