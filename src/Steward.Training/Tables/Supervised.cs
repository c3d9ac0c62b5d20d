using Steward.Statistics;

namespace Steward.Training;

/// <summary>Learns to tell one column of a table from others: numbers (regression) or classes (classification).</summary>
internal sealed class Supervised : ITableLearner
{
    private const int MostClasses = 50, MostItems = 20_000, MostReference = 2000;

    private readonly TrainSection _plan;
    private readonly Rows _rows;
    private readonly string _data;
    private readonly IReadOnlyList<string> _labels;
    private readonly double[] _numbers;
    private readonly int[] _kinds;
    private readonly TimeColumn? _time;
    private readonly Column? _group;
    private readonly List<string> _columns;
    private readonly SortedDictionary<string, string> _left = new(StringComparer.Ordinal);
    private readonly List<(Prepared On, Matrix Features, int[] Rows, int Seed)> _tries = [];

    // What is learned from all rows but those to test on is widened by what the rows held back to choose by showed.
    private readonly Dictionary<string, Coverage?> _coverage = new(StringComparer.Ordinal);
    private Prepared? _known;

    public Supervised(TrainSection plan, Rows all, string data)
    {
        (_plan, _data) = (plan, data);
        var target = all.Get(plan.Target!, "train.target");
        int[] told = [.. Enumerable.Range(0, all.Count).Where(row => !target.IsMissing(row))];
        (_rows, Dropped) = (told.Length == all.Count ? all : all.Take(told), all.Count - told.Length);
        target = _rows.Get(plan.Target!, "train.target");
        _time = plan.Time is { } time ? _rows.Get(time, "train.time") as TimeColumn ?? throw ProblemException.Invalid("not_a_time", $"The column '{Names.Shorten(time)}' holds no dates or times.", "Name another column under train.time.") : null;
        _group = plan.Group is { } group ? _rows.Get(group, "train.group") : null;
        (_labels, _kinds, _numbers) = ([], [], []);
        if (plan.Task == TrainSection.Regression)
            _numbers = (target as NumberColumn)?.Values ?? throw ProblemException.Invalid("target_not_a_number", $"The column '{Names.Shorten(target.Name)}' holds {(target is TimeColumn ? "times" : "texts")}; a regression tells numbers.", "Write task: classification, or name another target.");
        else
            (_labels, _kinds) = Kinds(target);
        _columns = plan.Features is [TrainSection.Auto]
            ? [.. _rows.Columns.Select(column => column.Name).Where(name => name != plan.Target && name != plan.Group && name != plan.Key && !plan.Ignore.Contains(name))]
            : [.. plan.Features];
    }

    /// <summary>Rows whose target is not known; nothing can be learned from them.</summary>
    public int Dropped { get; }

    private bool IsRegression => _labels.Count == 0;

    private string Baseline => IsRegression ? "mean" : "commonest";

    /// <summary>Fits every algorithm as often as asked, each then once more on all rows but those to test on, and judges that model by its file alone.</summary>
    public List<TableTune> Run(Action<double, string> tell, Action<JobStep> step, CancellationToken stop)
    {
        var algorithms = _plan.Tried;
        var (test, turns, turn) = (Split(_plan.Seed), (double)(algorithms.Count * (_plan.Repeats + 1)), 0);
        DemandNoLeak(test.Known);
        var valid = algorithms.ToDictionary(one => one.Title, _ => new List<(double Main, double Other)>());
        for (var repeat = 0; repeat < _plan.Repeats; repeat++)
        {
            var seed = _plan.Seed + repeat;
            var split = Split(seed);
            using var prepared = Prepare(split.Train, seed, stop);
            var features = prepared.Space.Of(_rows.Take(split.Valid), stop);
            foreach (var algorithm in algorithms)
            {
                tell(turn++ / turns, $"Tune {algorithm.Title}, seed {seed}");
                valid[algorithm.Title].Add(Judge(algorithm, prepared, Fit(algorithm, prepared, seed, stop).Of(features), split.Valid, seed));
                var (main, other) = valid[algorithm.Title][^1];
                step(new(algorithm.Title, repeat + 1, IsRegression ? new() { ["by_seed.rmse"] = main, ["by_seed.mae"] = other } : new() { ["by_seed.f1_macro"] = main, ["by_seed.accuracy"] = other }));
            }
        }
        var known = _known ??= Prepare(test.Known, _plan.Seed, stop);
        var tunes = new List<TableTune>();
        foreach (var algorithm in algorithms)
        {
            tell(turn++ / turns, $"Judging {algorithm.Title} on the test rows");
            tunes.Add(Finish(algorithm, known, test, valid[algorithm.Title], stop));
        }
        return tunes;
    }

