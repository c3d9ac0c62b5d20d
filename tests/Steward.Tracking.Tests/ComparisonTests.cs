using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking.Comparing;

namespace Steward.Tracking.Tests;

/// <summary>What a comparison concludes from numbers, without a server.</summary>
public class ConclusionTests
{
    private static readonly Primary F1 = new("valid.f1", Direction.Maximize);

    [Fact]
    public void A_lead_within_the_scatter_may_be_chance_and_a_large_one_is_not()
    {
        // 90 of 100 against 89 of 100, and against 60 of 100: standard errors of 0.030, 0.031 and 0.049.
        Assert.InRange(Certainty.Of([Made("a", 0.90, n: 100), Made("b", 0.89, n: 100)], F1)!.Agrees!.Value, 0.55, 0.65);
        Assert.InRange(Certainty.Of([Made("a", 0.90, n: 100), Made("b", 0.60, n: 100)], F1)!.Agrees!.Value, 0.9999, 1);
    }

    [Fact]
    public void A_logged_interval_says_how_much_a_number_scatters()
        => Assert.Equal(0.02, Certainty.ErrorOf(Made("a", 0.9, n: 10) with { Metrics = new Dictionary<string, double> { ["valid.f1"] = 0.9, ["valid.f1.low"] = 0.9 - 0.0392, ["valid.f1.high"] = 0.9 + 0.0392 } }, "valid.f1")!.Value, 5);

    [Fact]
    public void Runs_that_differ_in_the_seed_alone_are_repeats_of_one()
    {
        var sure = Certainty.Of([.. Repeats("good", 0.97, 0.98, 0.96), .. Repeats("lucky", 0.99, 0.80, 0.82)], F1)!;
        Assert.Equal((3, 0.97), (sure.Best.Runs.Count, Math.Round(sure.Best.Value, 3)));
        Assert.Equal(0.01 / Math.Sqrt(3), sure.Best.Error!.Value, 9);
    }

