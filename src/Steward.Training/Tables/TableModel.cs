using Steward.Onnx;

namespace Steward.Training;

/// <summary>The finished model as one ONNX file: a column of raw values per input, preprocessing and all.</summary>
internal static class TableModel
{
    private const int MostEmbedding = 64;

    // The log keeps 16-bit floats; a wild value must not become an infinity there.
    private const float MostEmbedded = 10_000;

    /// <summary>Numbers told: <c>prediction</c> DOUBLE [N], in the target's own unit.</summary>
    /// <param name="mean">Of the target that was learned.</param>
    /// <param name="deviation">Of the same.</param>
    public static byte[] Regression(IReadOnlyList<Feature> features, IFit fit, double mean, double deviation, string target, Coverage? coverage = null)
    {
        var graph = new OnnxGraph("table_regression");
        var score = graph.Cast(graph.Squeeze(fit.Write(graph, FeatureGraph.Write(graph, features)), 1), ElementType.Double);
        graph.Output("prediction", graph.Add(graph.Mul(score, graph.Number(deviation)), graph.Number(mean)), ElementType.Double, "N");
        return graph.ToModel(Head(TrainSection.Regression, target, "Columns of a table to a number.", Entry(coverage)));
    }

    /// <summary>Classes told apart: <c>label</c> STRING [N], <c>probabilities</c> FLOAT [N,K], <c>embedding</c> FLOAT [N,E] for drift.</summary>
    public static byte[] Classification(IReadOnlyList<Feature> features, int width, IFit fit, IReadOnlyList<string> labels, string target, int seed, Coverage? coverage = null)
    {
        var graph = new OnnxGraph("table_classification");
        var row = FeatureGraph.Write(graph, features);
        var probabilities = fit.Write(graph, row);
        graph.Output("label", graph.Gather(graph.Constant(OnnxTensor.Texts(labels)), graph.ArgMax(probabilities)), ElementType.String, "N");
        graph.Output("probabilities", probabilities, ElementType.Float, "N", labels.Count);
        var (short_, embedding) = width <= MostEmbedding ? (row, width) : (graph.MatMul(row, graph.Constant(Projection(width, seed))), MostEmbedding);
        graph.Output("embedding", graph.Node("Clip", [short_, graph.Number(-MostEmbedded), graph.Number(MostEmbedded)]), ElementType.Float, "N", embedding);
        return graph.ToModel(Head(TrainSection.Classification, target, "Columns of a table to a class.", [("labels", Json.Write(labels)), .. Entry(coverage)]));
    }

    private static (string, string)[] Entry(Coverage? coverage) => coverage is null ? [] : [(Coverage.Entry, Json.Write(coverage))];

    /// <summary>What a model of a table says of itself. NaN among numbers means that nothing is known, and is answered like any value.</summary>
    internal static OnnxModelHead Head(string task, string target, string doc, params (string Key, string Value)[] more) => new()
    {
        Doc = doc,
        Metadata = new Dictionary<string, string>(more.ToDictionary(one => one.Key, one => one.Value)) { ["task"] = task, ["target"] = target, ["missing"] = "nan" },
    };

    /// <summary>A random projection: distances are nearly kept (Johnson and Lindenstrauss).</summary>
    private static OnnxTensor Projection(int width, int seed)
    {
        var (chance, size) = (new Random(seed), 1 / MathF.Sqrt(width));
        return OnnxTensor.Of([.. Enumerable.Range(0, width * MostEmbedding).Select(_ => chance.Next(2) == 0 ? size : -size)], width, MostEmbedding);
    }
}
