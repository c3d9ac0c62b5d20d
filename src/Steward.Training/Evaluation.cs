using Steward.Statistics;

namespace Steward.Training;

/// <summary>How good a tune is on the test split, and how sure that is.</summary>
internal sealed class Evaluation
{
    private const int Rounds = 400;

    private readonly IReadOnlyList<string> _kinds;
    private readonly int[] _truth, _answers;
    private readonly float[] _probabilities, _least;
    private readonly float _temperature;
    private readonly ConfusionMatrix _matrix;
    private readonly List<ConfusionMatrix> _draws = [];
    private readonly List<KindFigures> _perKind;

    /// <param name="kinds">Names of the labels.</param>
    /// <param name="truth">One label number per picture.</param>
    /// <param name="probabilities">A row per picture, as the model gives them.</param>
    /// <param name="temperature">What the model divides its logits by.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="least">How probable each kind must be to belong to an answer's set.</param>
    internal Evaluation(IReadOnlyList<string> kinds, int[] truth, float[] probabilities, float temperature, int seed, IReadOnlyList<float> least)
    {
        _least = [.. least];
        (_kinds, _truth, _probabilities, _temperature) = (kinds, truth, probabilities, temperature);
        _answers = [.. Enumerable.Range(0, truth.Length).Select(row => ProbabilityScores.Answer(Row(row)))];
        _matrix = ConfusionMatrix.Of(truth, _answers, kinds.Count);
        // Drawn once: every figure is measured on the same draws.
        var random = new Random(seed);
        var drawn = new int[truth.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = random.Next(drawn.Length);
            _draws.Add(ConfusionMatrix.Of(truth, _answers, kinds.Count, drawn));
        }

        _perKind = [.. _kinds.Select((kind, k) =>
        {
            var f1 = Sureness(matrix => matrix.F1(k));
            return new KindFigures(kind, _matrix.Precision(k), _matrix.Recall(k), f1.Point, f1.Low, f1.High, _matrix.Support(k));
        })];
    }

    internal SortedDictionary<string, double> Metrics()
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["test.brier"] = ProbabilityScores.Brier(_truth, _probabilities, _kinds.Count),
            ["test.ece"] = ProbabilityScores.CalibrationError(_truth, _probabilities, _kinds.Count),
            ["test.ece.uncalibrated"] = ProbabilityScores.CalibrationError(_truth, Uncalibrated(), _kinds.Count),
            ["test.log_loss"] = ProbabilityScores.LogLoss(_truth, _probabilities, _kinds.Count),
            ["test.n"] = _truth.Length,
            ["test.sure_share"] = Enumerable.Range(0, _truth.Length).Count(row => Sure(row) >= 0.6) / (double)_truth.Length,
        };
        var sets = Enumerable.Range(0, _truth.Length).Select(row => Conformal.Among(Row(row), _least)).ToList();
        Add("test.set_coverage", Interval.Wilson(sets.Zip(_truth).Count(one => one.First.Contains(one.Second)), sets.Count));
        metrics["test.set_size"] = sets.Average(set => set.Length);
        Add("test.accuracy", Sureness(matrix => matrix.Accuracy));
        Add("test.f1_macro", Sureness(matrix => matrix.MacroF1));
        foreach (var kind in _perKind)
        {
            Add($"test.f1.{kind.Kind}", new(kind.F1, kind.F1Low, kind.F1High));
            metrics[$"test.precision.{kind.Kind}"] = kind.Precision;
            metrics[$"test.recall.{kind.Kind}"] = kind.Recall;
            metrics[$"test.n.{kind.Kind}"] = kind.N;
        }
        return metrics;

        void Add(string name, Interval interval) => (metrics[name], metrics[name + ".low"], metrics[name + ".high"]) = (interval.Point, interval.Low, interval.High);
    }

    /// <summary>The test items in parts.</summary>
    internal Tracking.Sliced? Slices(IReadOnlyList<SliceBy> ways, int seed) => Slicing.Of(ways, Slicing.OfAnswers(_truth, _answers, _kinds.Count), lessIsBetter: false, _truth.Length, seed);

    /// <summary>What <c>evaluation.json</c> holds.</summary>
    /// <param name="keys">Of the items, in their order.</param>
    /// <param name="most">Items told one by one; of more, evenly spread ones.</param>
    internal object AsFile(IReadOnlyList<string> keys, int most = int.MaxValue) => new
    {
        kinds = _kinds,
        confusion = Enumerable.Range(0, _kinds.Count).Select(truth => Enumerable.Range(0, _kinds.Count).Select(answer => _matrix[truth, answer])),
        perKind = _perKind,
        items = keys.Select((key, row) => (key, row)).Where(one => one.row % ((keys.Count / most) + 1) == 0)
            .Select(one => new { one.key, truth = _kinds[_truth[one.row]], answer = _kinds[_answers[one.row]], probability = Math.Round(Sure(one.row), 6) }),
    };

    /// <summary>With its 95 % interval.</summary>
    private Interval Sureness(Func<ConfusionMatrix, double> figure) => Bootstrap.OfDraws(figure(_matrix), _draws.Select(figure)).Interval();

    /// <summary>The probabilities at temperature 1: a power of them undoes the division of the logits.</summary>
    private float[] Uncalibrated()
    {
        var raw = new float[_probabilities.Length];
        for (var row = 0; row < _truth.Length; row++)
        {
            var powers = Row(row).ToArray().Select(p => Math.Pow(p, _temperature)).ToArray();
            var sum = powers.Sum();
            for (var k = 0; k < powers.Length; k++)
                raw[(row * powers.Length) + k] = (float)(powers[k] / sum);
        }
        return raw;
    }

    private ReadOnlySpan<float> Row(int row) => _probabilities.AsSpan(row * _kinds.Count, _kinds.Count);

    private double Sure(int row) => Row(row)[_answers[row]];

    /// <param name="N">Pictures of this kind.</param>
    private sealed record KindFigures(string Kind, double Precision, double Recall, double F1, double F1Low, double F1High, long N);
}
