using Steward.Identity;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Stories.Tests;

public sealed class QuizOnSqliteTests() : QuizTests(Databases.Sqlite());

public sealed class QuizOnPostgresTests() : QuizTests(Databases.Postgres());

/// <summary>What quizzes promise on both engines.</summary>
public abstract class QuizTests(Db db) : IAsyncLifetime
{
    private static readonly FactBook Book = Records.Release(7, first: false).Asked, Changed = Records.Release(8, first: false).Asked;
    private readonly Readers _all = new(db);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Who Ana => _all.Person("ana");

    public async ValueTask InitializeAsync()
    {
        await _all.File();
        await _all.Tell(Book);
    }

    [Fact]
    public async Task Five_of_six_with_every_must_know_passes_and_everything_is_kept()
    {
        var passed = await _all.Take(Ana, Book, wrong: 1);
        Assert.True(passed.Passed);
        Assert.Equal((5, 6.0, 1), (passed.Right, passed.Seconds, passed.Number));
        var kept = Assert.Single(await _all.Store.Own(_all.Project, "release", Book.Subject, "ana", Stop));
        Assert.Equal(Json.Write(passed), Json.Write(kept));
        Assert.Equal((Book.Hash.Hex, Records.Tell(Book).Hash.Hex, "child", "en", QuizBank.Version, 1), (kept.FactsHash, kept.StoryHash, kept.Level, kept.Language, kept.Bank, kept.Edition));
        Assert.Equal(["quiz.started", .. Enumerable.Repeat("quiz.answered", 6), "quiz.ended"], _all.Told.Audited.Select(entry => entry.Action).Where(action => action.StartsWith("quiz", StringComparison.Ordinal)));
        Assert.Equal((6, 1), (_all.Told.Heard.OfType<QuizAnswered>().Count(), _all.Told.Heard.OfType<QuizEnded>().Count(end => end.Passed)));
    }

