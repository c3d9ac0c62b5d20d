using CsCheck;
using Steward.Identity;

namespace Steward.Models.Tests;

/// <summary>What votes in which order come to. Parties: ops (dev, sam; one needed), science (li, mo, pat; two needed). Rita asks.</summary>
public class VoteOrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 12, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Name, then words: <c>dev+ops</c> approves, <c>dev?ops</c> asks, <c>dev-ops</c> rejects,
    /// <c>rita!withdraw</c> takes it back, <c>rita!answer</c> answers the first question, <c>late</c> lets 25 hours of 72 pass, <c>void</c> changes a byte. Then what the last word gives.</summary>
    [Theory]
    [InlineData("nobody voted", "", "open")]
    [InlineData("one party of two", "dev+ops", "open")]
    [InlineData("one of two people of a party", "dev+ops li+science", "open")]
    [InlineData("all parties", "dev+ops li+science mo+science", "approved")]
    [InlineData("all parties the other way round", "mo+science li+science sam+ops", "approved")]
    [InlineData("two of three, whoever", "pat+science dev+ops li+science", "approved")]
    [InlineData("both people of a party that needs one", "dev+ops sam+ops", "open")]
    [InlineData("the same person twice", "dev+ops dev+ops", "voted_already")]
    [InlineData("the same person twice does not make two", "li+science dev+ops li+science", "voted_already")]
    [InlineData("approve, then ask, and others agree", "dev+ops dev?ops li+science mo+science", "open")]
    [InlineData("approve, ask, approve again", "dev+ops dev?ops dev+ops li+science mo+science", "approved")]
    [InlineData("the requester", "rita+ops", "denied")]
    [InlineData("the requester rejects", "rita-ops", "denied")]
    [InlineData("a person of another party", "dev+science", "denied")]
    [InlineData("a stranger", "eve+ops", "denied")]
    [InlineData("a stranger rejects", "eve-science", "denied")]
    [InlineData("a party that is not asked", "dev+legal", "party_not_found")]
    [InlineData("a person of two parties speaks for one", "pat+ops", "open")]
    [InlineData("a person of two parties speaks for both", "pat+ops pat+science", "denied")]
    [InlineData("asks for one party, approves for the other", "pat?ops pat+science", "denied")]
    [InlineData("a rejection ends it", "dev-ops", "rejected")]
    [InlineData("reject, then the same person approves", "dev-ops dev+ops", "signoff_over")]
    [InlineData("reject, then another approves", "dev-ops li+science", "signoff_over")]
    [InlineData("approve, then the same person rejects", "dev+ops dev-ops", "rejected")]
    [InlineData("two approve, the third rejects", "li+science mo+science pat-science", "rejected")]
    [InlineData("a question leaves it open", "dev?ops", "open")]
    [InlineData("a question, then yes", "dev?ops dev+ops li+science mo+science", "approved")]
    [InlineData("a question, then no", "dev?ops dev-ops", "rejected")]
    [InlineData("two questions", "dev?ops dev?ops", "open")]
    [InlineData("a question does not count as yes", "dev?ops li+science mo+science", "open")]
    [InlineData("the time is up", "dev+ops late late late", "expired")]
    [InlineData("a vote when the time is up", "dev+ops late late late li+science", "signoff_expired")]
    [InlineData("a vote in the last hours", "dev+ops late late li+science mo+science", "approved")]
    [InlineData("approved stays approved when time passes", "dev+ops li+science mo+science late late late", "approved")]
    [InlineData("rejected stays rejected when time passes", "dev-ops late late late", "rejected")]
    [InlineData("a changed byte", "dev+ops void", "voided")]
    [InlineData("a vote after a changed byte", "dev+ops void li+science", "signoff_over")]
    [InlineData("a changed byte after everybody agreed", "dev+ops li+science mo+science void", "approved")]
    [InlineData("taken back by who asked", "dev+ops rita!withdraw", "withdrawn")]
    [InlineData("taken back by somebody else", "dev+ops dev!withdraw", "denied")]
    [InlineData("a vote after it was taken back", "rita!withdraw dev+ops", "signoff_over")]
    [InlineData("taken back after it was rejected", "dev-ops rita!withdraw", "signoff_over")]
    [InlineData("a question is answered, then yes", "dev?ops rita!answer dev+ops li+science mo+science", "approved")]
    [InlineData("a question is answered by who asked it", "dev?ops dev!answer", "denied")]
    [InlineData("a question is answered twice", "dev?ops rita!answer rita!answer", "answered_already")]
    [InlineData("an answer without a question", "dev+ops rita!answer", "question_not_found")]
    [InlineData("an answer when the time is up", "dev?ops late late late rita!answer", "signoff_expired")]
    [InlineData("a vote after everybody agreed", "dev+ops li+science mo+science pat+science", "signoff_over")]
    [InlineData("a rejection after everybody agreed", "dev+ops li+science mo+science pat-science", "signoff_over")]
    public void Votes_come_to(string name, string words, string end)
    {
        Assert.NotEmpty(name);
        Assert.Equal(end, Play(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static readonly Gen<string> Word = Gen.Select(
        Gen.OneOf<string>("dev", "sam", "li", "mo", "pat", "rita", "eve"), Gen.OneOf<string>("+", "?", "-"), Gen.OneOf<string>("ops", "science"),
        (person, sign, party) => person + sign + party);

    /// <summary>Yes comes more often than no, so that long orders do not all end at once.</summary>
    private static readonly Gen<string> Deed = Gen.Frequency(
        (12, Gen.Select(Gen.OneOf<string>("dev", "sam", "li", "mo", "pat", "rita", "eve"), Gen.Frequency((12, Gen.Const("+")), (6, Gen.Const("?")), (1, Gen.Const("-"))), Gen.Frequency((6, Gen.Const("ops")), (6, Gen.Const("science")), (1, Gen.Const("legal"))),
            (person, sign, party) => person + sign + party)),
        (1, Gen.OneOf<string>("late", "rita!answer", "rita!answer", "rita!withdraw", "sam!answer", "mo!withdraw", "void")));

    [Fact]
    public void Ten_thousand_orders_come_to_what_the_rules_in_plain_words_say() => Deed.Array[0, 16].Sample(words =>
    {
        var (asked, now, rules) = (Asked(), Start, new PlainRules());
        foreach (var word in words)
        {
            var code = "";
            try
            {
                (asked, now) = Step(asked, now, word);
            }
            catch (ProblemException problem)
            {
                code = problem.Code;
            }

            Assert.Equal((rules.Take(word), rules.State), (code, asked.VerdictAt(now).Words));
        }
    }, iter: 10_000);

    [Fact]
    public void What_is_decided_never_changes() => Word.Array[0, 12].Sample(words =>
    {
        var asked = Asked();
        Verdict? decided = null;
        foreach (var word in words)
        {
            var verdict = asked.VerdictAt(Start);
            if (decided is not null)
                Assert.Equal(decided, verdict);
            if (verdict is Verdict.Approved or Verdict.Rejected)
                decided = verdict;
            asked = Try(asked, word) ?? asked;
        }
    });

    [Fact]
    public void Approved_means_enough_different_people_of_every_party_and_never_the_requester() => Word.Array[0, 12].Sample(words =>
    {
        var end = words.Aggregate(Asked(), (asked, word) => Try(asked, word) ?? asked);
        if (end.VerdictAt(Start) is not Verdict.Approved)
            return;
        var yes = end.Votes.Where(vote => vote.Decision is Decision.Approve).Select(vote => (vote.Voter, vote.Party)).Distinct().ToList();
        Assert.True(yes.Any(vote => vote.Party == "ops") && yes.Count(vote => vote.Party == "science") >= 2);
        Assert.Equal(yes.Count, yes.Select(vote => vote.Voter).Distinct().Count());
        Assert.DoesNotContain("rita", yes.Select(vote => vote.Voter));
        Assert.DoesNotContain(end.Votes, vote => vote.Decision is Decision.Reject);
    });

    [Fact]
    public void It_waits_for_exactly_those_whose_approval_would_count() => Word.Array[0, 8].Sample(words =>
    {
        var asked = words.Aggregate(Asked(), (asked, word) => Try(asked, word) ?? asked);
        var missing = asked.VerdictAt(Start) is Verdict.Open open ? open.Missing : [];
        foreach (var person in (string[])["dev", "sam", "li", "mo", "pat", "rita", "eve"])
            foreach (var party in (string[])["ops", "science"])
                Assert.Equal(missing.Contains(party) && Try(asked, $"{person}+{party}") is not null, asked.WaitsFor(person, Start).Contains(party));
    });

    [Fact]
    public void The_order_of_approvals_does_not_matter() => Gen.Shuffle((string[])["dev+ops", "li+science", "mo+science"]).Sample(words => Assert.Equal("approved", Play(words)));

    private static string Play(string[] words)
    {
        var (asked, now) = (Asked(), Start);
        try
        {
            foreach (var word in words)
                (asked, now) = Step(asked, now, word);
        }
        catch (ProblemException problem)
        {
            return problem.Code;
        }

        return asked.VerdictAt(now).Words;
    }

    private static (SignOff, DateTimeOffset) Step(SignOff asked, DateTimeOffset now, string word) => word.Split('!') switch
    {
        ["late"] => (asked, now.AddHours(25)),
        ["void"] => (asked with { VoidedAt = now }, now),
        [var person, "withdraw"] => (asked.Withdraw(Person(person), "not yet", now), now),
        [var person, _] => (asked.With(Person(person), 1, "because", now), now),
        _ => (asked.With(Read(word, now), now), now),
    };

    private static Who Person(string name) => new(name, name, new Dictionary<string, IReadOnlySet<Role>>());

    private static SignOff? Try(SignOff asked, string word)
    {
        try
        {
            return asked.With(Read(word, Start), Start);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    private static Vote Read(string word, DateTimeOffset now)
    {
        var at = word.IndexOfAny(['+', '?', '-']);
        var decision = word[at] switch { '+' => Decision.Approve, '?' => Decision.Ask, _ => Decision.Reject };
        return new(word[..at], word[..at], word[(at + 1)..], decision, "seen", now, "key", "{}");
    }

    private static SignOff Asked() => new("id", "shop", 1, "fruit", 4, Digest.Of("model"), Digest.Of("seal"), Digest.Of("policy"),
        new SignOffSection
        {
            Parties =
            [
                new() { Party = "ops", Approvers = ["dev", "sam", "pat", "rita"] },
                new() { Party = "science", Approvers = ["li", "mo", "pat"], Need = 2 },
            ],
        },
        "rita", "rita", Start, Start.AddHours(72), null, []);
}
