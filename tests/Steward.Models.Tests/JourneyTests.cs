using Steward.Storage;
using Steward.Testing;

namespace Steward.Models.Tests;

/// <summary>From a registered version to one that serves, and back; kept by both databases.</summary>
public abstract class JourneyTests(Db db) : IAsyncDisposable
{
    private const string Rules = """
        gates:
          - {metric: test.f1_macro, op: ">=", value: 0.85}
          - {scan: [onnx], result: clean}
        signoff:
          parties:
            - {party: ops, approvers: [dev, sam], need: 1}
            - {party: business, approvers: [coo], need: 1}
        """;

    private readonly House _house = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_version_is_numbered_and_checked_at_once()
    {
        await _house.Policy(Rules);
        var one = await _house.Version();
        Assert.Equal((1, 2), (one.Version, (await _house.Version()).Version));
        Assert.All(one.Gates, gate => Assert.True(gate.Passed));
        Assert.IsType<Stage.GatesPassed>(one.Stage);
        Assert.Equal("x float[1,3]", Assert.Single(one.Signature.Inputs).ToString());
    }

    [Fact]
    public async Task The_same_run_or_study_never_registers_twice()
    {
        await _house.Policy(Rules);
        var first = await _house.Version(run: "r1", study: "s1");
        Assert.Equal(first.Id, (await _house.Version(run: "r1")).Id);
        Assert.Equal(first.Id, (await _house.Version(run: "r2", study: "s1")).Id);
    }

