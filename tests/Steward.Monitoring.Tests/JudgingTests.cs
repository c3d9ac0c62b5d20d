using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring.Tests;

public sealed class JudgingTests
{
    private static readonly MonitorSection Plain = new();

    [Fact]
    public void A_share_that_is_allowed_never_alarms_however_unusual()
    {
        var unsure = Judge(Plain with { Confidence = new() { AlarmIfShareBelow = "> 0.15" } }, unsure: 15).Unsure;
        Assert.Equal(16, unsure.Limit);
        Assert.Empty(Judging.Alarms(new(unsure, null, null, null)));
        Assert.Equal([LoopWhen.LowConfidence], Judging.Alarms(Judge(Plain, unsure: 15)));
    }

    [Fact]
    public void A_share_that_chance_explains_never_alarms_however_large()
    {
        var unsure = Judge(Plain, unsure: 9, reference: 20).Unsure;
        Assert.True(unsure.Limit > 9, unsure.ToString());
    }

    [Fact]
    public void An_answer_that_is_no_number_is_unsure()
        => Assert.Equal(1, Judging.Of(Plain, Reference(0), null, [Answer(double.NaN), Answer(0.9)], []).Unsure.Count);

    [Fact]
    public void Without_embeddings_drift_is_said_to_be_unknown()
    {
        var world = new RowWorld(1);
        var reference = Reference(2) with { Drift = References.Fit([.. world.Rows(200).Chunk(RowWorld.Dimensions)], Digest.Of("x")) };
        var (_, drift, _, note) = Judging.Of(Plain, reference, null, [.. Enumerable.Range(0, 100).Select(_ => Answer(0.9))], []);
        Assert.Null(drift);
        Assert.Equal("0 of 100 answers have an embedding; drift needs 8.", note);
    }

    [Fact]
    public void What_became_normal_counts_beside_the_test_split()
    {
        var world = new RowWorld(2);
        var reference = Reference(2) with { Drift = References.Fit([.. world.Rows(400).Chunk(RowWorld.Dimensions)], Digest.Of("x")) };
        var normal = new NewNormal(References.Fit([.. world.Rows(300, shift: 1).Chunk(RowWorld.Dimensions)], Digest.Of("y")), new Dictionary<string, int>());
        List<Prediction> Seen(float shift) => [.. world.Rows(100, shift).Chunk(RowWorld.Dimensions).Select(row => Answer(0.9) with { Embedding = row })];
        Assert.NotEmpty(Judging.Alarms(Judging.Of(Plain, reference, null, Seen(1), [])));
        foreach (var (shift, against) in new[] { (0f, Against.TestSplit), (1f, Against.NewNormal) })
        {
            var judged = Judging.Of(Plain, reference, normal, Seen(shift), []);
            Assert.Equal(against, judged.Drift!.Against);
            Assert.Empty(Judging.Alarms(judged));
        }

        Assert.NotEmpty(Judging.Alarms(Judging.Of(Plain, reference, normal, Seen(3), [])));
    }

    [Fact]
    public void What_is_too_little_in_one_window_alarms_in_many()
    {
        List<Prediction> window = [.. Enumerable.Range(0, 100).Select(i => Answer(i < 8 ? 0.4 : 0.9))];
        Assert.False(Judging.Of(Plain, Reference(2), null, window, []).Unsure.Alarms);
        var unsure = Judging.Of(Plain, Reference(2), null, window, [.. Enumerable.Range(0, 7).Select(_ => window)]).Unsure;
        Assert.Equal((true, 32, 400, 4), (unsure.Alarms, unsure.Count, unsure.Of, unsure.Windows));
        Assert.Equal(1, Judging.Of(Plain with { Pool = 1 }, Reference(2), null, window, [window, window, window]).Unsure.Windows);
    }

    [Fact]
    public void A_slight_drift_shows_in_some_windows_together_and_quiet_ones_stay_quiet_together()
    {
        var (alone, together, quiet) = (0, 0, 0);
        for (var seed = 0; seed < 10; seed++)
        {
            var world = new RowWorld(seed);
            var reference = Reference(2) with { Drift = References.Fit([.. world.Rows(640).Chunk(RowWorld.Dimensions)], Digest.Of($"{seed}")) };
            List<List<Prediction>> Seen(float shift) => [.. Enumerable.Range(0, 8).Select(_ => world.Rows(100, shift).Chunk(RowWorld.Dimensions).Select(row => Answer(0.9) with { Embedding = row }).ToList())];
            var (moved, still) = (Seen(0.07f), Seen(0));
            alone += Judging.Of(Plain, reference, null, moved[0], []).Drift!.Alarms ? 1 : 0;
            together += Judging.Of(Plain, reference, null, moved[0], moved[1..]).Drift!.Alarms ? 1 : 0;
            quiet += Judging.Of(Plain, reference, null, still[0], still[1..]).Drift!.Alarms ? 1 : 0;
        }

        Assert.True(together >= 8 && alone < together && quiet == 0, $"alone {alone}, together {together}, quiet {quiet} of 10");
    }

    [Theory]
    [InlineData(10, 0, 0.0009765625)]
    [InlineData(5, 5, 0.623046875)]
    [InlineData(0, 0, 1)]
    [InlineData(2000, 2000, 0.506307)]
    public void The_sign_test_is_the_binomial_tail(int better, int worse, double p) => Assert.Equal(p, BackOrAbstain.SignTest(better, worse), 6);

    [Theory]
    [InlineData("monitor: {windw: 5}", "windw")]
    [InlineData("monitor: {window: 5}", "20 to 1000")]
    [InlineData("monitor: {confidence: {threshold: 1.5}}", "0 to 1")]
    [InlineData("monitor: {confidence: {alarm_if_share_below: often}}", "A share such as 0.15")]
    [InlineData("monitor: {drift: {metod: psi}}", "metod")]
    public void What_the_file_cannot_mean_is_refused_in_words(string yaml, string why)
    {
        var (file, complaints) = new ProjectFileReader(new MonitoringRoom().Sections).Read($"steward: 1\nproject: p\n{yaml}\n");
        Assert.Null(file);
        Assert.Contains(complaints, complaint => complaint.Why.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_comparison_and_a_number_mean_the_same()
        => Assert.Equal(new ConfidenceWatch { AlarmIfShareBelow = "> 0.15" }.Most, new ConfidenceWatch { AlarmIfShareBelow = "0.15" }.Most);

    private static Judgement Judge(MonitorSection settings, int unsure, int reference = 2)
        => Judging.Of(settings, Reference(reference), null, [.. Enumerable.Range(0, 100).Select(i => Answer(i < unsure ? 0.4 : 0.9))], []);

    private static VersionReference Reference(int unsure) => new("pictures@1", [.. Enumerable.Range(0, 240).Select(i => i < unsure ? 0.4 : 0.9)], null, null);

    private static Prediction Answer(double confidence) => new(Names.NewId(), "shop", "colours", 1, default, "red", confidence, "blue", confidence, null, null, 100, false);
}
