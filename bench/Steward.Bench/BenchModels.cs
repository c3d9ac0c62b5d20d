using System.Globalization;
using System.Text;
using Steward.Onnx;

namespace Steward.Bench;

/// <summary>Small models with fixed weights and requests for them.</summary>
internal static class BenchModels
{
    /// <summary>float[N,64] to 8 classes through one hidden layer of 64.</summary>
    public static byte[] Table()
    {
        var chance = new Random(7);
        var graph = new OnnxGraph("table");
        var x = graph.Input("x", ElementType.Float, "N", 64);
        var hidden = graph.Relu(graph.Gemm(x, Weights(graph, chance, 64, 64), Weights(graph, chance, 64)));
        var scores = graph.Gemm(hidden, Weights(graph, chance, 64, 8), Weights(graph, chance, 8));
        graph.Output("probabilities", graph.Softmax(scores), ElementType.Float, "N", 8);
        return graph.ToModel();
    }

    /// <summary>uint8[N,64,64,3] to 8 classes and an embedding of 32, through two convolutions.</summary>
    public static byte[] Pictures()
    {
        var chance = new Random(7);
        var graph = new OnnxGraph("pictures");
        var image = graph.Input("image", ElementType.UInt8, "N", 64, 64, 3);
        var x = graph.Transpose(graph.Mul(graph.Cast(image, ElementType.Float), graph.Constant(OnnxTensor.Scalar(1 / 255f))), 0, 3, 1, 2);
        x = graph.MaxPool(graph.Relu(graph.Conv(x, Weights(graph, chance, 16, 3, 3, 3), stride: 2, pad: 1)), 2, 2);
        x = graph.Relu(graph.Conv(x, Weights(graph, chance, 32, 16, 3, 3), stride: 2, pad: 1));
        var embedding = graph.Flatten(graph.GlobalAveragePool(x));
        graph.Output("embedding", embedding, ElementType.Float, "N", 32);
        graph.Output("probabilities", graph.Softmax(graph.Gemm(embedding, Weights(graph, chance, 32, 8), Weights(graph, chance, 8))), ElementType.Float, "N", 8);
        return graph.ToModel();
    }

    public static float[] Values(int count)
    {
        var chance = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (chance.NextSingle() * 4) - 2)];
    }

    public static byte[] Pixels(int count)
    {
        var bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Json<T>(string name, string datatype, int[] shape, T[] values) where T : IFormattable
        => Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"{{name}}","shape":[{{string.Join(',', shape)}}],"datatype":"{{datatype}}","data":[{{string.Join(',', values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)))}}]}]}""");

    private static string Weights(OnnxGraph graph, Random chance, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (chance.NextSingle() - 0.5f) / 4;
        return graph.Constant(OnnxTensor.Of(values, shape));
    }
}
