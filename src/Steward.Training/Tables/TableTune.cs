namespace Steward.Training;

/// <summary>A tune of a table as it comes out of its training: one model, and what was measured of it.</summary>
/// <param name="Evaluation">What <c>evaluation.json</c> holds.</param>
/// <param name="Reference">What <c>reference.json</c> holds.</param>
/// <param name="Scores">Item by item, beside the baseline.</param>
/// <param name="More">Further files by name.</param>
internal sealed record TableTune(string Name, byte[] Onnx, SortedDictionary<string, double> Metrics, object Card, object Evaluation, object Reference, ItemScores Scores, IReadOnlyDictionary<string, byte[]>? More = null)
{
    /// <summary>Parts of the test items by themselves; null when nothing tells them apart.</summary>
    public Tracking.Sliced? Slices { get; init; }

    /// <summary>Writes its files into the folder.</summary>
    public TuneOutcome Leave(string folder, string tune)
    {
        var files = new Dictionary<string, string>();
        Write("model.onnx", Onnx);
        Write("card.json", Bytes(Card));
        Write("evaluation.json", Bytes(Evaluation));
        Write("reference.json", Bytes(Reference));
        Write(ItemScores.File, Bytes(Scores));
        if (Slices is not null)
            Write(Tracking.Sliced.File, Bytes(Slices));
        foreach (var (name, bytes) in More ?? new Dictionary<string, byte[]>())
            Write(name, bytes);
        return new(Name, Metrics, files);

        void Write(string artifact, byte[] bytes) => System.IO.File.WriteAllBytes(Path.Combine(folder, files[artifact] = $"tune-{tune}-{artifact}"), bytes);
        static byte[] Bytes(object value) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
    }
}

/// <summary>
/// What each test item was worth, in the model and in the baseline, so that the two can be compared on the same items:
/// <c>scores.json</c>. A metric is the mean of its values, or the root of the mean.
/// </summary>
/// <param name="Keys">Of the items.</param>
/// <param name="Metrics">By the metric's name.</param>
internal sealed record ItemScores(IReadOnlyList<string> Keys, IReadOnlyDictionary<string, ItemScores.Metric> Metrics)
{
    public const string File = "scores.json";

    /// <param name="LessIsBetter">Of an error.</param>
    /// <param name="Root">The metric is the root of the mean.</param>
    /// <param name="Of">Values of the items: of <c>model</c>, and of each baseline by its name.</param>
    internal sealed record Metric(bool LessIsBetter, bool Root, IReadOnlyDictionary<string, double[]> Of);
}

/// <summary>Figures that are means over test items, with their 95 % intervals, of a model and of its baseline.</summary>
internal sealed class ItemFigures(IReadOnlyList<string> keys, string baseline, int seed)
{
    private const long Work = 40_000_000;

    // So many items tell a difference as well as more would.
    private const int MostScores = 50_000;

    private readonly List<(string Name, double[] Ours, double[] Theirs, bool Less, bool Root)> _figures = [];

    public void Add(string name, double[] ours, double[] theirs, bool less = false, bool root = false) => _figures.Add((name, ours, theirs, less, root));

    /// <summary>Of all items, and of some of them at a time: 400 rounds, fewer of very many items, which scatter less.</summary>
    public void Into(SortedDictionary<string, double> metrics)
    {
        var rounds = (int)Math.Clamp(Work / ((long)keys.Count * _figures.Count * 2), 40, 400);
        var drawn = Statistics.DrawnMeans.Of([.. _figures.SelectMany(one => new[] { one.Ours, one.Theirs })], new Random(seed), rounds);
        metrics["test.n"] = keys.Count;
        foreach (var ((name, _, _, _, root), i) in _figures.Select((one, i) => (one, i)))
        {
            var interval = drawn.Figure(means => root ? Math.Sqrt(means[2 * i]) : means[2 * i]).Interval();
            (metrics["test." + name], metrics[$"test.{name}.low"], metrics[$"test.{name}.high"]) = (interval.Point, interval.Low, interval.High);
            metrics[$"{baseline}.{name}"] = drawn.Figure(means => root ? Math.Sqrt(means[(2 * i) + 1]) : means[(2 * i) + 1]).Point;
        }
    }

    /// <summary>Of more items than can be useful, evenly spread ones.</summary>
    public ItemScores Scores() => new(Thin(keys), _figures.ToDictionary(one => "test." + one.Name, one => new ItemScores.Metric(one.Less, one.Root, new Dictionary<string, double[]> { ["model"] = Thin(one.Ours), [baseline] = Thin(one.Theirs) })));

    private static T[] Thin<T>(IReadOnlyList<T> all) => [.. all.Where((_, i) => i % ((all.Count / MostScores) + 1) == 0)];
}
