using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Training;

/// <summary>Learns to tell series ahead, each step by itself, from what they were; judged step by step through the time that is held back.</summary>
internal sealed class Forecasting : ITableLearner
{
    // Rows to learn from; of more, origins are taken evenly.
    private const int MostRows = 400_000, Batch = 512;

    private readonly TrainSection _plan;
    private readonly string _data;
    private readonly List<Series> _series;
    private readonly ForecastShape _shape;
    private readonly Looking _looking;
    private List<Origin> _check = [], _held = [];
    private (Matrix Features, Target Target)? _early;
    private (Matrix Features, Target Target, int Origins, List<Item> Theirs)? _late;

    public Forecasting(TrainSection plan, Rows rows, string data)
    {
        (_plan, _data) = (plan, data);
        var time = rows.Get(plan.Time!, "train.time") as TimeColumn ?? throw ProblemException.Invalid("not_a_time", $"The column '{Names.Shorten(plan.Time)}' holds no dates or times.", "Name another column under train.time.");
        var values = rows.Get(plan.Target!, "train.target") as NumberColumn ?? throw ProblemException.Invalid("target_not_a_number", $"The column '{Names.Shorten(plan.Target)}' holds no numbers; a forecast tells numbers.", "Name another target.");
        _series = Series.Of(time, values, plan.Forecast.Series is { } name ? rows.Get(name, "train.forecast.series") : null, plan.Forecast.Season);
        // A year is looked back at when there are at least three.
        var longest = _series.Max(one => one.Values.Length);
        _shape = new(plan.Forecast.Horizon, plan.Forecast.Season, plan.Forecast.LongSeason is > 0 and var year && longest >= 3 * year && year > plan.Forecast.Horizon ? year : 0, _series[0].Step);
        var needed = _shape.History + (4 * _shape.Horizon);
        _series = [.. _series.Where(one => one.Values.Length >= needed)];
        if (_series.Count == 0)
            throw ProblemException.Invalid("series_too_short", $"The longest series has {Say.Count(longest, "step")}; {needed} are needed to look back {_shape.History} and ahead {_shape.Horizon}.", "Bring a longer one, or lower train.forecast.horizon, season or long_season.");
        _looking = new(_shape);
    }

    public List<TableTune> Run(Action<double, string> tell, Action<JobStep> step, CancellationToken stop)
    {
        var algorithms = _plan.Tried;
        var (chosen, turn) = (new Dictionary<string, List<double>>(), 0);
        double turns = algorithms.Count * (_plan.Repeats + 1);
        foreach (var algorithm in algorithms)
        {
            chosen[algorithm.Title] = [];
            for (var repeat = 0; repeat < _plan.Repeats; repeat++)
            {
                tell(turn++ / turns, $"Tune {algorithm.Title}, seed {_plan.Seed + repeat}");
                chosen[algorithm.Title].Add(Try(algorithm, _plan.Seed + repeat, stop));
                step(new(algorithm.Title, repeat + 1, new() { ["by_seed.mase"] = chosen[algorithm.Title][^1] }));
            }
        }
        return [.. algorithms.Select(algorithm =>
        {
            tell(turn++ / turns, $"Judging {algorithm.Title} on the time held back");
            return Leave(algorithm, chosen[algorithm.Title], stop);
        })];
    }

    public double Try(TableAlgorithm algorithm, CancellationToken stop) => Enumerable.Range(_plan.Seed, _plan.Repeats).Average(seed => Try(algorithm, seed, stop));

    public TableTune Leave(TableAlgorithm algorithm, double score, CancellationToken stop) => Leave(algorithm, [score], stop);

    public void Dispose() => _looking.Dispose();

    /// <summary>What was until the end of what is learned from, and the time that comes after it.</summary>
    private (long Valid, long Test) Cuts
    {
        get
        {
            var (end, start) = (_series.Max(one => one.At(one.Values.Length - 1)), _series.Min(one => one.Start));
            var test = Cut(_plan.TestRows, start, end);
            return (Cut(_plan.ValidRows, start, test), test);
        }
    }

