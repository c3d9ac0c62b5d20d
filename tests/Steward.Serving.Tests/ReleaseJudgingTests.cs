using CsCheck;

namespace Steward.Serving.Tests;

public sealed class ReleaseJudgingTests
{
    private static readonly DateTimeOffset Began = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset After = Began.AddMinutes(10), Early = Began.AddSeconds(10);

    [Fact]
    public void A_step_waits_for_its_time_and_for_enough_answers_and_says_for_which()
    {
        Assert.Equal("Step 1 of 3 is judged after 10 min and 60 answers of colours@2 more.", Judge(Counts(40), Began).Why);
        Assert.Equal("Step 1 of 3 is judged after 1 answer of colours@2 more.", Judge(Counts(99), After).Why);
        Assert.Equal(Verdict.Kind.Wait, Judge(Counts(1000), Early).Then);
        Assert.Equal(Verdict.Kind.Advance, Judge(Counts(100), After).Then);
    }

    [Theory]
    [InlineData(198, 2, 0, 0, Verdict.Kind.Advance)] // 1 of 100 is not above 1 %
    [InlineData(197, 3, 0, 0, Verdict.Kind.Abort)]
    [InlineData(200, 0, 30, 0, Verdict.Kind.Advance)]
    [InlineData(200, 0, 31, 0, Verdict.Kind.Abort)]
    [InlineData(200, 0, 0, 10, Verdict.Kind.Advance)]
    [InlineData(200, 0, 0, 11, Verdict.Kind.Abort)]
    internal void After_its_time_a_figure_above_its_limit_stops_it(int answered, int failed, int unsure, int slow, Verdict.Kind then)
        => Assert.Equal(then, Judge(Counts(answered, failed, unsure, slow), After).Then);

    [Fact]
    public void Before_its_time_only_what_chance_does_not_explain_stops_it()
    {
        Assert.Equal(Verdict.Kind.Wait, Judge(Counts(97, failed: 2), Early).Then);
        Assert.Equal("colours@2 could not answer 3 of 3 requests; at most 1 % may fail.", Judge(Counts(0, failed: 3), Early).Why);
        Assert.Equal(Verdict.Kind.Abort, Judge(Counts(40, slow: 20), Early).Then);
    }

    [Fact]
    public void A_paused_release_goes_nowhere_but_its_limits_still_stop_it()
    {
        var paused = Some(ReleaseState.Paused);
        Assert.Equal(Verdict.Kind.Wait, ReleaseJudging.Of(paused, Counts(500), After).Then);
        Assert.Equal(Verdict.Kind.Abort, ReleaseJudging.Of(paused, Counts(400, failed: 100), After).Then);
    }

    [Fact]
    public void What_is_not_limited_stops_nothing()
    {
        var free = Some() with { Plan = Some().Plan with { ErrorRate = null, P95 = null, LowConfidence = null } };
        Assert.Equal(Verdict.Kind.Advance, ReleaseJudging.Of(free, Counts(100, 100, 100, 100), After).Then);
    }

    [Fact]
    public void The_same_key_stays_on_one_side_and_who_was_among_few_is_among_more() => Gen.String[1, 40].Sample(key =>
    {
        var places = Enumerable.Range(0, 3).Select(step => Trial.Place(Some() with { Step = step }, key)).Distinct().ToList();
        Assert.InRange(Assert.Single(places), 0, 0.9999999999999999);
    });

    [Fact]
    public void Keys_are_spread_evenly_and_differently_in_every_release()
    {
        int Among(Release release, double share) => Enumerable.Range(0, 10_000).Count(i => Trial.Place(release, $"user-{i}") < share);
        foreach (var epoch in new[] { 2, 3, 4 })
            Assert.InRange(Among(Some() with { Epoch = epoch }, 0.05), 400, 600);
        Assert.NotEqual(
            Enumerable.Range(0, 100).Select(i => Trial.Place(Some(), $"user-{i}") < 0.5),
            Enumerable.Range(0, 100).Select(i => Trial.Place(Some() with { Epoch = 9 }, $"user-{i}") < 0.5));
    }

    [Theory]
    [InlineData("release: {canary: [25, 5]}", "growing percentages")]
    [InlineData("release: {canary: [0, 5]}", "growing percentages")]
    [InlineData("release: {step: 10ms}", "1s to 30d")]
    [InlineData("release: {at_least: 0}", "1 to 1000000")]
    [InlineData("release: {abort_if: {error_rate: often}}", "no limit")]
    [InlineData("release: {abort_if: {error_rate: '> 1.5'}}", "0 to 1")]
    [InlineData("release: {abort_if: {latency: '> 5'}}", "latency")]
    [InlineData("endpoints: {Fruit: fruit}", "cannot be the name")]
    [InlineData("log: {days: 0}", "1 to 36500 days")]
    public void What_the_file_cannot_mean_is_refused_in_words(string serve, string why)
    {
        var (file, complaints) = new Projects.ProjectFileReader(new ServingRoom().Sections).Read($"steward: 1\nproject: p\nserve: {{{serve}}}\n");
        Assert.Null(file);
        Assert.Contains(complaints, complaint => complaint.Why.Contains(why, StringComparison.Ordinal));
    }

    private static Verdict Judge(Tally tried, DateTimeOffset now) => ReleaseJudging.Of(Some(), tried, now);

    internal static Release Some(ReleaseState state = ReleaseState.Running) => new(
        "colours", "shop", "colours", 2, 1, 2, 1, new([5, 25, 100], TimeSpan.FromMinutes(10), 100, 0.6, 0.01, 60, 0.15), state, 0, Began, Began, null, "mia", null);

    internal static Tally Counts(int answered, int failed = 0, int unsure = 0, int slow = 0)
    {
        var counter = new Counter(0.6);
        for (var i = 0; i < answered; i++)
            counter.Answered(1, i < unsure ? 1 : 0, i < slow ? 90_000 : 3_000);
        for (var i = 0; i < failed; i++)
            counter.Failed();
        return counter.Drain();
    }
}
