using Steward.Drawing;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>The finished classifier as one ONNX file, from raw pixels to a label.</summary>
internal static class PictureModel
{
    internal static byte[] Write(PictureFeatures features, PictureAxes axes, Head head, Coverage coverage, PictureClassifierOptions options)
    {
        var graph = new OnnxGraph("picture_classifier");
        var row = features.Write(graph);
        var cool = 1 / head.Temperature;
        (float[] Weights, float[] Biases) last = ([.. head.Last.Weights.Select(weight => weight * cool)], [.. head.Last.Biases.Select(bias => bias * cool)]);
        string logits, embedding;
        // The first layer reads the features themselves: standardisation and axes are folded into it.
        if (head.Hidden is { } hidden)
        {
            var units = Layer(graph, row, axes.Folded(hidden.Weights, hidden.Biases));
            (logits, embedding) = (Layer(graph, graph.Relu(units), last), Layer(graph, units, Projection(hidden.Outputs, options)));
        }
        else
        {
            var (shorter, still) = Projection(axes.Count, options);
            (logits, embedding) = (Layer(graph, row, axes.Folded(last.Weights, last.Biases)), Layer(graph, row, axes.Folded(shorter, still)));
        }

        var names = graph.Constant(OnnxTensor.Texts(options.Labels));
        graph.Output("label", graph.Gather(names, graph.ArgMax(logits)), ElementType.String, "N");
        graph.Output("probabilities", graph.Softmax(logits), ElementType.Float, "N", last.Biases.Length);
        graph.Output("embedding", embedding, ElementType.Float, "N", options.Embedding);
        var about = new Dictionary<string, string> { [Coverage.Entry] = Json.Write(coverage) };
        if (options.Square is not Squaring.Stretch)
            about["square"] = options.Square.ToString().ToLowerInvariant();
        return graph.ToModel(new OnnxModelHead { Doc = "Pictures to kinds: learned patch filters at two sizes, pooled, and a small network over them.", Metadata = about });
    }

    /// <summary>A random projection: distances are nearly kept (Johnson and Lindenstrauss). Of what the network makes of a picture,
    /// before units are cut off at nothing: there a new style of drawing shows in half as many pictures as in the features.</summary>
    private static (float[] Weights, float[] Biases) Projection(int length, PictureClassifierOptions options)
    {
        var (chance, size) = (new Random(options.Seed), 1 / MathF.Sqrt(length));
        return ([.. Enumerable.Range(0, length * options.Embedding).Select(_ => chance.Next(2) == 0 ? size : -size)], new float[options.Embedding]);
    }

    private static string Layer(OnnxGraph graph, string x, (float[] Weights, float[] Biases) layer)
        => graph.Gemm(x, graph.Constant(OnnxTensor.Of(layer.Weights, layer.Biases.Length, layer.Weights.Length / layer.Biases.Length)), graph.Constant(OnnxTensor.Of(layer.Biases)), transposed: true);
}