    /// <summary>The error on the time held back to choose by.</summary>
    private double Try(TableAlgorithm algorithm, int seed, CancellationToken stop)
    {
        var (valid, test) = Cuts;
        if (_early is null)
        {
            var early = Origins(one => _shape.History, one => one.After(valid), 1);
            _check = Origins(one => one.After(valid), one => one.After(test), _shape.Horizon);
            Demand(early, "learn from");
            Demand(_check, "choose by");
            _early = _looking.Learn(early, stop);
        }
        using var run = new ModelRun(Write(Fit(algorithm, _early.Value.Features, _early.Value.Target, seed, stop), _early.Value.Target));
        return Judge(run, _check, valid, stop).Average(item => item.Mase);
    }

    private TableTune Leave(TableAlgorithm algorithm, List<double> valid, CancellationToken stop)
    {
        var test = Cuts.Test;
        if (_late is null)
        {
            var known = Origins(one => _shape.History, one => one.After(test), 1);
            _held = Origins(one => one.After(test), one => one.Values.Length, _shape.Horizon);
            Demand(_held, "test on");
            var (rows, truth) = _looking.Learn(known, stop);
            using var baseline = new ModelRun(Write(Fit(new() { SeasonalNaive = new() }, rows, truth, _plan.Seed, stop), truth));
            _late = (rows, truth, known.Count, Judge(baseline, _held, test, stop));
        }
        var (features, target, origins, theirs) = _late.Value;
        return Finish(algorithm, Fit(algorithm, features, target, _plan.Seed, stop), target, _held, test, theirs, valid, origins, stop);
    }

    private static long Cut(Holdout holdout, long start, long end) => holdout.Newest is { } span ? end - (long)span.TotalMicroseconds : end - (long)((end - start) * holdout.Share!.Value);

    /// <summary>Places to forecast from: the first step ahead and all after it lie before the end.</summary>
    /// <param name="first">The first step that is told.</param>
    private List<Origin> Origins(Func<Series, int> first, Func<Series, int> end, int every)
    {
        var origins = new List<Origin>();
        foreach (var one in _series)
            for (var at = Math.Max(first(one), _shape.History); at + _shape.Horizon <= end(one); at += every)
                origins.Add(new(one, at));
        var thin = every == 1 ? Math.Max(1, origins.Count * _shape.Horizon / MostRows) : 1;
        return thin == 1 ? origins : [.. origins.Where((_, i) => i % thin == 0)];
    }

    private void Demand(List<Origin> origins, string what)
    {
        if (origins.Count == 0)
            throw ProblemException.Invalid("split_empty", $"No {_shape.Horizon} steps in a row are left to {what}.", "Change train.holdout or train.valid, or bring a longer series.");
    }

    private static IFit Fit(TableAlgorithm algorithm, Matrix features, Target target, int seed, CancellationToken stop) => algorithm switch
    {
        { Linear: { } linear } => LinearFit.Of(features, target.Values, linear.L2, stop),
        { LightGbm: { } trees } => TreesFit.Regression(TreeKind.LightGbm, trees, features, target.Values, seed),
        { FastTree: { } trees } => TreesFit.Regression(TreeKind.FastTree, trees, features, target.Values, seed),
        _ => new ConstantFit([0]),
    };

    private byte[] Write(IFit fit, Target target)
    {
        var graph = new OnnxGraph("forecast");
        var (features, naive, level) = _shape.Write(graph);
        var score = graph.Cast(graph.Reshape(fit.Write(graph, features), -1, _shape.Horizon), ElementType.Double);
        graph.Output("forecast", graph.Add(graph.Mul(graph.Mul(score, graph.Number(Looking.Scale)), level), naive), ElementType.Double, "N", _shape.Horizon);
        return graph.ToModel(TableModel.Head(TrainSection.Forecasting, _plan.Target!, "The last values of a series, and when the last was, to the next ones.", ("horizon", $"{_shape.Horizon}"), ("history", $"{_shape.History}"), ("step_micros", $"{_shape.Step}")));
    }

