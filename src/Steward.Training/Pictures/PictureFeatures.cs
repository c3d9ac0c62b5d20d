using Steward.Onnx;

namespace Steward.Training;

/// <summary>From pictures to rows of numbers: the part of the model that all tunes share. It is written as ONNX and training runs
/// it as ONNX, so what was trained on is what is served.</summary>
internal sealed class PictureFeatures : IDisposable
{
    // Per pattern: how much of it there is in each of 4 x 4 overlapping fields, and how clearly it shows in each of 3 x 3.
    private const int MeanFields = 4, PeakFields = 3;
    private const int PerFilter = (MeanFields * MeanFields) + (PeakFields * PeakFields);
    private const int Batch = 50;

    // How strongly a pattern must show to count.
    private const float Threshold = 0.3f;

    private readonly int _side;
    private readonly PatchFilters _fine, _coarse;
    private readonly Engine _engine;

    private PictureFeatures(int side, PatchFilters fine, PatchFilters coarse, int threads)
    {
        (_side, _fine, _coarse) = (side, fine, coarse);
        var graph = new OnnxGraph("features");
        graph.Output("features", Write(graph), ElementType.Float, "N", Length);
        _engine = new(graph, threads);
    }

    /// <summary>Finds patterns in the pictures as they are, and twice as many in the pictures at half their size: those tell more, for less.</summary>
    internal static PictureFeatures Learn(IReadOnlyList<byte[]> pictures, PictureClassifierOptions options, CancellationToken stop)
    {
        var (side, fine, chance) = (options.Side, options.Filters / 3, new Random(options.Seed));
        return new(side,
            PatchFilters.Learn(pictures, side, fine, chance, stop),
            PatchFilters.Learn([.. pictures.Select(picture => PictureVariants.Half(picture, side))], side / 2, options.Filters - fine, chance, stop),
            options.Threads);
    }

    /// <summary>Numbers per picture.</summary>
    internal int Length => (_fine.Count + _coarse.Count) * PerFilter;

    /// <summary>Declares the input <c>image</c> (uint8, [N,H,W,3]) and returns the tensor [N,<see cref="Length"/>].</summary>
    internal string Write(OnnxGraph graph)
    {
        var image = graph.Input("image", ElementType.UInt8, "N", "H", "W", 3);
        var x = graph.Resize(graph.Transpose(graph.Cast(image, ElementType.Float), 0, 3, 1, 2), _side, _side);
        x = graph.Mul(x, graph.Constant(OnnxTensor.Scalar(1 / 255f)));
        return graph.Concat(1, [.. Pooled(graph, x, _side, _fine), .. Pooled(graph, graph.AveragePool(x, 2, 2), _side / 2, _coarse)]);
    }

    /// <summary>Features of pictures, one row each.</summary>
    internal float[][] Of(IReadOnlyList<byte[]> pictures, CancellationToken stop, Action<int>? done = null)
    {
        var rows = new float[pictures.Count][];
        for (var from = 0; from < pictures.Count; from += Batch)
        {
            stop.ThrowIfCancellationRequested();
            byte[] some = [.. pictures.Skip(from).Take(Batch).SelectMany(picture => picture)];
            var count = some.Length / (_side * _side * 3);
            using var image = OnnxValue.Of<byte>(some, count, _side, _side, 3);
            _engine.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, outputs =>
            {
                for (var i = 0; i < count; i++)
                    rows[from + i] = outputs[0].Data<float>().Slice(i * Length, Length).ToArray();
            });
            done?.Invoke(from + count);
        }
        return rows;
    }

    public void Dispose() => _engine.Dispose();

    private static string[] Pooled(OnnxGraph graph, string x, int side, PatchFilters filters)
    {
        // Every second place tells the same at half the price, unless there are few.
        var step = side < 32 ? 1 : 2;
        var places = ((side - PatchFilters.Size) / step) + 1;
        // A patch's mean needs no subtracting, the filters sum to nothing; its spread divides their answer.
        var even = graph.Constant(OnnxTensor.Of(Enumerable.Repeat(1f / PatchFilters.Length, PatchFilters.Length).ToArray(), 1, 3, PatchFilters.Size, PatchFilters.Size));
        var mean = graph.Conv(x, even, stride: step);
        var variance = graph.Relu(graph.Sub(graph.Conv(graph.Mul(x, x), even, stride: step), graph.Mul(mean, mean)));
        var spread = graph.Node("Sqrt", [graph.Add(variance, graph.Constant(OnnxTensor.Scalar(PatchFilters.Flat)))]);
        var answer = graph.Div(graph.Conv(x, graph.Constant(OnnxTensor.Of(filters.Weights, filters.Count, 3, PatchFilters.Size, PatchFilters.Size)), stride: step), spread);
        var strong = graph.Relu(graph.Add(answer, graph.Constant(OnnxTensor.Of(filters.Biases.Select(bias => bias - Threshold).ToArray(), 1, filters.Count, 1, 1))));
        return [graph.Flatten(graph.AveragePool(strong, Field(MeanFields), places / MeanFields)), graph.Flatten(graph.MaxPool(strong, Field(PeakFields), places / PeakFields))];

        // Fields begin at equal steps and the last one ends at the edge.
        int Field(int fields) => places - (places / fields * (fields - 1));
    }
}
