using Steward.Drawing;
using Steward.Onnx;

namespace Steward.Monitoring.Tests;

/// <summary>Rows as an embedding layer makes them: five clouds, correlated dimensions, heavy tails.</summary>
internal sealed class RowWorld
{
    public const int Dimensions = 12, Kinds = 5;
    private readonly Random _random;
    private readonly float[][] _centres;

    public RowWorld(int seed)
    {
        _random = new Random(7000 + seed);
        _centres = [.. Enumerable.Range(0, Kinds).Select(kind => Noise(0.5).Select((value, d) => value + (d == kind ? 4f : 0)).ToArray())];
    }

    /// <param name="shift">Moves everything.</param>
    /// <param name="between">0: in the middle of its cloud; 1: halfway to the next, where a classifier doubts.</param>
    /// <param name="of">Only this kind, for a share of the rows.</param>
    public float[] Rows(int rows, float shift = 0, float between = 0, int? of = null, double share = 1)
    {
        var table = new List<float>();
        for (var r = 0; r < rows; r++)
        {
            int kind = of is { } only && _random.NextDouble() < share ? only : _random.Next(Kinds), other = (kind + 1 + _random.Next(Kinds - 1)) % Kinds;
            var own = Noise(_random.Next(20) == 0 ? 1.2 : 0.5);
            for (var d = 0; d < Dimensions; d++)
                table.Add((_centres[kind][d] * (1 - (between / 2))) + (_centres[other][d] * between / 2) + own[d] + shift);
        }

        return [.. table];
    }

    /// <summary>What a row looks like is what it is; the first five values say which kind.</summary>
    public static byte[] Model()
    {
        var graph = new OnnxGraph("rows");
        var x = graph.Input("x", ElementType.Float, "N", Dimensions);
        var weights = new float[Dimensions * Kinds];
        for (var kind = 0; kind < Kinds; kind++)
            weights[(kind * Kinds) + kind] = 2;
        graph.Output("probabilities", graph.Softmax(graph.Gemm(x, graph.Constant(OnnxTensor.Of(weights, Dimensions, Kinds)), graph.Constant(OnnxTensor.Of(new float[Kinds])))), ElementType.Float, "N", Kinds);
        graph.Output("embedding", graph.Mul(x, graph.Constant(OnnxTensor.Scalar(1f))), ElementType.Float, "N", Dimensions);
        return graph.ToModel(new OnnxModelHead { Metadata = new Dictionary<string, string> { ["labels"] = "a,b,c,d,e" } });
    }

    public object Reference(int rows = 400) => Reference(Rows(rows));

    private static object Reference(float[] rows)
    {
        var table = rows.Chunk(Dimensions).ToList();
        // One of ten answers of the test split was wrong.
        return new { dimensions = Dimensions, embeddings = table, confidences = table.ConvertAll(Confidence), answers = table.ConvertAll(Answer), labels = table.Select((row, i) => i % 10 == 0 ? "other" : Answer(row)) };
    }

    private static string Answer(float[] row) => $"{(char)('a' + Array.IndexOf(row, row.Take(Kinds).Max(), 0, Kinds))}";

    private static double Confidence(float[] row)
    {
        var scores = row.Take(Kinds).Select(value => Math.Exp(2 * value)).ToList();
        return scores.Max() / scores.Sum();
    }

    private float[] Noise(double deviation) => [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())))];
}

/// <summary>Small pictures of one colour each; pale ones are hard to tell apart.</summary>
internal sealed class PictureWorld(int seed)
{
    private const int Side = 8;
    private static readonly string[] Kinds = ["red", "green", "blue"];
    private readonly Random _random = new(seed);

    public byte[][] Bright(int count) => [.. Enumerable.Range(0, count).Select(_ => Png(210, 40))];

    public byte[][] Pale(int count) => [.. Enumerable.Range(0, count).Select(_ => Png(133, 120))];

    /// <summary>Names the strongest colour; the gain is how sure it is of small differences.</summary>
    public static byte[] Model(float gain)
    {
        var graph = new OnnxGraph("colours");
        var image = graph.Input("image", ElementType.UInt8, "N", Side, Side, 3);
        var scaled = graph.Mul(graph.Cast(image, ElementType.Float), graph.Constant(OnnxTensor.Scalar(1 / 255f)));
        var mean = graph.Flatten(graph.GlobalAveragePool(graph.Transpose(scaled, 0, 3, 1, 2)));
        graph.Output("probabilities", graph.Softmax(graph.Mul(mean, graph.Constant(OnnxTensor.Scalar(gain)))), ElementType.Float, "N", 3);
        graph.Output("embedding", graph.Mul(mean, graph.Constant(OnnxTensor.Scalar(1f))), ElementType.Float, "N", 3);
        return graph.ToModel(new OnnxModelHead { Metadata = new Dictionary<string, string> { ["labels"] = "red,green,blue" } });
    }

    /// <summary>What a model says about pictures, asked through the engine.</summary>
    public static object Reference(byte[] model, IEnumerable<byte[]> pictures)
    {
        using var file = OnnxFile.Keep(model);
        using var session = OnnxSession.Open(file);
        var (embeddings, confidences, answers) = (new List<float[]>(), new List<double>(), new List<string>());
        foreach (var picture in pictures)
        {
            using var pixels = OnnxValue.OfBytes(ElementType.UInt8, Picture.Decode(picture, 1 << 20).Rgb.ToArray(), 1, Side, Side, 3);
            var results = session.Run(new Dictionary<string, OnnxValue> { ["image"] = pixels }, ["probabilities", "embedding"]);
            var probabilities = results[0].Data<float>().ToArray();
            confidences.Add(probabilities.Max());
            answers.Add(Kinds[Array.IndexOf(probabilities, probabilities.Max())]);
            embeddings.Add(results[1].Data<float>().ToArray());
            foreach (var result in results)
                result.Dispose();
        }

        return new { dimensions = 3, embeddings, confidences, labels = answers, answers };
    }

    private byte[] Png(int strong, int weak)
    {
        var rgb = new byte[Side * Side * 3];
        var colour = _random.Next(3);
        var light = _random.Next(-8, 9);
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)Math.Clamp((i % 3 == colour ? strong : weak) + light + _random.Next(-20, 21), 0, 255);
        return Picture.FromRgb(Side, Side, rgb).EncodePng();
    }
}