    private List<Item> Judge(ModelRun run, List<Origin> origins, long learnedUntil, CancellationToken stop)
    {
        var scales = _series.ToDictionary(one => one.Name, one => ForecastScores.SeasonalScale(one.Values.AsSpan(0, Math.Max(_shape.Season + 1, one.After(learnedUntil))), _shape.Season));
        var items = new List<Item>();
        foreach (var some in origins.Chunk(Batch))
            run.Once(Looking.Inputs(_shape, some), ["forecast"], values =>
            {
                var told = values[0].Data<double>();
                for (var i = 0; i < some.Length; i++)
                {
                    var (one, at) = some[i];
                    double[] truth = one.Values[at..(at + _shape.Horizon)], forecast = told.Slice(i * _shape.Horizon, _shape.Horizon).ToArray();
                    items.Add(new(one.Name, $"{(one.Name.Length > 0 ? one.Name + " " : "")}{TimeColumn.At(one.At(at)):yyyy-MM-dd'T'HH:mm}", truth, forecast, ForecastScores.Mase(truth, forecast, Math.Max(scales[one.Name], 1e-12)), ForecastScores.Smape(truth, forecast), RegressionScores.Mae(truth, forecast)));
                }
            }, stop);
        return items;
    }

    private TableTune Finish(TableAlgorithm algorithm, IFit fit, Target target, List<Origin> held, long test, List<Item> theirs, List<double> valid, int origins, CancellationToken stop)
    {
        var onnx = Write(fit, target);
        using var run = new ModelRun(onnx);
        var ours = Judge(run, held, test, stop);
        var figures = new ItemFigures([.. ours.Select(item => item.Key)], "seasonal_naive", _plan.Seed);
        figures.Add("mase", [.. ours.Select(item => item.Mase)], [.. theirs.Select(item => item.Mase)], less: true);
        figures.Add("smape", [.. ours.Select(item => item.Smape)], [.. theirs.Select(item => item.Smape)], less: true);
        figures.Add("mae", [.. ours.Select(item => item.Mae)], [.. theirs.Select(item => item.Mae)], less: true);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        figures.Into(metrics);
        metrics["valid.mase"] = valid.Average();
        if (valid.Count > 1)
            metrics["valid.mase.sd"] = Math.Sqrt(valid.Sum(one => Math.Pow(one - valid.Average(), 2)) / (valid.Count - 1));
        (metrics["train.n"], metrics["train.filled"]) = (origins, _series.Sum(one => one.Filled));
        var card = new
        {
            data = _data, tune = algorithm.Title, task = _plan.Task, target = _plan.Target, algorithm = algorithm.Algorithm, baseline = "seasonal_naive",
            horizon = _shape.Horizon, season = _shape.Season, longSeason = _shape.LongSeason, history = _shape.History, series = _series.Select(one => one.Name), metrics,
        };
        var evaluation = new { task = _plan.Task, target = _plan.Target, items = ours.Select(item => new { key = item.Key, truth = item.Truth, answer = item.Forecast.Select(value => Math.Round(value, 6)) }) };
        return new(algorithm.Title, onnx, metrics, card, evaluation, new { keys = ours.Select(item => item.Key) }, figures.Scores(), new Dictionary<string, byte[]> { ["forecast.csv"] = Next(run, stop) })
        {
            Slices = _plan.Forecast.Series is { } series ? Slicing.Of([new(series, [.. ours.Select(item => item.Series)])], [Slicing.OfMeans("mase", [.. ours.Select(item => item.Mase)])], lessIsBetter: true, ours.Count, _plan.Seed) : null,
        };
    }

