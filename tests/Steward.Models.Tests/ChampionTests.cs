using Steward.Storage;
using Steward.Testing;

namespace Steward.Models.Tests;

/// <summary>A version against the one that serves, on the items that both were tested on; kept by both databases.</summary>
public abstract class ChampionTests(Db db) : IAsyncDisposable
{
    private const string Rules = """
        gates:
          - {metric: test.f1_macro, worse_than_champion_by: "<= 0.005", confidence: 0.95}
        """;

    private readonly House _house = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_version_has_no_champion_and_passes_with_the_words()
    {
        await _house.Policy(Rules);
        var told = Assert.Single((await _house.Version(answers: Said(400, 40))).Gates);
        Assert.True(told.Passed);
        Assert.Equal(("no worse than what serves in F1 over all kinds", "first version"), (told.Title, told.Measured));
    }

    [Fact]
    public async Task Clearly_worse_on_the_same_items_is_refused_with_the_paired_interval()
    {
        var told = await Against(Said(400, wrong: 20), Said(400, wrong: 60));
        Assert.False(told.Passed);
        Assert.Equal("no worse than fruit@1 in F1 over all kinds", told.Title);
        Assert.Equal("-0.100", told.Measured);
        Assert.Matches(@"^95 %: -0\.1\d\d to -0\.0[678]\d, 400 shared$", told.Spread!);
        Assert.Equal("It is 0.1 worse, on the 400 test items that both were asked: chance does not explain that.", told.Why);
        Assert.NotNull(told.Try);
    }