    public double Try(TableAlgorithm algorithm, CancellationToken stop)
    {
        if (_tries.Count == 0)
        {
            DemandNoLeak(Split(_plan.Seed).Known);
            for (var seed = _plan.Seed; seed < _plan.Seed + _plan.Repeats; seed++)
            {
                var split = Split(seed);
                var on = Prepare(split.Train, seed, stop);
                _tries.Add((on, on.Space.Of(_rows.Take(split.Valid), stop), split.Valid, seed));
            }
        }
        return _tries.Average(one => Judge(algorithm, one.On, Fit(algorithm, one.On, one.Seed, stop).Of(one.Features), one.Rows, one.Seed).Item1);
    }

    public TableTune Leave(TableAlgorithm algorithm, double score, CancellationToken stop)
    {
        var split = Split(_plan.Seed);
        var tune = Finish(algorithm, _known ??= Prepare(split.Known, _plan.Seed, stop), split, [(score, double.NaN)], stop);
        tune.Metrics.Remove(IsRegression ? "valid.mae" : "valid.accuracy");
        return tune;
    }

    public void Dispose()
    {
        _known?.Dispose();
        foreach (var (on, _, _, _) in _tries)
            on.Dispose();
    }

    private TableSplit Split(int seed) => TableSplit.Of(_rows.Count, _time, _group, _plan.TestRows, _plan.ValidRows, _plan.Seed, seed);

    /// <summary>The file of one algorithm that learned from all rows.</summary>
    public byte[] Model(TableAlgorithm algorithm, CancellationToken stop)
    {
        using var all = Prepare([.. Enumerable.Range(0, _rows.Count)], _plan.Seed, stop);
        return Write(all, Fit(algorithm, all, _plan.Seed, stop), null);
    }

    private byte[] Write(Prepared on, IFit fit, Coverage? coverage) => IsRegression
        ? TableModel.Regression(on.Space.Features, fit, on.Mean, on.Deviation, _plan.Target!, coverage)
        : TableModel.Classification(on.Space.Features, on.Space.Names.Count, fit, _labels, _plan.Target!, _plan.Seed, coverage);

    private static (IReadOnlyList<string>, int[]) Kinds(Column target)
    {
        string[] labels = [.. Enumerable.Range(0, target.Count).Select(target.Say).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length is < 2 or > MostClasses)
            throw ProblemException.Invalid("classes_unfit", $"The column '{Names.Shorten(target.Name)}' has {Say.Count(labels.Length, "class", "classes")}; between 2 and {MostClasses} can be told apart.", labels.Length < 2 ? "Name a column that varies." : "Write task: regression for numbers, or put rare classes together.");
        var numbers = labels.Select((label, i) => (label, i)).ToDictionary(StringComparer.Ordinal);
        return (labels, [.. Enumerable.Range(0, target.Count).Select(row => numbers[target.Say(row)])]);
    }

