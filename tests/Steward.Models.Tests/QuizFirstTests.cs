using Microsoft.Extensions.DependencyInjection;
using Steward.Testing;

namespace Steward.Models.Tests;

/// <summary>A party may ask that its people understood what they approve; whoever tells and quizzes says whether they did.</summary>
public sealed class QuizFirstTests : IAsyncLifetime
{
    private const string Policy = """
        signoff:
          parties:
            - {party: ops, approvers: [dev], need: 1, quiz: required}
            - {party: business, approvers: [coo], need: 1}
        """;

    private readonly Passes _passes = new();
    private readonly House _house;
    private SignOff _asked = null!;

    public QuizFirstTests() => _house = new(Databases.Sqlite(), services => services.AddSingleton<IInformed>(_passes));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _house.Policy(Policy);
        _asked = await _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", (await _house.Version()).Version, Stop);
    }

    [Fact]
    public async Task A_yes_for_the_party_needs_the_quiz_and_the_refusal_says_how_to_take_it()
    {
        foreach (var refused in new[] { await Assert.ThrowsAsync<ProblemException>(() => Draft("dev", "ops", Decision.Approve)), await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(_asked, "dev", "ops")) })
        {
            Assert.Equal("quiz_first", refused.Code);
            Assert.Equal("steward story quiz release fruit@1, or open /quiz", refused.Try);
        }

        _passes.Of["dev"] = Proof("facts");
        Assert.Equal("facts", (await Sign("dev", "ops")).Predicate.Quiz!.FactsHash);
        Assert.Equal(["ops"], (await _house.SignOffs.Find(_house.Project, _asked.Number, Stop))!.Votes.Select(vote => vote.Party));
    }

    [Theory]
    [InlineData(Decision.Reject)]
    [InlineData(Decision.Ask)]
    public async Task A_no_or_a_question_never_needs_a_quiz(Decision decision)
    {
        Assert.Null((await Draft("dev", "ops", decision)).Predicate.Quiz);
        Assert.Equal(decision, (await _house.Vote(_asked, "dev", "ops", decision)).Votes[0].Decision);
    }

    [Fact]
    public async Task Another_party_approves_without_one() => Assert.Single((await _house.Vote(_asked, "coo", "business")).Votes);

    [Fact]
    public async Task A_pass_that_became_void_between_draft_and_vote_does_not_count_nor_does_one_that_is_made_up()
    {
        _passes.Of["dev"] = Proof("facts");
        var before = await Draft("dev", "ops", Decision.Approve);
        _passes.Of["dev"] = Proof("other facts");
        Assert.Equal("quiz_first", (await Assert.ThrowsAsync<ProblemException>(() => Send("dev", before))).Code);
        var boast = Statement.Of(_asked, "coo", "business", Decision.Approve, "seen", _house.Clock.GetUtcNow(), Proof("mine"));
        Assert.Equal("quiz_first", (await Assert.ThrowsAsync<ProblemException>(() => Send("coo", boast))).Code);
    }

    [Fact]
    public async Task The_file_of_a_sign_off_proves_the_quiz_offline_and_misses_one_that_is_not_there()
    {
        _passes.Of["dev"] = Proof("facts");
        await Sign("dev", "ops");
        var end = await _house.Vote(_asked, "coo", "business");
        var file = Json.Read<SignOffView>(Json.Write(SignOffView.Of(end, _house.Clock.GetUtcNow()) with { Keys = [await Key("dev"), await Key("coo")] }));
        Assert.Empty(Models.Proof.Of(file, [], null).Complaints);
        var key = await _house.Key("dev");
        var without = Dsse.Sign(Dsse.InToto, Statement.Of(end, "dev", "ops", Decision.Approve, "seen", _house.Clock.GetUtcNow()).Bytes(), key);
        var stripped = file with { Votes = [file.Votes[0] with { Envelope = Json.Write(without) }, file.Votes[1]] };
        Assert.Contains("its party asks for a quiz first", Models.Proof.Of(stripped, [], null).Complaints[0], StringComparison.Ordinal);
    }

    /// <summary>The canonical text of a policy and of a statement from before there were quizzes: their digests are in seals and envelopes.</summary>
    [Fact]
    public void Without_a_quiz_a_policy_and_a_statement_are_written_as_ever()
    {
        var party = new SignOffSection { Parties = [new PartyRule { Party = "ops", Approvers = ["dev"] }] };
        Assert.Equal("""{"gates":[],"signoff":{"parties":[{"approvers":["dev"],"need":1,"party":"ops"}],"rules":{"expires":"3.00:00:00","onePersonOneParty":true,"promote":"atOnce","reVoteOnChange":true,"requesterMayVote":false},"stage":"production"}}""",
            System.Text.Encoding.UTF8.GetString(Canonical.Bytes(new { gates = Array.Empty<GateSpec>(), signoff = party })));
        Assert.Equal(Digest.Parse("a5680b4f425f51a89e30817dcff163b3a6fd705fcef191b344cdfc5f117e94c8"), new Policy([], party).Digest);
        Assert.NotEqual(new Policy([], party).Digest, new Policy([], party with { Parties = [party.Parties[0] with { Quiz = QuizRule.Required }] }).Digest);
        Assert.DoesNotContain("quiz", System.Text.Encoding.UTF8.GetString(Statement.Of(_asked, "dev", "ops", Decision.Ask, "why", _house.Clock.GetUtcNow()).Bytes()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rule_is_part_of_the_seal_so_changing_it_asks_again()
    {
        await _house.Policy(Policy.Replace(", quiz: required", "", StringComparison.Ordinal));
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(_asked, "coo", "business"))).Code);
    }

    [Fact]
    public async Task Where_nobody_gives_a_quiz_the_refusal_says_so()
    {
        await using var house = new House(Databases.Sqlite());
        await house.Policy(Policy);
        var asked = await house.SignOffs.Request(house.Editor, house.Project, "fruit", (await house.Version()).Version, Stop);
        Assert.Contains("nothing here gives one", (await Assert.ThrowsAsync<ProblemException>(() => house.Vote(asked, "dev", "ops"))).Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private Task<Statement> Draft(string person, string party, Decision decision) => _house.SignOffs.Draft(_house.Approver(person), _house.Project, _asked.Number, party, decision, "seen", Stop);

    private async Task<Statement> Sign(string person, string party)
    {
        var draft = await Draft(person, party, Decision.Approve);
        await Send(person, draft);
        return draft;
    }

    private async Task<SignOff> Send(string person, Statement statement)
    {
        var key = await _house.Key(person);
        return await _house.SignOffs.Vote(_house.Approver(person), _house.Project, _asked.Number, Dsse.Sign(Dsse.InToto, statement.Bytes(), key), Stop);
    }

    private async Task<Steward.Identity.PersonKey> Key(string person)
    {
        var key = await _house.Key(person);
        return new(Steward.Identity.PersonKey.HintOf(key), person, "default", Steward.Identity.PersonKey.PemOf(key), default, null);
    }

    private static QuizProof Proof(string facts) => new("release/fruit@1", "story", facts, "child", "en", "1", ["hardest"], ["a"], 1, 41.5, new(2026, 5, 12, 9, 0, 0, TimeSpan.Zero));

    /// <summary>Who understood, as somebody tells.</summary>
    private sealed class Passes : IInformed
    {
        public Dictionary<string, QuizProof> Of { get; } = [];

        Task<Understanding> IInformed.Of(string project, string model, int version, string person, CancellationToken stop)
            => Task.FromResult(new Understanding(Of.GetValueOrDefault(person), "/quiz", $"steward story quiz release {model}@{version}", "you did not pass it yet"));
    }
}