    /// <summary>What comes after the end of the data, series by series.</summary>
    private byte[] Next(ModelRun run, CancellationToken stop)
    {
        var text = new System.Text.StringBuilder($"series,{Csv.Field(_plan.Time!)},{Csv.Field(_plan.Target!)}\n");
        foreach (var some in _series.Select(one => new Origin(one, one.Values.Length)).Chunk(Batch))
            run.Once(Looking.Inputs(_shape, some), ["forecast"], values =>
            {
                var told = values[0].Data<double>();
                for (var i = 0; i < some.Length; i++)
                    for (var h = 0; h < _shape.Horizon; h++)
                        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Csv.Field(some[i].Series.Name)},{TimeColumn.At(some[i].Series.At(some[i].First + h)):yyyy-MM-dd'T'HH:mm:ss},{told[(i * _shape.Horizon) + h]:R}\n");
            }, stop);
        return System.Text.Encoding.UTF8.GetBytes(text.ToString());
    }

    private sealed record Item(string Series, string Key, double[] Truth, double[] Forecast, double Mase, double Smape, double Mae);
}

/// <param name="First">The first step that is told.</param>
internal sealed record Origin(Series Series, int First);

/// <summary>Runs the looking of a forecast over origins: the features to learn from are those that the finished model sees.</summary>
internal sealed class Looking : IDisposable
{
    /// <summary>What is learned is about this part of the level; near 1 for the trainers.</summary>
    public const double Scale = 0.2;

    private const int Batch = 512;

    private readonly ForecastShape _shape;
    private readonly Engine _engine;

    public Looking(ForecastShape shape)
    {
        _shape = shape;
        var graph = new OnnxGraph("looking");
        var (features, naive, level) = shape.Write(graph);
        graph.Output("features", features, ElementType.Float, "R", "D");
        graph.Output("naive", naive, ElementType.Double, "N", shape.Horizon);
        graph.Output("level", level, ElementType.Double, "N", 1);
        _engine = new(graph, threads: 0);
    }

    /// <summary>Features of every step ahead of every origin, and what was: (truth - as one season ago) / level, scaled.</summary>
    public (Matrix Features, Target Target) Learn(List<Origin> origins, CancellationToken stop)
    {
        var rows = origins.Count * _shape.Horizon;
        var (features, target, done) = (new Matrix(new float[(long)rows * _shape.Features], _shape.Features), new float[rows], 0);
        foreach (var some in origins.Chunk(Batch))
        {
            stop.ThrowIfCancellationRequested();
            var inputs = Inputs(_shape, some);
            try
            {
                _engine.Run(inputs, outputs =>
                {
                    outputs[0].Data<float>().CopyTo(features.Values.AsSpan(done * _shape.Horizon * _shape.Features));
                    var naive = outputs[1].Data<double>();
                    var level = outputs[2].Data<double>();
                    for (var i = 0; i < some.Length; i++)
                        for (var h = 0; h < _shape.Horizon; h++)
                            target[((done + i) * _shape.Horizon) + h] = (float)((some[i].Series.Values[some[i].First + h] - naive[(i * _shape.Horizon) + h]) / level[i] / Scale);
                });
            }
            finally
            {
                foreach (var input in inputs.Values)
                    input.Dispose();
            }
            done += some.Length;
        }
        return (features, new(target, 1));
    }

    public static Dictionary<string, OnnxValue> Inputs(ForecastShape shape, Origin[] origins)
    {
        var history = new double[origins.Length * shape.History];
        for (var i = 0; i < origins.Length; i++)
            origins[i].Series.Values.AsSpan(origins[i].First - shape.History, shape.History).CopyTo(history.AsSpan(i * shape.History));
        return new()
        {
            ["history"] = OnnxValue.Of<double>(history, origins.Length, shape.History),
            ["last_time"] = OnnxValue.Of<long>(origins.Select(one => one.Series.At(one.First - 1)).ToArray(), origins.Length),
        };
    }

    public void Dispose() => _engine.Dispose();
}