    [Fact]
    public async Task A_must_know_missed_does_not_pass_whatever_else_is_right()
    {
        var sheet = await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, null, null, Stop);
        var must = sheet.Items.First(item => item.MustKnow);
        foreach (var item in sheet.Items)
            sheet = await _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, item.Id, Readers.Letter(item, item != must), null, Stop);
        Assert.Equal((5, false), (sheet.Right, sheet.Passed));
    }

    [Fact]
    public async Task Each_answer_counts_once_and_a_sheet_that_is_open_comes_again()
    {
        var sheet = await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, null, null, Stop);
        Assert.Equal(sheet.Id, (await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, null, null, Stop)).Id);
        await _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, sheet.Items[0].Id, "a", null, Stop);
        Assert.Equal("answered_already", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, sheet.Items[0].Id, "b", null, Stop))).Code);
        Assert.Equal("answer_invalid", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, sheet.Items[1].Id, "d", null, Stop))).Code);
        Assert.Equal("question_not_found", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, "other", "a", null, Stop))).Code);
        Assert.Single((await _all.Store.Own(_all.Project, "release", Book.Subject, "ana", Stop))[0].Answers);
    }

    [Fact]
    public async Task Two_starts_at_once_are_one_sheet()
    {
        var sheets = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, null, null, Stop)));
        Assert.Single(sheets.Select(sheet => sheet.Id).Distinct());
    }

    [Fact]
    public async Task After_three_fails_a_talk_with_the_owner_is_logged_before_the_next_sheet()
    {
        for (var fail = 0; fail < 3; fail++)
            Assert.False((await _all.Take(Ana, Book, wrong: 3)).Passed);
        Assert.Equal("talk_first", (await Assert.ThrowsAsync<ProblemException>(() => _all.Take(Ana, Book))).Code);
        Assert.True((await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop)).TalkFirst);
        Assert.Equal("ana", Assert.Single((await _all.Quizzes.Report(_all.Owner, _all.Project, "release", Book.Subject, Stop)).TalksDue).Person);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Talk(Ana, _all.Project, "release", Book.Subject, "ana", "with myself", Stop))).Code);
        await _all.Quizzes.Talk(_all.Owner, _all.Project, "release", Book.Subject, "ana", "the test has two kinds only", Stop);
        var again = await _all.Take(Ana, Book);
        Assert.Equal((4, true), (again.Number, again.Passed));
        var talk = Assert.Single((await _all.Quizzes.Report(_all.Owner, _all.Project, "release", Book.Subject, Stop)).Talks);
        Assert.Equal(("ana", "olga", "the test has two kinds only"), (talk.Person, talk.HeldBy, talk.Note));
        Assert.Equal("no_talk_due", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Talk(_all.Owner, _all.Project, "release", Book.Subject, "ana", "again", Stop))).Code);
    }

    [Fact]
    public async Task A_sheet_left_for_another_telling_counts_when_it_was_begun()
    {
        await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, "child", "en", Stop);
        var other = await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, "engineer", "en", Stop);
        Assert.Equal(1, other.Number);
        await _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, other.Items[0].Id, "a", null, Stop);
        Assert.Equal(2, (await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, "child", "en", Stop)).Number);
        var left = (await _all.Store.Own(_all.Project, "release", Book.Subject, "ana", Stop))[0];
        Assert.False(left.IsOpen || left.Passed);
    }

    [Fact]
    public async Task A_pass_holds_for_its_facts_and_everybody_is_told_when_they_change()
    {
        await _all.Take(Ana, Book);
        await _all.Quizzes.Start(_all.Person("li"), _all.Project, "release", Book.Subject, null, null, Stop);
        Assert.Equal("ana", Assert.Single(await _all.Quizzes.Badges(_all.Project, "release", Book.Subject, Stop)).Name);
        await _all.Tell(Changed, number: 2);
        Assert.Null(await _all.Quizzes.Pass(_all.Project, "release", Book.Subject, "ana", Stop));
        Assert.Empty(await _all.Quizzes.Badges(_all.Project, "release", Book.Subject, Stop));
        Assert.Contains("void", (await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop)).Void, StringComparison.Ordinal);
        Assert.Contains("void", (await _all.Quizzes.Standing(_all.Person("li"), _all.Project, "release", Book.Subject, Stop)).Void, StringComparison.Ordinal);
        Assert.Equal("no_sheet", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Answer(_all.Person("li"), _all.Project, "release", Book.Subject, "hardest", "a", null, Stop))).Code);
        var before = await _all.Informed.Of(_all.Project, "fruit", 4, "ana", Stop);
        Assert.Null(before.Proof);
        Assert.Contains("earlier picture", before.Why, StringComparison.Ordinal);
        await _all.Take(Ana, Changed);
        Assert.Null((await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop)).Void);
        Assert.Equal((Changed.Hash.Hex, 1), ((await _all.Informed.Of(_all.Project, "fruit", 4, "ana", Stop)).Proof!.FactsHash, (await _all.Quizzes.Pass(_all.Project, "release", Book.Subject, "ana", Stop))!.Tries));
    }

    /// <summary>What people decide about a story is no fact of it that they were asked to know.</summary>
    [Fact]
    public async Task A_vote_and_the_promotion_that_follows_leave_a_pass_and_an_open_sheet_as_they_were()
    {
        var source = new Source("sign-off", "sign-off 7", "/projects/fruit/signoffs/7");
        var voted = Book with
        {
            Facts = new[] { new Fact("signers", 2, Unit.Count, source), new Fact("signed.at", 1, Unit.Moment, source), new Fact("promoted", 2, Unit.Moment, source) }.Concat(Book.Facts.Values).ToDictionary(fact => fact.Id),
            Names = new Dictionary<string, string>(Book.Names) { ["endpoint"] = "fruit" },
            Flags = [.. Book.Flags.Except(["not-approved"]), "approved", "serves"],
        };
        Assert.True(Book.Has("parties"));
        Assert.NotEqual(Book.Hash, voted.Hash);
        Assert.NotEqual(Records.Tell(Book).Hash, Records.Tell(voted).Hash);
        await _all.Take(Ana, Book);
        var open = await _all.Quizzes.Start(_all.Person("li"), _all.Project, "release", Book.Subject, null, null, Stop);
        await _all.Quizzes.Answer(_all.Person("li"), _all.Project, "release", Book.Subject, open.Items[0].Id, "a", null, Stop);

        await _all.Tell(voted, number: 2);
        Assert.Equal(1, (await _all.Quizzes.Pass(_all.Project, "release", Book.Subject, "ana", Stop))!.Tries);
        Assert.Null((await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop)).Void);
        var same = await _all.Quizzes.Start(_all.Person("li"), _all.Project, "release", Book.Subject, null, null, Stop);
        Assert.Equal((open.Id, 1), (same.Id, same.Answers.Count));
        Assert.Equal(open.StoryHash, Records.Tell(voted.Asked).Hash.Hex);

        await _all.Tell(Changed, number: 3);
        Assert.Null(await _all.Quizzes.Pass(_all.Project, "release", Book.Subject, "ana", Stop));
    }

    [Fact]
    public async Task What_is_not_understood_or_disagreed_with_reaches_the_owner_and_may_become_a_limit()
    {
        var sheet = await _all.Quizzes.Start(Ana, _all.Project, "release", Book.Subject, null, null, Stop);
        await _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, sheet.Items[0].Id, "?", "what is a gate", Stop);
        await _all.Quizzes.Answer(Ana, _all.Project, "release", Book.Subject, sheet.Items[1].Id, "!", null, Stop);
        var report = await _all.Quizzes.Report(_all.Owner, _all.Project, "release", Book.Subject, Stop);
        Assert.Equal([QuizWord.Disagree, QuizWord.NotUnderstood], report.Remarks.OrderByDescending(remark => remark.Said).Select(remark => remark.Said));
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Report(Ana, _all.Project, "release", Book.Subject, Stop))).Code);
        var asked = report.Remarks.First(remark => remark.Said is QuizWord.NotUnderstood);
        Assert.Equal(("what is a gate", sheet.Items[0].Stem), (asked.Comment, asked.Stem));
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Became(Ana, _all.Project, asked.Id, "limit", "mine", Stop))).Code);
        await _all.Quizzes.Became(_all.Owner, _all.Project, asked.Id, "test", "a gate for dark pictures", Stop);
        Assert.Equal("became_already", (await Assert.ThrowsAsync<ProblemException>(() => _all.Quizzes.Became(_all.Owner, _all.Project, asked.Id, "limit", "again", Stop))).Code);
        Assert.Equal(1, (await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop)).Credits);
    }

    [Fact]
    public async Task The_pass_rate_at_the_first_try_equals_the_store_and_under_80_percent_of_five_flags_the_story()
    {
        var random = new Random(5);
        var passed = 0;
        for (var reader = 1; reader <= 8; reader++)
        {
            var who = _all.Person($"reader-{reader}");
            var first = await _all.Take(who, Book, wrong: random.Next(3) == 0 ? 2 : 0);
            passed += first.Passed ? 1 : 0;
            if (!first.Passed)
                await _all.Take(who, Book);
            var rate = (await _all.Quizzes.Standing(who, _all.Project, "release", Book.Subject, Stop)).Rate;
            Assert.Equal((reader, passed), (rate.Takers, rate.Passed));
            Assert.Equal(reader >= 5 && passed < 0.8 * reader, rate.Flagged);
        }

        Assert.InRange(passed, 1, 7);
        Assert.Equal(new QuizRate(8, passed), (await _all.Quizzes.Report(_all.Owner, _all.Project, "release", Book.Subject, Stop)).Rate);
    }

    [Fact]
    public async Task Replaying_the_events_gives_what_the_store_tells()
    {
        foreach (var (who, wrong) in new[] { ("ana", 3), ("li", 0), ("ana", 0), ("dev", 2), ("li", 1) })
            await _all.Take(_all.Person(who), Book, wrong);
        var sheet = await _all.Quizzes.Start(_all.Person("dev"), _all.Project, "release", Book.Subject, null, null, Stop);
        await _all.Quizzes.Answer(_all.Person("dev"), _all.Project, "release", Book.Subject, sheet.Items[0].Id, "!", "not so", Stop);
        await _all.Quizzes.Became(_all.Owner, _all.Project, (await _all.Store.Remarks(_all.Project, "release", Book.Subject, 10, Stop))[0].Id, "limit", "dark pictures", Stop);

        // An event may be told twice.
        var game = QuizGame.Replay([.. _all.Told.Heard, .. _all.Told.Heard]);
        var facts = Book.Hash.Hex;
        foreach (var who in (string[])["ana", "li", "dev"])
            Assert.Equal((await _all.Store.Own(_all.Project, "release", Book.Subject, who, Stop)).Where(one => !one.IsOpen).Select(one => one.Right), game.Scores[QuizGame.Key(_all.Project, "release", Book.Subject, facts, who)]);
        Assert.Equal((await _all.Quizzes.Badges(_all.Project, "release", Book.Subject, Stop)).Select(one => one.Person), game.Mastered[QuizGame.Key(_all.Project, "release", Book.Subject, facts)]);
        Assert.Equal(await _all.Store.Credits(_all.Project, "dev", Stop), game.Credits["dev"]);
    }

    [Fact]
    public async Task The_game_can_be_switched_off_and_the_quiz_stays()
    {
        await _all.File("story: {game: off}");
        Assert.True((await _all.Take(Ana, Book)).Passed);
        var standing = await _all.Quizzes.Standing(Ana, _all.Project, "release", Book.Subject, Stop);
        Assert.Equal((true, false, 0), (standing.Passed, standing.Game, standing.Own.Count));
        Assert.Empty(await _all.Quizzes.Badges(_all.Project, "release", Book.Subject, Stop));
        Assert.NotNull((await _all.Informed.Of(_all.Project, "fruit", 4, "ana", Stop)).Proof);
    }

    [Fact]
    public async Task Seconds_earn_nothing()
    {
        var slow = _all.Person("slow");
        var sheet = await _all.Quizzes.Start(slow, _all.Project, "release", Book.Subject, null, null, Stop);
        _all.Clock.Advance(TimeSpan.FromHours(30));
        foreach (var item in sheet.Items)
            sheet = await _all.Quizzes.Answer(slow, _all.Project, "release", Book.Subject, item.Id, Readers.Letter(item, right: true), null, Stop);
        await _all.Take(Ana, Book);
        Assert.Equal(30 * 3600, sheet.Seconds);
        var game = QuizGame.Replay(_all.Told.Heard);
        Assert.Equal(game.Scores[QuizGame.Key(_all.Project, "release", Book.Subject, Book.Hash.Hex, "ana")], game.Scores[QuizGame.Key(_all.Project, "release", Book.Subject, Book.Hash.Hex, "slow")]);
    }

    [Fact]
    public async Task Ratings_keep_the_last_word_of_each_person_and_their_trend_adds_up()
    {
        await _all.Ratings.Rate(Ana, _all.Project, "release", Book.Subject, 2, "long", Stop);
        await _all.Ratings.Rate(Ana, _all.Project, "release", Book.Subject, 4, "better now", Stop);
        await _all.Ratings.Rate(_all.Person("li"), _all.Project, "release", Book.Subject, 5, null, Stop);
        await _all.Tell(Changed, number: 2);
        _all.Clock.Advance(TimeSpan.FromDays(1));
        await _all.Ratings.Rate(Ana, _all.Project, "release", Book.Subject, 1, null, Stop);
        var trend = await _all.Ratings.Trend(_all.Project, "release", Book.Subject, Stop);
        Assert.Equal((2, 3, 3.33), (trend.Edition, trend.Count, trend.Mean));
        Assert.Equal([new(1, 2, 4.5), new(2, 1, 1)], trend.ByEdition);
        Assert.Equal([4.5, 1], trend.ByDay.Select(day => day.Mean));
        Assert.Equal(new Rated("release", Book.Subject, 3, 10 / 3.0), Assert.Single(await _all.Store.Rated(_all.Project, Stop)));
        Assert.Equal("rating_invalid", (await Assert.ThrowsAsync<ProblemException>(() => _all.Ratings.Rate(Ana, _all.Project, "release", Book.Subject, 6, null, Stop))).Code);
    }

    public async ValueTask DisposeAsync()
    {
        await _all.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
