using Steward.Onnx;

namespace Steward.Training;

/// <summary>The finished classifier as one ONNX file, from raw pixels to a label.</summary>
internal static class PictureModel
{
    internal static byte[] Write(PictureFeatures features, PictureAxes axes, Head head, PictureClassifierOptions options)
    {
        var graph = new OnnxGraph("picture_classifier");
        var row = features.Write(graph);
        var cool = 1 / head.Temperature;
        float[] weights = [.. head.Last.Weights.Select(weight => weight * cool)], biases = [.. head.Last.Biases.Select(bias => bias * cool)];
        // The first layer reads the features themselves: standardisation and axes are folded into it.
        var logits = head.Hidden is { } hidden
            ? Layer(graph, graph.Relu(Layer(graph, row, axes.Folded(hidden.Weights, hidden.Biases))), (weights, biases))
            : Layer(graph, row, axes.Folded(weights, biases));
        var names = graph.Constant(OnnxTensor.Texts(options.Labels));
        graph.Output("label", graph.Gather(names, graph.ArgMax(logits)), ElementType.String, "N");
        graph.Output("probabilities", graph.Softmax(logits), ElementType.Float, "N", biases.Length);
        graph.Output("embedding", Layer(graph, row, axes.Projection(options.Embedding, new Random(options.Seed))), ElementType.Float, "N", options.Embedding);
        return graph.ToModel(new OnnxModelHead { Doc = "Pictures to kinds: learned patch filters at two sizes, pooled, and a small network over them." });
    }

    private static string Layer(OnnxGraph graph, string x, (float[] Weights, float[] Biases) layer)
        => graph.Gemm(x, graph.Constant(OnnxTensor.Of(layer.Weights, layer.Biases.Length, layer.Weights.Length / layer.Biases.Length)), graph.Constant(OnnxTensor.Of(layer.Biases)), transposed: true);
}