    [Fact]
    public async Task Equals_pass_and_so_does_a_loss_that_may_be_chance()
    {
        var equal = await Against(Said(400, wrong: 20), Said(400, wrong: 20));
        Assert.True(equal.Passed, equal.Why);
        Assert.Equal(("0", "95 %: 0 to 0, 400 shared"), (equal.Measured, equal.Spread));
        // Each is wrong where the other is right: three more mistakes of 43 can be chance.
        var unsure = await Compare(Said(400, wrong: 23, from: 200));
        Assert.True(unsure.Passed, unsure.Why);
        Assert.EndsWith("it is not shown to be worse.", unsure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_proof_refuses_what_few_items_cannot_tell()
    {
        var told = await Against(Said(400, wrong: 20), Said(400, wrong: 20, from: 200), Rules.Replace("confidence", "test: non_inferior, confidence", StringComparison.Ordinal));
        Assert.False(told.Passed);
        Assert.Contains("more test items would narrow it", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_shared_items_count_and_their_number_is_told()
    {
        // The newer test holds 200 items that the champion never saw, and it is wrong on all of them.
        var told = await Against(Said(400, wrong: 20), Said(600, wrong: 20, alsoWrongFrom: 400));
        Assert.True(told.Passed, told.Why);
        Assert.EndsWith(", 400 shared", told.Spread!, StringComparison.Ordinal);
        // And an older test may hold items that are no longer asked.
        var fewer = await Compare(Said(300, wrong: 20));
        Assert.Equal("It is equally good, on the 300 test items that both were asked, of 400 of fruit@1: that keeps the limit.", fewer.Why);
    }

    [Fact]
    public async Task Labels_that_were_mended_since_judge_both()
    {
        var mended = Said(400, wrong: 0) with { Labels = [.. Said(400, wrong: 0).Labels.Select((label, i) => i < 100 ? "plum" : label)], Said = [.. Said(400, wrong: 0).Labels.Select((label, i) => i < 100 ? "plum" : label)] };
        var told = await Against(Said(400, wrong: 0), mended);
        Assert.StartsWith("+", told.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_each_counts_on_its_own_items_with_a_wider_interval()
    {
        var told = await Against(Said(400, wrong: 20) with { Keys = null }, Said(400, wrong: 60), intervals: 0.02);
        Assert.Contains("because fruit@1 does not tell what it answered to which (reference.json with keys)", told.Why, StringComparison.Ordinal);
        Assert.Equal("95 %: -0.128 to -0.072, not paired", told.Spread); // 0.1 ± sqrt(0.02² + 0.02²)
        Assert.False(told.Passed);
    }

    [Fact]
    public async Task A_reference_that_names_an_item_twice_or_is_no_JSON_is_not_paired()
    {
        var twice = Said(400, wrong: 20);
        var told = await Against(twice with { Keys = [.. twice.Keys!.Skip(1), twice.Keys![1]] }, Said(400, wrong: 20));
        Assert.Contains("fruit@1 does not tell", told.Why, StringComparison.Ordinal);
        Assert.Null(told.Spread);
    }

    [Fact]
    public async Task A_metric_of_which_less_is_better_says_so()
    {
        await _house.Policy("""
            gates:
              - {metric: test.ece, op: "<=", worse_than_champion_by: "<= 0.01"}
            """);
        await _house.Version(metrics: new Dictionary<string, double> { ["test.ece"] = 0.02 });
        await _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 1, stop: Stop);
        Assert.False(Assert.Single((await _house.Version(metrics: new Dictionary<string, double> { ["test.ece"] = 0.05 })).Gates).Passed);
        Assert.True(Assert.Single((await _house.Version(metrics: new Dictionary<string, double> { ["test.ece"] = 0.01 })).Gates).Passed);
    }

    [Fact]
    public async Task Looking_again_gives_the_same_seal_also_once_it_serves()
    {
        await Against(Said(400, wrong: 20), Said(400, wrong: 22, from: 100));
        var before = (await _house.Models.Versions(_house.Project, "fruit", Stop))[0];
        Assert.Equal(before.Seal.Digest, (await _house.Models.Check(_house.Editor, _house.Project, "fruit", 2, Stop)).Seal.Digest);
        await _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 2, stop: Stop);
        Assert.Equal(before.Seal.Digest, (await _house.Models.Check(_house.Editor, _house.Project, "fruit", 2, Stop)).Seal.Digest);
    }

    [Fact]
    public async Task What_was_compared_with_another_version_than_serves_now_must_be_checked_again()
    {
        await Against(Said(400, wrong: 30), Said(400, wrong: 20));
        await _house.Version(f1: 0.91, answers: Said(400, wrong: 29));
        await _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 2, stop: Stop);
        Assert.Equal(2, Assert.IsType<Stage.Registered>((await _house.Models.Get(_house.Project, new("fruit", 3, null), Stop)).Stage).Since);
        Assert.Equal("gate_failed", (await Assert.ThrowsAsync<ProblemException>(() => _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 3, stop: Stop))).Code);
        var told = Assert.Single((await _house.Models.Check(_house.Editor, _house.Project, "fruit", 3, Stop)).Gates);
        Assert.Equal("no worse than fruit@2 in F1 over all kinds", told.Title);
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The first serves; what the gate says about the second.</summary>
    private async Task<GateResult> Against(Answers champion, Answers challenger, string rules = Rules, double? intervals = null)
    {
        await _house.Policy(rules);
        await _house.Version(answers: champion, metrics: Logged(0.95, intervals));
        await _house.Promotions.Promote(_house.Editor, _house.Project, "fruit", 1, stop: Stop);
        return Assert.Single((await _house.Version(answers: challenger, metrics: Logged(0.85, intervals))).Gates);
    }

    private async Task<GateResult> Compare(Answers challenger) => Assert.Single((await _house.Version(answers: challenger)).Gates);

    private static Dictionary<string, double> Logged(double f1, double? spread) => spread is { } half
        ? new() { ["test.f1_macro"] = f1, ["test.f1_macro.low"] = f1 - half, ["test.f1_macro.high"] = f1 + half, ["test.n"] = 400 }
        : new() { ["test.f1_macro"] = f1, ["test.n"] = 400 };

    /// <summary>Answers to items 0, 1, 2, … of two kinds in turn, wrong on some in a row.</summary>
    private static Answers Said(int items, int wrong, int from = 0, int alsoWrongFrom = int.MaxValue)
    {
        var labels = Enumerable.Range(0, items).Select(i => i % 2 == 0 ? "apple" : "lime").ToList();
        return new([.. Enumerable.Range(0, items).Select(i => $"{i:0000}.png")], labels,
            [.. labels.Select((label, i) => (i >= from && i < from + wrong) || i >= alsoWrongFrom ? label == "apple" ? "lime" : "apple" : label)]);
    }
}

public sealed class ChampionOnSqliteTests() : ChampionTests(Databases.Sqlite());

public sealed class ChampionOnPostgresTests() : ChampionTests(Databases.Postgres());
