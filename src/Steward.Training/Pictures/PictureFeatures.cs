using Microsoft.ML.OnnxRuntime;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>From pictures to rows of numbers: the part of the model that all tunes share. It is written as ONNX and training runs
/// it as ONNX, so what was trained on is what is served.</summary>
internal sealed class PictureFeatures : IDisposable
{
    /// <summary>Pixels along the edge of the square that every picture is resized to.</summary>
    internal const int Side = 64;

    // 30 x 30 places where filters look (step 2), pooled over 3 x 3 fields of 10 x 10.
    private const int Step = 2;
    private const int Field = 10;
    private const int Fields = 9;
    private const int Batch = 50;

    private readonly PatchFilters _filters;
    private readonly float _threshold;
    private readonly InferenceSession _session;

    /// <param name="filters">What to look for.</param>
    /// <param name="threshold">How strongly a filter must answer to count.</param>
    /// <param name="threads">Of ONNX Runtime.</param>
    internal PictureFeatures(PatchFilters filters, float threshold, int threads)
    {
        (_filters, _threshold) = (filters, threshold);
        using var settings = new SessionOptions { IntraOpNumThreads = threads };
        var graph = new OnnxGraph("features");
        graph.Output("features", Write(graph), ElementType.Float, "N", Length);
        _session = new InferenceSession(graph.ToModel(), settings);
    }

    /// <summary>Numbers per picture.</summary>
    internal int Length => _filters.Count * 2 * Fields;

    /// <summary>Declares the input <c>image</c> (uint8, [N,H,W,3]) and returns the tensor [N,<see cref="Length"/>].</summary>
    internal string Write(OnnxGraph graph)
    {
        var image = graph.Input("image", ElementType.UInt8, "N", "H", "W", 3);
        var x = graph.Resize(graph.Transpose(graph.Cast(image, ElementType.Float), 0, 3, 1, 2), Side, Side);
        x = graph.Mul(x, graph.Constant(OnnxTensor.Scalar(1 / 255f)));

        // A patch's mean needs no subtracting, the filters sum to nothing; its spread divides their answer.
        var even = graph.Constant(OnnxTensor.Of(Enumerable.Repeat(1f / PatchFilters.Length, PatchFilters.Length).ToArray(), 1, 3, PatchFilters.Size, PatchFilters.Size));
        var mean = graph.Conv(x, even, stride: Step);
        var variance = graph.Relu(graph.Sub(graph.Conv(graph.Mul(x, x), even, stride: Step), graph.Mul(mean, mean)));
        var spread = graph.Node("Sqrt", [graph.Add(variance, graph.Constant(OnnxTensor.Scalar(PatchFilters.Flat)))]);
        var answer = graph.Div(graph.Conv(x, graph.Constant(OnnxTensor.Of(_filters.Weights, _filters.Count, 3, PatchFilters.Size, PatchFilters.Size)), stride: Step), spread);
        var strong = graph.Relu(graph.Add(answer, graph.Constant(OnnxTensor.Of(_filters.Biases.Select(bias => bias - _threshold).ToArray(), 1, _filters.Count, 1, 1))));
        return graph.Concat(1, graph.Flatten(graph.AveragePool(strong, Field, Field)), graph.Flatten(graph.MaxPool(strong, Field, Field)));
    }

    /// <summary>Features of 64 x 64 pictures, one row each.</summary>
    internal float[][] Of(IReadOnlyList<byte[]> pictures, CancellationToken stop, Action<int>? done = null)
    {
        var rows = new float[pictures.Count][];
        for (var from = 0; from < pictures.Count; from += Batch)
        {
            stop.ThrowIfCancellationRequested();
            var some = pictures.Skip(from).Take(Batch).SelectMany(picture => picture).ToArray();
            var count = some.Length / (Side * Side * 3);
            using var image = OrtValue.CreateTensorValueFromMemory(some, [count, Side, Side, 3]);
            using var results = _session.Run(new RunOptions(), ["image"], [image], ["features"]);
            var features = results[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < count; i++)
                rows[from + i] = features.Slice(i * Length, Length).ToArray();
            done?.Invoke(from + count);
        }
        return rows;
    }

    public void Dispose() => _session.Dispose();
}