    [Fact]
    public async Task A_failed_gate_is_named_with_what_was_measured()
    {
        await _house.Policy(Rules);
        await _house.Version(f1: 0.8);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", 1, Stop));
        Assert.Equal(("gate_failed", 4), (refused.Code, refused.Kind.ExitCode()));
        Assert.Contains("F1 over all kinds at least 0.85, measured 0.8 (n 240)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promotion_before_gates_or_people_is_refused()
    {
        await _house.Policy(Rules);
        await _house.Version(f1: 0.8);
        await _house.Version();
        Assert.Equal(("gate_failed", 4), await Refused(1));
        Assert.Equal(("waiting_for_people", 5), await Refused(2));
        await _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", 2, Stop);
        Assert.Equal(("waiting_for_people", 5), await Refused(2));
        Assert.Null(await _house.Promotions.Current(_house.Project, "fruit", stop: Stop));
    }

    [Fact]
    public async Task The_last_approval_makes_it_serve_and_back_needs_no_vote()
    {
        await _house.Policy(Rules);
        await Serve(1);
        await Serve(2);
        Assert.Equal(1, await _house.Promotions.WayBack(_house.Project, "fruit", stop: Stop));
        var back = await _house.Promotions.Back(_house.Editor, _house.Project, "fruit", "production", "worse at night", stop: Stop);
        Assert.Equal((1, 3L), (back.Version, back.Epoch));
        Assert.Equal([3L, 2, 1], (await _house.Promotions.History(_house.Project, "fruit", stop: Stop)).Select(move => move.Epoch).OrderDescending());
        Assert.Equal("no_way_back", (await Assert.ThrowsAsync<ProblemException>(() => _house.Promotions.Back(_house.Editor, _house.Project, "fruit", "production", "again", stop: Stop))).Code);
        Assert.Contains("model.went_back", await _house.Db.All<string>("SELECT action FROM audit_entry WHERE project = @Project", new { _house.Project }, Stop));
    }

    [Fact]
    public async Task A_changed_byte_voids_the_question()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        var file = Path.Combine(_house.Folder, "blobs", asked.Onnx.Hex[..2], asked.Onnx.Hex[2..]);
        await Flip(file);
        await Voided(asked);
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 1, stop: Stop))).Code);
    }

    [Fact]
    public async Task A_changed_byte_of_the_evidence_voids_the_question()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version(answers: new(null, ["apple"], ["apple"])));
        await _house.Vote(asked, "dev", "ops");
        var file = (await _house.Models.Get(_house.Project, new("fruit", 1, null), Stop)).Artifacts["reference.json"].Hex;
        await Flip(Path.Combine(_house.Folder, "blobs", file[..2], file[2..]));
        await Voided(asked);
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => Ask(1))).Code);
    }

    [Theory]
    [InlineData("UPDATE model_version SET metrics = replace(metrics, '0.9', '0.99') WHERE project = @Project")]
    [InlineData("UPDATE model_version SET data = 'pictures@2' WHERE project = @Project")]
    [InlineData("UPDATE model_version SET run = 'another' WHERE project = @Project")]
    [InlineData("UPDATE gate_check SET results = replace(results, '0.85', '0.80') WHERE project = @Project")]
    public async Task Changed_evidence_voids_the_question(string behindTheBack)
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        Assert.Equal(1, await _house.Db.Run(behindTheBack, new { _house.Project }, Stop));
        await Voided(asked);
        Assert.NotEqual(asked.Seal, (await Ask(1)).Seal);
    }

    [Fact]
    public async Task Looking_again_at_the_same_facts_keeps_the_votes()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        await _house.Models.Check(_house.Editor, _house.Project, "fruit", 1, Stop);
        Assert.Equal(asked.Number, (await Ask(1)).Number);
        await _house.Vote(asked, "coo", "business");
        Assert.Equal(1, (await _house.Promotions.Current(_house.Project, "fruit", stop: Stop))!.Version);
    }

    [Fact]
    public async Task What_serves_changed_so_what_was_compared_with_it_is_asked_anew()
    {
        await _house.Policy(Rules.Replace("signoff:", "  - {signature: compatible}\nsignoff:", StringComparison.Ordinal));
        await Serve(1);
        var (second, third) = (await Ask(await _house.Version()), await Ask(await _house.Version()));
        await _house.Vote(third, "dev", "ops");
        await _house.Vote(second, "dev", "ops");
        await _house.Vote(second, "coo", "business");
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(third, "coo", "business"))).Code);
        Assert.Equal(2, (await _house.Promotions.Current(_house.Project, "fruit", stop: Stop))!.Version);
        Assert.Equal(third.Number + 1, (await Ask(3)).Number);
    }

    [Fact]
    public async Task A_question_stays_open_until_who_requested_answers_it()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        asked = await _house.Vote(asked, "dev", "ops", Decision.Ask);
        Assert.Equal("seen", Assert.Single(asked.OpenQuestions(_house.Clock.GetUtcNow())).Asked.Reason);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Answer(_house.Approver("sam"), _house.Project, asked.Number, 1, "no", Stop))).Code);
        Assert.Equal("text_missing", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Answer(_house.Editor, _house.Project, asked.Number, 1, " ", Stop))).Code);
        Assert.Equal(asked.Number, Assert.Single(await _house.SignOffs.WaitingFor(_house.Editor, _house.Project, Stop)).Number);
        await _house.SignOffs.Answer(_house.Editor, _house.Project, asked.Number, 1, "Yes, at night too.", Stop);
        asked = (await _house.SignOffs.Find(_house.Project, asked.Number, Stop))!;
        Assert.Equal(("Yes, at night too.", "erin"), (asked.Questions[0].Answer!.Text, asked.Questions[0].Answer!.By));
        Assert.Empty(asked.OpenQuestions(_house.Clock.GetUtcNow()));
        Assert.Empty(await _house.SignOffs.WaitingFor(_house.Editor, _house.Project, Stop));
        await _house.Vote(asked, "dev", "ops");
        await _house.Vote(asked, "coo", "business");
        Assert.Contains("signoff.answered", await Audited());
        Assert.Single(_house.Told.Heard.OfType<SignOffAnswered>());
    }

    [Fact]
    public async Task Changing_ones_mind_keeps_both_words_and_the_last_one_counts()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        await _house.Vote(asked, "dev", "ops", Decision.Ask);
        Assert.Equal(["ops", "business"], Assert.IsType<Verdict.Open>((await _house.Vote(asked, "sam", "ops", Decision.Ask)).VerdictAt(_house.Clock.GetUtcNow())).Missing);
        var end = await _house.Vote(asked, "dev", "ops", Decision.Reject);
        Assert.Equal([Decision.Approve, Decision.Ask, Decision.Ask, Decision.Reject], end.Votes.Select(vote => vote.Decision));
        Assert.IsType<Stage.Rejected>((await _house.Models.Get(_house.Project, new("fruit", 1, null), Stop)).Stage);
    }

    [Fact]
    public async Task A_vote_without_a_reason_is_refused()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        foreach (var decision in Enum.GetValues<Decision>())
            Assert.Equal("text_missing", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Draft(_house.Approver("dev"), _house.Project, asked.Number, "ops", decision, " ", Stop))).Code);
        var key = await _house.Key("dev");
        var envelope = Dsse.Sign(Dsse.InToto, Statement.Of(asked, "dev", "ops", Decision.Reject, "", _house.Clock.GetUtcNow()).Bytes(), key);
        Assert.Equal("text_missing", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Vote(_house.Approver("dev"), _house.Project, asked.Number, envelope, Stop))).Code);
    }

    [Fact]
    public async Task Who_asked_takes_it_back_and_can_ask_again()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Withdraw(_house.Approver("dev"), _house.Project, asked.Number, "mine now", Stop))).Code);
        await _house.SignOffs.Withdraw(_house.Editor, _house.Project, asked.Number, "a better one is coming", Stop);
        Assert.Equal("signoff_over", (await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(asked, "coo", "business"))).Code);
        Assert.IsType<Stage.GatesPassed>((await _house.Models.Get(_house.Project, new("fruit", 1, null), Stop)).Stage);
        Assert.Equal(asked.Number + 1, (await Ask(1)).Number);
        Assert.Contains("signoff.withdrawn", await Audited());
        Assert.Single(_house.Told.Heard.OfType<SignOffWithdrawn>());
    }

    [Fact]
    public async Task Requests_at_the_same_moment_are_one_question()
    {
        await _house.Policy(Rules);
        await _house.Version();
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Ask(1))));
        Assert.Equal([1], asked.Select(one => one.Number).Distinct());
        Assert.Single(await _house.SignOffs.All(_house.Project, stop: Stop));
    }

    [Fact]
    public async Task Many_votes_at_the_same_moment_come_to_one_decision_and_none_is_lost()
    {
        string[] crowd = ["ann", "ben", "cem", "dot", "eli", "fay", "gus", "hal"];
        await _house.Policy($$"""
            signoff:
              parties:
                - {party: crowd, approvers: [{{string.Join(", ", crowd)}}], need: 5}
            """);
        await Task.WhenAll(crowd.Select(_house.Key));
        for (var round = 1; round <= 4; round++)
        {
            var asked = await Ask(await _house.Version());
            // In every other round one of them says no.
            var told = await Task.WhenAll(crowd.Select((person, i) => Task.Run(async () =>
            {
                try
                {
                    await _house.Vote(asked, person, "crowd", i == 4 && round % 2 == 0 ? Decision.Reject : Decision.Approve);
                    return "taken";
                }
                catch (ProblemException refused)
                {
                    return refused.Code;
                }
            }, Stop)));
            Assert.All(told, one => Assert.True(one is "taken" or "signoff_over", one));
            var end = (await _house.SignOffs.Find(_house.Project, asked.Number, Stop))!;
            Assert.Equal(told.Count(one => one == "taken"), end.Votes.Count);
            var verdict = end.VerdictAt(_house.Clock.GetUtcNow());
            Assert.True(verdict is Verdict.Approved ? end.Votes.Count == 5 : verdict is Verdict.Rejected && end.Votes[^1].Decision is Decision.Reject, verdict.Words);
            Assert.Equal([verdict is Verdict.Approved], _house.Told.Heard.OfType<SignOffDecided>().Where(one => one.SignOff == asked.Number).Select(one => one.Approved));
        }
    }

    [Fact]
    public async Task A_changed_rule_voids_the_question_and_asking_again_gives_a_new_number()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await _house.Policy(Rules.Replace("0.85", "0.80", StringComparison.Ordinal));
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(asked, "dev", "ops"))).Code);
        var again = await _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", 1, Stop);
        Assert.Equal(asked.Number + 1, again.Number);
        Assert.NotEqual(asked.Seal, again.Seal);
    }

    [Fact]
    public async Task A_vote_signed_with_somebody_elses_key_does_not_count()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        var foreign = await _house.Key("sam");
        var envelope = Dsse.Sign(Dsse.InToto, Statement.Of(asked, "dev", "ops", Decision.Approve, "seen", _house.Clock.GetUtcNow()).Bytes(), foreign);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Vote(_house.Approver("dev"), _house.Project, asked.Number, envelope, Stop))).Code);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _house.SignOffs.Vote(_house.Approver("sam"), _house.Project, asked.Number, envelope, Stop))).Code);
    }

    [Fact]
    public async Task Two_last_votes_at_once_promote_once()
    {
        await _house.Policy(Rules);
        var asked = await Ask(await _house.Version());
        await Task.WhenAll(_house.Key("dev"), _house.Key("coo"));
        await Task.WhenAll(_house.Vote(asked, "dev", "ops"), _house.Vote(asked, "coo", "business"));
        Assert.Equal(1, (await _house.Promotions.Current(_house.Project, "fruit", stop: Stop))!.Epoch);
    }

    [Fact]
    public async Task Of_many_promotions_that_saw_the_same_epoch_one_wins()
    {
        await _house.Policy("");
        for (var i = 0; i < 6; i++)
            await _house.Version();
        var results = await Task.WhenAll(Enumerable.Range(1, 6).Select(async version =>
        {
            try
            {
                return (await _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", version, expected: 0, stop: Stop)).Epoch.ToString(null, null);
            }
            catch (ProblemException problem)
            {
                return problem.Code;
            }
        }));
        Assert.Equal(["1", .. Enumerable.Repeat("promotion_raced", 5)], results.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_older_acknowledgement_changes_nothing()
    {
        await _house.Promotions.Acknowledge(_house.Project, "fruit", "production", "shop", 5, Stop);
        await _house.Promotions.Acknowledge(_house.Project, "fruit", "production", "shop", 4, Stop);
        Assert.Equal(5, Assert.Single(await _house.Promotions.Acknowledged(_house.Project, "fruit", stop: Stop)).Epoch);
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<SignOff> Ask(ModelVersion version) => Ask(version.Version);

    private Task<SignOff> Ask(int version) => _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", version, Stop);

    private async Task Voided(SignOff asked)
    {
        Assert.Equal("seal_changed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Vote(asked, "coo", "business"))).Code);
        Assert.IsType<Verdict.Voided>((await _house.SignOffs.Find(_house.Project, asked.Number, Stop))!.VerdictAt(_house.Clock.GetUtcNow()));
        Assert.Null(await _house.Promotions.Current(_house.Project, "fruit", stop: Stop));
    }

    private static async Task Flip(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Stop);
    }

    private Task<List<string>> Audited() => _house.Db.All<string>("SELECT action FROM audit_entry WHERE project = @Project", new { _house.Project }, Stop);

    private async Task Serve(int version)
    {
        var asked = await Ask(await _house.Version());
        await _house.Vote(asked, "dev", "ops");
        await _house.Vote(asked, "coo", "business");
        Assert.Equal(version, (await _house.Promotions.Current(_house.Project, "fruit", stop: Stop))!.Version);
        _house.Clock.Pass(TimeSpan.FromMinutes(1));
    }

    private async Task<(string, int)> Refused(int version)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", version, stop: Stop));
        return (refused.Code, refused.Kind.ExitCode());
    }
}

public sealed class JourneyOnSqliteTests() : JourneyTests(Databases.Sqlite());

public sealed class JourneyOnPostgresTests() : JourneyTests(Databases.Postgres());
