using Steward.Onnx;

namespace Steward.Training;

/// <summary>The finished classifier as one ONNX file, from raw pixels to a label.</summary>
internal static class PictureModel
{
    internal static byte[] Write(PictureFeatures features, LinearHead head, PictureClassifierOptions options)
    {
        var graph = new OnnxGraph("picture_classifier");
        var row = features.Write(graph);
        var (weights, biases) = head.Folded();
        var logits = graph.Gemm(row, graph.Constant(OnnxTensor.Of(weights, features.Length, biases.Length)), graph.Constant(OnnxTensor.Of(biases)));
        var names = graph.Constant(OnnxTensor.Texts(options.Labels));
        var (turn, shift) = head.Projection(options.Embedding, new Random(options.Seed));
        var embedding = graph.Gemm(row, graph.Constant(OnnxTensor.Of(turn, features.Length, options.Embedding)), graph.Constant(OnnxTensor.Of(shift)));
        graph.Output("label", graph.Gather(names, graph.ArgMax(logits)), ElementType.String, "N");
        graph.Output("probabilities", graph.Softmax(logits), ElementType.Float, "N", biases.Length);
        graph.Output("embedding", embedding, ElementType.Float, "N", options.Embedding);
        return graph.ToModel(new OnnxModelHead { Doc = "Pictures to kinds: learned patch filters, pooled, with a linear head." });
    }
}
