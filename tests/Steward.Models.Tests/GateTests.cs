namespace Steward.Models.Tests;

/// <summary>What the gates on metrics say, in words and in figures.</summary>
public class GateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, double> Measured = new()
    {
        ["test.f1_macro"] = 0.912, ["test.f1_macro.low"] = 0.891, ["test.f1_macro.high"] = 0.932, ["test.n"] = 640, ["test.accuracy"] = 0.9, ["test.ece"] = 0.031,
        ["test.f1.apple"] = 0.97, ["test.n.apple"] = 80, ["test.f1.lime"] = 0.78, ["test.n.lime"] = 80, ["test.f1.lemon"] = 0.71, ["test.n.lemon"] = 75, ["test.f1.plum"] = 0.9,
    };

    [Fact]
    public async Task A_metric_is_told_with_its_count_and_its_interval()
    {
        var told = await Metric(new() { Metric = "test.f1_macro", Op = ">=", Value = 0.9 });
        Assert.True(told.Passed);
        Assert.Equal(("F1 over all kinds at least 0.9", "0.912 (95 %: 0.891 to 0.932, n 640)", "at least 0.9"), (told.Title, told.Whole, told.Limit));
        Assert.Equal("test.f1_macro is 0.912, and at least 0.9 is asked.", told.Why);
        Assert.Null(told.Try);
    }

    [Fact]
    public async Task The_lower_end_can_be_asked_to_hold_too()
    {
        var told = await Metric(new() { Metric = "test.f1_macro", Op = ">=", Value = 0.9, Interval = "low" });
        Assert.False(told.Passed);
        Assert.Equal("the lower end of test.f1_macro is 0.891, 0.009 under the limit.", told.Why);
        Assert.True((await Metric(new() { Metric = "test.f1_macro", Op = ">=", Value = 0.89, Interval = "low" })).Passed);
    }

    [Fact]
    public async Task A_share_of_right_answers_has_the_interval_that_its_count_gives()
        => Assert.Equal("0.9 (95 %: 0.874 to 0.921, n 640)", (await Metric(new() { Metric = "test.accuracy", Op = ">=", Value = 0.8 })).Whole);

    [Fact]
    public async Task An_interval_that_nobody_logged_does_not_pass()
    {
        var told = await Metric(new() { Metric = "test.ece", Op = "<=", Value = 0.1, Interval = "high" });
        Assert.False(told.Passed);
        Assert.Equal("Log test.ece.low and test.ece.high, the ends of its 95 % interval, in the run.", told.Try);
    }

    [Fact]
    public async Task Calibration_is_asked_in_words()
    {
        var told = await Metric(new() { Metric = "test.ece", Op = "<=", Value = 0.1 });
        Assert.True(told.Passed);
        Assert.Equal("how honest the confidence is: calibration error at most 0.1", told.Title);
        Assert.EndsWith("differs from how often it is right by 3.1 percentage points on average.", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_under_the_floor_is_named_the_worst_first()
    {
        var told = await Slice(0.8);
        Assert.False(told.Passed);
        Assert.Equal(("no kind under 0.8 in F1", "lemon 0.71 (n 75)"), (told.Title, told.Whole));
        Assert.Equal("2 of 4 kinds miss the limit: lemon 0.71 (n 75), lime 0.78 (n 80).", told.Why);
        Assert.Equal("Add pictures of lemon: steward data add pictures FOLDER", told.Try);
    }

    [Fact]
    public async Task When_every_kind_holds_the_worst_is_still_named()
    {
        var told = await Slice(0.7);
        Assert.True(told.Passed);
        Assert.Equal("The worst of 4 kinds is lemon 0.71 (n 75), and at least 0.7 is asked.", told.Why);
    }

    [Fact]
    public async Task A_floor_without_kinds_does_not_pass()
        => Assert.Equal("The run logged no test.recall per kind.", (await new SliceGate().Check(Version(), new() { Slice = "kind", Metric = "test.recall", Op = ">=", Value = 0.5 }, Stop)).Why);

    [Theory]
    [InlineData("{metric: test.f1_macro, op: \">=\", value: 0.9, interval: low}", null)]
    [InlineData("{slice: kind, metric: test.f1, op: \">=\", value: 0.8}", null)]
    [InlineData("{metric: test.f1_macro, worse_than_champion_by: \"<= 0.005\", confidence: 0.95}", null)]
    [InlineData("{metric: test.ece, op: \"<=\", worse_than_champion_by: \"<= 0.01\", test: non_inferior}", null)]
    [InlineData("{latency_p95_ms: \"<= 40\"}", null)]
    [InlineData("{slice: \"*\", metric: test.f1, op: \">=\", value: 0.8}", "name what test items are told apart by: kind, a column")]
    [InlineData("{metric: test.f1_macro, op: \">=\", value: 0.9, interval: high}", "low with \">=\"")]
    [InlineData("{metric: test.f1_macro, worse_than_champion_by: \"0.005\"}", "write \"<= 0.005\"")]
    [InlineData("{metric: test.f1_macro, worse_than_champion_by: \">= 0.005\"}", "write \"<= 0.005\"")]
    [InlineData("{metric: test.f1_macro, worse_than_champion_by: \"<= 0.005\", confidence: 95}", "between 0.5 and 1")]
    [InlineData("{metric: test.f1_macro, worse_than_champion_by: \"<= 0.005\", value: 0.9}", "a line of its own")]
    [InlineData("{metric: test.f1_macro, slice: kind, worse_than_champion_by: \"<= 0.005\"}", "gates of their own")]
    [InlineData("{worse_than_champion_by: \"<= 0.005\"}", "exactly one of")]
    [InlineData("{metric: test.ndcg@10, better_than: popular, confidence: 0.95}", null)]
    [InlineData("{metric: test.rmse, better_than: mean}", null)]
    [InlineData("{metric: test.rmse, better_than: mean, op: \"<=\"}", "needs no op")]
    [InlineData("{metric: test.rmse, better_than: mean, value: 3}", "a line of its own")]
    [InlineData("{latency_p95_ms: \"<= soon\"}", "write \"<= 40\"")]
    [InlineData("{latency_p95_ms: \"<= 0\"}", "write \"<= 40\"")]
    [InlineData("{latency_p95_ms: \"<= 40\", scan: [onnx]}", "exactly one of")]
    public void A_line_of_the_project_file_is_read_or_refused_in_words(string line, string? why)
    {
        var (file, complaints) = new Projects.ProjectFileReader(new ModelsRoom().Sections).Read($"steward: 1\nproject: shop\ngates:\n  - {line}\n");
        if (why is null)
            Assert.Single(Policy.Of(file!).Gates);
        else
            Assert.Contains(complaints, one => one.Why.Contains(why, StringComparison.Ordinal));
    }

    private static Task<GateResult> Metric(GateSpec asked) => new MetricGate().Check(Version(), asked, Stop);

    private static Task<GateResult> Slice(double floor) => new SliceGate().Check(Version(), new() { Slice = "kind", Metric = "test.f1", Op = ">=", Value = floor }, Stop);

    private static ModelVersion Version() => new("id", "shop", "fruit", 1, "run", "pictures@1", Digest.Of("onnx"), new Dictionary<string, Digest>(), Measured, Signature.Empty, null, [],
        new(Digest.Of("seal"), Digest.Of("policy")), new Stage.Registered(), "erin", default, null);
}