    private void DemandNoLeak(int[] known)
    {
        if (_plan.Leaks is LeakPolicy.Allow)
            return;
        var rows = _rows.Take(known);
        foreach (var name in _columns)
            if ((IsRegression ? LeakCheck.Of(rows.Get(name, "train.features"), Rows.Pick(_numbers, known)) : LeakCheck.Of(rows.Get(name, "train.features"), Rows.Pick(_kinds, known), _labels.Count)) is { } why)
                throw ProblemException.Invalid("leak_suspected", $"The column '{Names.Shorten(name)}' tells '{_plan.Target}' by itself: it {why}. Mostly that is the target under another name, or known only afterwards.",
                    $"Leave it out with train.ignore: [{name}], or write train.leaks: allow when it is known in time.");
    }

    private Prepared Prepare(int[] train, int seed, CancellationToken stop)
    {
        var (rows, numbers, kinds) = (_rows.Take(train), IsRegression ? Rows.Pick(_numbers, train) : [], IsRegression ? [] : Rows.Pick(_kinds, train));
        var mean = IsRegression ? numbers.Average() : 0;
        var deviation = IsRegression ? Math.Sqrt(numbers.Sum(y => (y - mean) * (y - mean)) / numbers.Length) : 1;
        deviation = deviation > 0 ? deviation : 1;
        var width = IsRegression ? 1 : _labels.Count - 1;
        var target = new Target(new float[train.Length * width], width);
        for (var row = 0; row < train.Length; row++)
            if (IsRegression)
                target.Values[row] = (float)((numbers[row] - mean) / deviation);
            else if (kinds[row] > 0)
                target.Values[(row * width) + kinds[row] - 1] = 1;
        var features = FeatureChoice.Learn(rows, _columns, _plan.Encode, target, _plan.Features is not [TrainSection.Auto], (name, why) => _left[name] = why);
        var space = new FeatureSpace(features);
        var matrix = space.Of(rows, stop);
        foreach (var (feature, first) in space.Placed)
            if (feature is MeansFeature)
                TargetMeans.OutOfFold((TextColumn)rows.Get(feature.Name, "train.features"), target, matrix, first, seed);
        return new(space, matrix, target.Values, kinds, mean, deviation);
    }

    private IFit Fit(TableAlgorithm algorithm, Prepared on, int seed, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (algorithm.Mean is not null)
            return IsRegression ? new ConstantFit([0]) : new ConstantFit([.. Enumerable.Range(0, _labels.Count).Select(k => on.Kinds.Count(kind => kind == k) / (float)on.Kinds.Length)]);
        if (algorithm.Linear is { } linear)
            return IsRegression ? LinearFit.Of(on.Features, on.Target, linear.L2, stop) : LogisticFit.Of(on.Features, on.Kinds, _labels.Count, linear.L2, stop);
        var (kind, trees) = algorithm.LightGbm is { } light ? (TreeKind.LightGbm, light) : (TreeKind.FastTree, algorithm.FastTree!);
        return IsRegression ? TreesFit.Regression(kind, trees, on.Features, on.Target, seed) : TreesFit.Classification(kind, trees, on.Features, on.Kinds, _labels.Count, seed, stop);
    }

    /// <summary>Root mean squared and mean absolute error in the target's unit; or macro F1 and accuracy.</summary>
    private (double, double) Judge(TableAlgorithm algorithm, Prepared on, float[] answers, int[] rows, int seed)
    {
        if (IsRegression)
        {
            double[] predicted = [.. answers.Select(answer => (answer * on.Deviation) + on.Mean)];
            var truth = Rows.Pick(_numbers, rows);
            if (seed == _plan.Seed)
                _coverage[algorithm.Title] = Coverage.OfNumbers([.. truth.Zip(predicted, (y, p) => y - p)]);
            return (RegressionScores.Rmse(truth, predicted), RegressionScores.Mae(truth, predicted));
        }
        if (seed == _plan.Seed)
            _coverage[algorithm.Title] = Coverage.OfKinds(Rows.Pick(_kinds, rows), answers, _labels.Count);
        int[] labels = [.. Enumerable.Range(0, rows.Length).Select(row => ProbabilityScores.Answer(answers.AsSpan(row * _labels.Count, _labels.Count)))];
        var matrix = ConfusionMatrix.Of(Rows.Pick(_kinds, rows), labels, _labels.Count);
        return (matrix.MacroF1, matrix.Accuracy);
    }

