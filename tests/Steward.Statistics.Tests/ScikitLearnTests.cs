using System.Text.Json;

namespace Steward.Statistics.Tests;

/// <summary>The same numbers as scikit-learn gives, to 1e-9.</summary>
public class ScikitLearnTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "scikit-learn.json"))).RootElement;

    public static TheoryData<string> Classifications => Names("classification");

    public static TheoryData<string> Probabilities => Names("probabilities");

    public static TheoryData<string> Rands => Names("rand");

    public static TheoryData<string> Regressions => Names("regression");

    public static TheoryData<string> Rankings => Names("ranking");

    public static TheoryData<string> Forecasts => Names("forecast");

    [Theory, MemberData(nameof(Regressions))]
    public void Predicted_numbers_are_scored_alike(string name)
    {
        var one = Find("regression", name);
        var (truth, predicted) = (Numbers(one, "truth"), Numbers(one, "predicted"));
        SameShare(one, "mae", RegressionScores.Mae(truth, predicted));
        SameShare(one, "rmse", RegressionScores.Rmse(truth, predicted));
        SameShare(one, "r2", RegressionScores.R2(truth, predicted));
        SameShare(one, "mape", RegressionScores.Mape(truth, predicted));
    }

    [Theory, MemberData(nameof(Rankings))]
    public void Ranked_lists_are_scored_alike(string name)
    {
        var one = Find("ranking", name);
        var (relevance, score, k) = (Numbers(one, "relevance"), Numbers(one, "score"), one.GetProperty("k").GetInt32());
        double[] gains = [.. Enumerable.Range(0, relevance.Length).OrderByDescending(i => score[i]).Select(i => relevance[i])];
        Same(one, "ndcg", RankingScores.Ndcg(gains, relevance, k));
        if (one.TryGetProperty("average_precision_of_all", out _))
            Same(one, "average_precision_of_all", RankingScores.AveragePrecision(gains, relevance.Count(gain => gain > 0), gains.Length));
    }

    [Theory, MemberData(nameof(Forecasts))]
    public void Forecasts_are_scored_alike(string name)
    {
        var one = Find("forecast", name);
        var scale = ForecastScores.SeasonalScale(Numbers(one, "series"), one.GetProperty("season").GetInt32());
        Same(one, "scale", scale);
        Same(one, "mase", ForecastScores.Mase(Numbers(one, "truth"), Numbers(one, "forecast"), scale));
        Same(one, "smape", ForecastScores.Smape(Numbers(one, "truth"), Numbers(one, "forecast")));
    }

    [Theory, MemberData(nameof(Classifications))]
    public void Answers_are_scored_alike(string name)
    {
        var one = Find("classification", name);
        var matrix = ConfusionMatrix.Of(Whole(one, "truth"), Whole(one, "answers"), one.GetProperty("classes").GetInt32());
        Same(one, "accuracy", matrix.Accuracy);
        var classes = Enumerable.Range(0, matrix.Classes).ToList();
        Assert.Equal(one.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetInt64()).ToArray()), classes.Select(t => classes.Select(p => matrix[t, p]).ToArray()));
        Assert.Equal(Whole(one, "support"), classes.Select(c => (int)matrix.Support(c)));
        SameEach(one, "precision", classes.Select(matrix.Precision));
        SameEach(one, "recall", classes.Select(matrix.Recall));
        SameEach(one, "f1", classes.Select(matrix.F1));
        SameThree(one.GetProperty("macro"), matrix.MacroPrecision, matrix.MacroRecall, matrix.MacroF1);
        SameThree(one.GetProperty("weighted"), matrix.WeightedPrecision, matrix.WeightedRecall, matrix.WeightedF1);
        // Each row has one answer, so over all rows a miss of one class is a false hit of another: the three are the accuracy.
        SameThree(one.GetProperty("micro"), matrix.Accuracy, matrix.Accuracy, matrix.Accuracy);
    }

    [Theory, MemberData(nameof(Probabilities))]
    public void Probabilities_are_scored_alike(string name)
    {
        var one = Find("probabilities", name);
        var (truth, classes) = (Whole(one, "truth"), one.GetProperty("classes").GetInt32());
        float[] shares = [.. one.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())];
        Same(one, "log_loss", ProbabilityScores.LogLoss(truth, shares, classes));
        Same(one, "brier", ProbabilityScores.Brier(truth, shares, classes));
    }

    [Theory, MemberData(nameof(Rands))]
    public void Heaps_agree_alike(string name)
    {
        var one = Find("rand", name);
        Same(one, "index", AdjustedRand.Index(Whole(one, "first"), Whole(one, "second")));
    }

    private static TheoryData<string> Names(string group) => [.. Cases.GetProperty(group).EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    private static JsonElement Find(string group, string name) => Cases.GetProperty(group).EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private static int[] Whole(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Numbers(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Errors of huge numbers are huge: the same to 1e-9 of themselves.</summary>
    private static void SameShare(JsonElement one, string name, double ours) => Assert.Equal(one.GetProperty(name).GetDouble(), ours, 1e-9 * Math.Max(1, Math.Abs(ours)));

    private static void Same(JsonElement one, string name, double ours) => Assert.Equal(one.GetProperty(name).GetDouble(), ours, 1e-9);

    private static void SameEach(JsonElement one, string name, IEnumerable<double> ours)
        => Assert.All(one.GetProperty(name).EnumerateArray().Zip(ours), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-9));

    private static void SameThree(JsonElement one, double precision, double recall, double f1)
    {
        Same(one, "precision", precision);
        Same(one, "recall", recall);
        Same(one, "f1", f1);
    }
}