    [Fact]
    public void Without_a_count_or_a_repeat_nobody_can_say_how_sure_it_is()
    {
        var alone = Comparison.Of([Made("a", 0.9), Made("b", 0.8)], F1);
        Assert.Null(alone.Certainty!.Agrees);
        Assert.Contains("run it again with another seed", ComparisonSay.Conclusion(alone)!.Value.More, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_is_better_where_the_direction_says_so()
    {
        var all = Comparison.Of([Made("a", 0.4), Made("b", 0.3)], new("valid.f1", Direction.Minimize));
        Assert.Equal(["b", "a"], all.Runs.Select(run => run.Name));
        Assert.StartsWith(" is best: valid.f1 0.300, 0.100 below a.", ComparisonSay.Conclusion(all)!.Value.More, StringComparison.Ordinal);
    }

    [Fact]
    public void What_moved_the_result_is_named_and_what_did_not_is_left_out()
    {
        var runs = Enumerable.Range(0, 24).Select(i => Made($"{i}", 0.5 + (i % 2 * 0.3) + (i % 5 * 0.001)) with { Params = new Dictionary<string, string> { ["light"] = i % 2 == 0 ? "day" : "any", ["noise"] = $"{i / 2 % 3}" } }).ToList();
        var mattered = Comparison.Of(runs, F1).Mattered;
        Assert.Equal(("light", 1.0), (mattered.Single().Parameter, Math.Round(mattered.Single().Share, 2)));
    }

    [Fact]
    public void Every_difference_has_a_row_and_equal_rows_do_not_count_as_one()
    {
        var all = Comparison.Of([Made("a", 0.9) with { Code = "a1", Params = new Dictionary<string, string> { ["k"] = "1", ["same"] = "x" } }, Made("b", 0.8) with { Code = "b2", Params = new Dictionary<string, string> { ["same"] = "x", ["new"] = "2" } }], F1);
        Assert.Equal(["code", "k", "new", "valid.f1"], all.Rows.Where(row => row.Differs).Select(row => row.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["1", null], all.Rows.Single(row => row.Key == "k").Cells);
        Assert.False(all.Rows.Single(row => row.Key == "same").Differs);
    }

    private static List<Run> Repeats(string name, params double[] values) => [.. values.Select((value, seed) => Made(name, value) with { Params = new Dictionary<string, string> { ["way"] = name, ["seed"] = seed.ToString(CultureInfo.InvariantCulture) } })];

    private static Run Made(string name, double value, int? n = null)
    {
        var metrics = new Dictionary<string, double> { ["valid.f1"] = value };
        if (n is { } count)
            metrics["valid.n"] = count;
        return new(name, "p", "e", name, RunStatus.Finished, null, "maria", "d@1", "c", null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch) { Metrics = metrics, Params = new Dictionary<string, string> { ["way"] = name } };
    }
}

/// <summary>The comparison over HTTP, on both databases.</summary>
public abstract class ComparisonTests(string? db) : TestHost(settings => settings with { Db = db })
{
    private const string At = "/api/projects/fruit/runs";

    private static readonly Who Maria = new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IRuns Runs => Services.GetRequiredService<IRuns>();

    [Fact]
    public async Task A_study_is_compared_by_what_it_names_and_shows_only_what_differs()
    {
        var study = await Study(0.1, 0.3, 0.2);
        var said = await Get($"compare?study={study}");
        Assert.Equal(["rate=0.1", "rate=0.2", "rate=0.3"], said.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.StartsWith("rate=0.1 is best: f1 0.900, 0.100 above rate=0.2", said.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
        Assert.Equal(["f1", "rate"], said.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString()).Where(key => key != "took"));
        Assert.Contains("epochs", (await Get($"compare?study={study}&all=true")).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task What_both_answered_to_the_same_items_says_how_sure_the_difference_is()
    {
        // Of 100 items 30 are hard; the first is right on all but 2 of them, the second on none: 28 to 0 by one alone.
        var (first, second) = (await One("kinds", 0.1, evaluation: Answers(wrong: i => i < 2)), await One("kinds", 0.2, evaluation: Answers(wrong: i => i < 30, last: 110)));
        var said = await Get($"compare?run={first}&run={second}&metric=f1");
        var paired = said.GetProperty("certainty").GetProperty("paired");
        Assert.Equal((100, 28, 0, "accuracy", 0.28), (paired.GetProperty("items").GetInt32(), paired.GetProperty("bestOnly").GetInt32(), paired.GetProperty("nextOnly").GetInt32(), paired.GetProperty("measure").GetString(), Math.Round(paired.GetProperty("ahead").GetDouble(), 9)));
        // McNemar's difference: a standard error of the root of 28 - 28²/100 over 100, 0.045.
        Assert.InRange(paired.GetProperty("low").GetDouble(), 0.28 - (1.96 * 0.045) - 0.02, 0.28 - (1.96 * 0.045) + 0.02);
        Assert.Contains("Both answered the same 100 test items, 28 right by it alone, 0 by the other alone: there it is 0.280 ahead in accuracy", said.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("chance does not explain that.", said.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lead_that_the_same_items_do_not_bear_out_is_not_called_shown()
    {
        var (first, second) = (await One("kinds", 0.1, evaluation: Answers(wrong: i => i is >= 10 and < 16)), await One("kinds", 0.2, evaluation: Answers(wrong: i => i < 5)));
        Assert.EndsWith("there it is 0.010 behind in accuracy (95 %: -0.080 to +0.050), so on these items it is not shown to be better.",
            System.Text.RegularExpressions.Regex.Replace((await Get($"compare?run={first}&run={second}&metric=f1")).GetProperty("conclusion").GetString()!, @"-0\.0\d\d to \+0\.0\d\d", "-0.080 to +0.050"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{"items": [{"key": "a", "truth": "x", "answer": "x"}, {"key": "a", "truth": "x", "answer": "y"}]}""")]
    [InlineData("""{"items": [null, {"key": null}]}""")]
    public async Task A_file_that_tells_no_answers_is_done_without(string file)
    {
        var (first, second) = (await One("kinds", 0.1, evaluation: Answers(wrong: i => i < 5)), await One("kinds", 0.2, evaluation: System.Text.Encoding.UTF8.GetBytes(file)));
        Assert.False((await Get($"compare?run={first}&run={second}&metric=f1")).GetProperty("certainty").TryGetProperty("paired", out _));
    }

    [Fact]
    public async Task Runs_of_two_experiments_stand_side_by_side()
    {
        var (first, second) = (await One("seeds", 0.1), await One("leaves", 0.4));
        var said = await Get($"compare?run={first}&run={second}&metric=f1");
        Assert.Equal([first, second], said.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task The_best_few_of_many_are_shown_and_the_conclusion_is_about_all()
    {
        var study = await Study([.. Enumerable.Range(1, 12).Select(i => i / 20.0)]);
        var said = await Get($"compare?study={study}&best=3");
        Assert.Equal((3, 12), (said.GetProperty("runs").GetArrayLength(), said.GetProperty("total").GetInt32()));
        Assert.Equal("rate", said.GetProperty("mattered")[0].GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_named_and_anothers_projects_run_is_not_there()
    {
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: other\n", Maria, Stop);
        var other = (await Runs.Start(Maria, new("other", "kinds"), Stop)).Id;
        foreach (var id in (string[])["nobody", other])
        {
            using var reply = await Http.GetAsync($"{At}/compare?run={id}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
            Assert.Contains(id, await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_to_compare_is_an_empty_answer()
        => Assert.Equal(0, (await Get("compare?experiment=none")).GetProperty("runs").GetArrayLength());

    [Fact]
    public async Task More_than_can_be_looked_at_is_refused_in_words()
    {
        using var reply = await Http.GetAsync($"{At}/compare?{string.Join('&', Enumerable.Range(0, 201).Select(i => $"run={i}"))}", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\n", Maria, Stop);
    }

    private async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>($"{At}/{path}", Stop);

    /// <summary>What a run answered to numbered items.</summary>
    private static byte[] Answers(Func<int, bool> wrong, int last = 100) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        items = Enumerable.Range(0, last).Select(i => new { key = $"test/{i}", truth = i % 2 == 0 ? "apple" : "pear", answer = wrong(i) == (i % 2 == 0) ? "pear" : "apple", probability = 0.9 }),
    });

    private async Task<string> Study(params double[] rates)
    {
        var study = await Runs.Start(Maria, new("fruit", "kinds", "rates") { Tags = new Dictionary<string, string> { ["primary"] = "f1" } }, Stop);
        foreach (var rate in rates)
            await One("kinds", rate, study.Id);
        await Runs.End(Maria, study.Id, RunStatus.Finished, Stop);
        return study.Id;
    }

    private async Task<string> One(string experiment, double rate, string? study = null, byte[]? evaluation = null)
    {
        var run = await Runs.Start(Maria, new("fruit", experiment, string.Create(CultureInfo.InvariantCulture, $"rate={rate}")) { Parent = study, Data = "pictures@1", Params = new Dictionary<string, string> { ["rate"] = rate.ToString(CultureInfo.InvariantCulture), ["epochs"] = "4" } }, Stop);
        await Runs.Metrics(Maria, run.Id, [new("f1", 1 - rate)], Stop);
        if (evaluation is not null)
            await Runs.Artifact(Maria, run.Id, "evaluation.json", await Services.GetRequiredService<IBlobs>().Put(evaluation, Stop), Stop);
        return (await Runs.End(Maria, run.Id, RunStatus.Finished, Stop)).Id;
    }
}

public sealed class ComparisonOnSqliteTests() : ComparisonTests(null);

public sealed class ComparisonOnPostgresTests() : ComparisonTests(TestPostgres.NewDatabase());
