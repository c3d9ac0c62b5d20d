using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Training.Tests.Tables;

/// <summary>What comes next in a series.</summary>
public class ForecastTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static TrainSection Plan(string time, string target) => new()
    {
        Task = TrainSection.Forecasting, From = "silver.days", Time = time, Target = target, Holdout = "last_365d", Valid = "last_365d", Seed = 1, Forecast = new() { Horizon = 14, Season = 7 },
        Algorithms = [new() { Linear = new() }, new() { SeasonalNaive = new() }],
    };

    [Fact]
    public void Real_riders_are_told_better_than_as_one_week_ago_beyond_chance()
    {
        var tunes = new Forecasting(Plan("date", "ridership") with { Algorithms = [new() { Linear = new() }, new() { LightGbm = new() }, new() { SeasonalNaive = new() }] }, RealTables.Riders(), "silver.riders@1").Run((_, _) => { }, _ => { }, Stop);
        foreach (var tune in tunes)
            TestContext.Current.SendDiagnosticMessage($"{tune.Name}: {string.Join(", ", tune.Metrics.Select(metric => $"{metric.Key} {metric.Value:0.0000}"))}");
        var best = tunes.MinBy(tune => tune.Metrics["valid.mase"])!;
        Assert.NotEqual("seasonal-naive", best.Name);
        var scores = best.Scores.Metrics["test.mase"];
        var difference = DrawnMeans.Of([scores.Of["model"], scores.Of["seasonal_naive"]], new Random(1)).Figure(means => means[1] - means[0]).Interval();
        Assert.True(difference.Low > 0, $"{best.Name}: {best.Metrics["test.mase"]:0.000} against {best.Metrics["seasonal_naive.mase"]:0.000}, difference {difference.Low:0.000} to {difference.High:0.000}");
    }

    [Fact]
    public void As_one_season_ago_is_exactly_that()
    {
        var rows = MadeTables.Daily(1200, 1);
        var tune = new Forecasting(Plan("day", "sales"), rows, "silver.days@1").Run((_, _) => { }, _ => { }, Stop)[1];
        var sales = ((NumberColumn)rows.Get("sales", "")).Values;
        using var run = new ModelRun(tune.Onnx);
        var history = (int)run.Signature.Input("history")!.Shape![1].Size!;
        var inputs = new Dictionary<string, OnnxValue> { ["history"] = OnnxValue.Of<double>(sales.AsMemory()[^history..], 1, history), ["last_time"] = OnnxValue.Of<long>(((TimeColumn)rows.Get("day", "")).Micros.AsMemory()[^1..], 1) };
        run.Once(inputs, ["forecast"], outputs => Assert.Equal([.. sales[^7..], .. sales[^7..]], outputs[0].Data<double>().ToArray().Select(value => value), Close), Stop);
        static bool Close(double a, double b) => Math.Abs(a - b) < 1e-9;
    }

    [Fact]
    public void A_week_a_year_and_a_trend_are_learned_for_series_of_any_size()
    {
        var tunes = new Forecasting(Plan("day", "sales") with { Forecast = new() { Horizon = 14, Season = 7, Series = "shop" } }, MadeTables.Daily(1500, 2, "small", "large"), "silver.days@1").Run((_, _) => { }, _ => { }, Stop);
        Assert.True(tunes[0].Metrics["test.mase"] < 0.9 * tunes[0].Metrics["seasonal_naive.mase"]);
        Assert.Equal(tunes[1].Metrics["test.mase"], tunes[0].Metrics["seasonal_naive.mase"], 1e-9);
        var lines = System.Text.Encoding.UTF8.GetString(tunes[0].More!["forecast.csv"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + (2 * 14), lines.Length);
        // Ten times as large a series is told ten times as much.
        using var run = new ModelRun(tunes[0].Onnx);
        var history = (int)run.Signature.Input("history")!.Shape![1].Size!;
        double[] values = [.. Enumerable.Range(0, history).Select(i => 50 + (10 * Math.Sin(i)))];
        var inputs = new Dictionary<string, OnnxValue> { ["history"] = OnnxValue.Of<double>(values.Concat(values.Select(value => 10 * value)).ToArray(), 2, history), ["last_time"] = OnnxValue.Of<long>(new[] { 0L, 0L }, 2) };
        run.Once(inputs, ["forecast"], outputs => Assert.All(Enumerable.Range(0, 14), h => Assert.Equal(outputs[0].Data<double>()[h] * 10, outputs[0].Data<double>()[14 + h], 1e-3)), Stop);
    }

    [Theory]
    [InlineData("lightgbm")]
    [InlineData("linear")]
    public void The_file_tells_what_the_trainer_tells(string algorithm)
    {
        var shape = new ForecastShape(7, 7, 0, 86_400_000_000);
        var series = Assert.Single(Series.Of((TimeColumn)MadeTables.Daily(400, 3).Get("day", ""), (NumberColumn)MadeTables.Daily(400, 3).Get("sales", ""), null, 7));
        List<Origin> origins = [.. Enumerable.Range(shape.History, 400 - shape.History - 7).Select(at => new Origin(series, at))];
        using var looking = new Looking(shape);
        var (features, target) = looking.Learn(origins, Stop);
        IFit fit = algorithm == "linear" ? LinearFit.Of(features, target.Values, 1, Stop) : TreesFit.Regression(TreeKind.LightGbm, new() { Trees = 30 }, features, target.Values, 1);
        var graph = new OnnxGraph("fit");
        var (row, _, _) = shape.Write(graph);
        graph.Output("score", fit.Write(graph, row), ElementType.Float, "R", 1);
        using var run = new ModelRun(graph.ToModel());
        var own = fit.Of(features);
        run.Once(Looking.Inputs(shape, [.. origins]), ["score"], outputs => Assert.All(own.Zip(outputs[0].Data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5)), Stop);
    }

    [Fact]
    public void Missing_days_are_filled_from_the_week_before_and_counted_and_two_values_a_day_are_refused()
    {
        var days = Enumerable.Range(0, 60).Where(day => day is not (20 or 40)).ToList();
        var time = new TimeColumn("day", [.. days.Select(day => TimeColumn.Of(MadeTables.Start.AddDays(day)))]);
        var one = Assert.Single(Series.Of(time, new("sales", [.. days.Select(day => (double)day)]), null, 7));
        Assert.Equal((60, 2, 13.0, 33.0), (one.Values.Length, one.Filled, one.Values[20], one.Values[40]));
        var twice = new TimeColumn("day", [.. time.Micros, time.Micros[3]]);
        Assert.Equal("time_twice", Assert.Throws<ProblemException>(() => Series.Of(twice, new("sales", [.. days.Select(day => (double)day), 1]), null, 7)).Code);
    }
}