    private TableTune Finish(TableAlgorithm algorithm, Prepared on, TableSplit split, List<(double Main, double Other)> valid, CancellationToken stop)
    {
        var coverage = _coverage.GetValueOrDefault(algorithm.Title);
        var onnx = Write(on, Fit(algorithm, on, _plan.Seed, stop), coverage);
        var rows = _rows.Take(split.Test);
        string[] keys = [.. split.Test.Select(row => _plan.Key is { } key ? _rows.Get(key, "train.key").Say(row) : row.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (keys.Distinct(StringComparer.Ordinal).Count() < keys.Length)
            throw ProblemException.Invalid("key_not_unique", $"The column '{Names.Shorten(_plan.Key)}' names several rows alike.", "Name a column under train.key that is different in every row, or leave it out.");
        var figures = new ItemFigures(keys, Baseline, _plan.Seed);
        SliceBy[] ways = [.. _plan.Slices.Select(column => SliceBy.Of(rows.Get(column, "train.slices")))];
        var (metrics, evaluation, reference, slices) = IsRegression ? Numbers(onnx, rows, split.Test, keys, on.Mean, coverage, ways, figures, stop) : Labels(onnx, rows, split.Test, keys, on.Kinds, coverage!, ways, figures, stop);
        figures.Into(metrics);
        var (main, other) = IsRegression ? ("valid.rmse", "valid.mae") : ("valid.f1_macro", "valid.accuracy");
        (metrics[main], metrics[other]) = (valid.Average(one => one.Main), valid.Average(one => one.Other));
        if (valid.Count > 1)
            metrics[main + ".sd"] = Math.Sqrt(valid.Sum(one => Math.Pow(one.Main - metrics[main], 2)) / (valid.Count - 1));
        (metrics["train.n"], metrics["valid.n"]) = (split.Known.Length, split.Valid.Length);
        var card = new
        {
            labels = IsRegression ? null : _labels, data = _data, tune = algorithm.Title, task = _plan.Task, target = _plan.Target, algorithm = algorithm.Algorithm, baseline = Baseline,
            features = on.Space.Features.Select(feature => new { name = feature.Name, kind = feature.Kind, how = feature.GetType().Name.Replace("Feature", "", StringComparison.Ordinal).ToLowerInvariant() }),
            leftOut = _left, coverage, metrics,
        };
        return new(algorithm.Title, onnx, metrics, card, evaluation, reference, figures.Scores()) { Slices = slices };
    }

    private (SortedDictionary<string, double>, object, object, Tracking.Sliced?) Numbers(byte[] onnx, Rows rows, int[] test, string[] keys, double mean, Coverage? coverage, SliceBy[] ways, ItemFigures figures, CancellationToken stop)
    {
        using var run = new ModelRun(onnx);
        var (truth, told) = (Rows.Pick(_numbers, test), run.Numbers(rows, "prediction", stop));
        double[] Each(Func<double, double, double> miss, Func<int, double> predicted) => [.. truth.Select((y, row) => miss(y, predicted(row)))];
        foreach (var (name, root, miss) in new (string, bool, Func<double, double, double>)[]
        {
            ("mae", false, (y, p) => Math.Abs(y - p)), ("rmse", true, (y, p) => (y - p) * (y - p)), ("mape", false, (y, p) => RegressionScores.Mape([y], [p])),
        })
            figures.Add(name, Each(miss, row => told[row]), Each(miss, _ => mean), less: true, root);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        if (coverage?.Margin is { } margin)
        {
            var held = Interval.Wilson(truth.Zip(told).Count(one => Math.Abs(one.First - one.Second) <= margin), truth.Length);
            (metrics["test.set_coverage"], metrics["test.set_coverage.low"], metrics["test.set_coverage.high"], metrics["test.set_margin"]) = (held.Point, held.Low, held.High, margin);
        }
        // The explained share of a draw is of that draw's own variance.
        var (squares, middle) = (Each((y, p) => (y - p) * (y - p), row => told[row]), truth.Average());
        var r2 = DrawnMeans.Of([squares, [.. truth.Select(y => y - middle)], [.. truth.Select(y => (y - middle) * (y - middle))]], new Random(_plan.Seed), 200)
            .Figure(means => means[2] - (means[1] * means[1]) is > 0 and var spread ? 1 - (means[0] / spread) : 0).Interval();
        (metrics["test.r2"], metrics["test.r2.low"], metrics["test.r2.high"]) = (RegressionScores.R2(truth, told), r2.Low, r2.High);
        var every = Math.Max(1, test.Length / MostItems);
        var items = Enumerable.Range(0, test.Length).Where(row => row % every == 0).Select(row => new { key = keys[row], truth = truth[row], answer = told[row] });
        return (metrics, new { task = _plan.Task, target = _plan.Target, items }, new { keys = keys.Take(MostReference), truths = truth.Take(MostReference), predictions = told.Take(MostReference) }, Slicing.Of(ways, Slicing.OfNumbers(truth, told), lessIsBetter: true, test.Length, _plan.Seed));
    }

    private (SortedDictionary<string, double>, object, object, Tracking.Sliced?) Labels(byte[] onnx, Rows rows, int[] test, string[] keys, int[] known, Coverage coverage, SliceBy[] ways, ItemFigures figures, CancellationToken stop)
    {
        using var run = new ModelRun(onnx);
        var (truth, told, embedding) = (Rows.Pick(_kinds, test), run.Table(rows, "probabilities", stop), run.Table(rows, "embedding", stop));
        var evaluation = new Evaluation(_labels, truth, told.Values, 1, _plan.Seed, coverage.Least!);
        int[] answers = [.. Enumerable.Range(0, test.Length).Select(row => ProbabilityScores.Answer(told.Row(row)))];
        var commonest = known.CountBy(kind => kind).MaxBy(kind => kind.Value).Key;
        figures.Add("accuracy", [.. answers.Select((answer, row) => answer == truth[row] ? 1.0 : 0)], [.. truth.Select(kind => kind == commonest ? 1.0 : 0)]);
        double[] shares = [.. Enumerable.Range(0, _labels.Count).Select(k => known.Count(kind => kind == k) / (double)known.Length)];
        figures.Add("log_loss", [.. truth.Select((kind, row) => ProbabilityScores.LogLoss([kind], told.Row(row), _labels.Count))], [.. truth.Select(kind => -Math.Log(Math.Max(shares[kind], 1e-7)))], less: true);
        var some = Math.Min(MostReference, test.Length);
        var reference = new
        {
            dimensions = embedding.Columns,
            embeddings = Enumerable.Range(0, some).Select(row => embedding.Row(row).ToArray()),
            confidences = Enumerable.Range(0, some).Select(row => (double)told.Row(row)[answers[row]]),
            labels = truth.Take(some).Select(kind => _labels[kind]),
            answers = answers.Take(some).Select(kind => _labels[kind]),
            keys = keys.Take(some),
        };
        return (evaluation.Metrics(), evaluation.AsFile(keys, MostItems), reference, evaluation.Slices(ways, _plan.Seed));
    }

    /// <summary>Rows ready to be learned from.</summary>
    /// <param name="Features">With means out of fold, unlike what the space would give.</param>
    /// <param name="Target">Standardised, or which class.</param>
    private sealed record Prepared(FeatureSpace Space, Matrix Features, float[] Target, int[] Kinds, double Mean, double Deviation) : IDisposable
    {
        public void Dispose() => Space.Dispose();
    }
}
