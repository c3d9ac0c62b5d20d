using Steward.Onnx;

namespace Steward.Testing;

/// <summary>Real ONNX files that a test can reason about.</summary>
public static class SmallModels
{
    public static readonly string[] Kinds = ["red", "green", "blue"];

    /// <summary>Names the strongest colour of a picture; the bias makes versions tell apart what they would answer.</summary>
    public static byte[] Colours(float redBias = 0, int? side = null, string producer = "steward", string? square = null)
    {
        var graph = new OnnxGraph("colours");
        Dim size = side is { } fixedSide ? fixedSide : "S";
        var image = graph.Input("image", ElementType.UInt8, "N", size, size is { Size: not null } ? size : "T", 3);
        var scaled = graph.Mul(graph.Cast(image, ElementType.Float), graph.Constant(OnnxTensor.Scalar(1 / 255f)));
        var mean = graph.Flatten(graph.GlobalAveragePool(graph.Transpose(scaled, 0, 3, 1, 2)));
        var scores = graph.Add(graph.Mul(mean, graph.Constant(OnnxTensor.Scalar(10f))), graph.Constant(OnnxTensor.Of([redBias, 0f, 0f], 3)));
        graph.Output("probabilities", graph.Softmax(scores), ElementType.Float, "N", 3);
        graph.Output("embedding", mean, ElementType.Float, "N", 3);
        return graph.ToModel(new OnnxModelHead { Producer = producer, Metadata = new Dictionary<string, string> { ["labels"] = string.Join(',', Kinds), ["square"] = square ?? "stretch" } });
    }

    /// <summary>Gives back what it gets, of every type a client may send.</summary>
    public static byte[] Echo(ElementType type)
    {
        var graph = new OnnxGraph("echo");
        graph.Output("y", graph.Input("x", type, "N", 2), type, "N", 2);
        return graph.ToModel();
    }
}
