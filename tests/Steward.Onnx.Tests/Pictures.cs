namespace Steward.Onnx.Tests;

/// <summary>A tiny picture classifier, once as ONNX and once in plain C#, from the same numbers.</summary>
internal sealed class Pictures
{
    public const int Size = 6, Small = 4, Channels = 3, Filters = 2;
    public static readonly string[] Labels = ["apple", "birne", "kiwi ü"];

    public float[] Kernel { get; } = Numbers(1, Filters * Channels * 9);
    public float[] KernelBias { get; } = Numbers(2, Filters);
    public float[] Dense { get; } = Numbers(3, Filters * Labels.Length);
    public float[] DenseBias { get; } = Numbers(4, Labels.Length);

    public byte[] Model()
    {
        var graph = new OnnxGraph("pictures");
        var image = graph.Input("image", ElementType.UInt8, "N", Size, Size, Channels);
        var x = graph.Transpose(graph.Cast(image, ElementType.Float), 0, 3, 1, 2);
        x = graph.Mul(x, graph.Constant(OnnxTensor.Scalar(1 / 255f)));
        x = graph.Resize(x, Small, Small);
        x = graph.Conv(x, graph.Constant(OnnxTensor.Of(Kernel, Filters, Channels, 3, 3), "kernel"), graph.Constant(OnnxTensor.Of(KernelBias)), pad: 1);
        var embedding = graph.Flatten(graph.GlobalAveragePool(graph.Relu(x)));
        var scores = graph.Gemm(embedding, graph.Constant(OnnxTensor.Of(Dense, Filters, Labels.Length)), graph.Constant(OnnxTensor.Of(DenseBias)));
        graph.Output("label", graph.Gather(graph.Constant(OnnxTensor.Texts(Labels)), graph.ArgMax(scores)), ElementType.String, "N");
        graph.Output("probabilities", graph.Softmax(scores), ElementType.Float, "N", Labels.Length);
        graph.Output("embedding", embedding, ElementType.Float, "N", Filters);
        return graph.ToModel(new() { Metadata = new Dictionary<string, string> { ["task"] = "pictures", ["labels"] = "apple,birne" } });
    }

    /// <summary>The same computation by hand for one picture [Size,Size,3].</summary>
    public (double[] Probabilities, double[] Embedding) ByHand(ReadOnlySpan<byte> picture)
    {
        var small = new double[Channels, Small + 2, Small + 2];
        for (var c = 0; c < Channels; c++)
            for (var row = 0; row < Small; row++)
                for (var column = 0; column < Small; column++)
                    small[c, row + 1, column + 1] = Bilinear(picture, c, row, column) / 255;
        var embedding = new double[Filters];
        for (var f = 0; f < Filters; f++)
            for (var row = 0; row < Small; row++)
                for (var column = 0; column < Small; column++)
                    embedding[f] += Math.Max(0, Filter(small, f, row, column)) / (Small * Small);
        var scores = Enumerable.Range(0, Labels.Length)
            .Select(k => DenseBias[k] + Enumerable.Range(0, Filters).Sum(f => embedding[f] * Dense[f * Labels.Length + k])).ToArray();
        var sum = scores.Sum(Math.Exp);
        return ([.. scores.Select(score => Math.Exp(score) / sum)], embedding);
    }

    private double Filter(double[,,] padded, int f, int row, int column)
    {
        double sum = KernelBias[f];
        for (var c = 0; c < Channels; c++)
            for (var y = 0; y < 3; y++)
                for (var x = 0; x < 3; x++)
                    sum += padded[c, row + y, column + x] * Kernel[((f * Channels + c) * 3 + y) * 3 + x];
        return sum;
    }

    private static double Bilinear(ReadOnlySpan<byte> picture, int channel, int row, int column)
    {
        var (y, x) = ((row + 0.5) * Size / Small - 0.5, (column + 0.5) * Size / Small - 0.5);
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, Size - 1), Math.Min(left + 1, Size - 1));
        var (down, over) = (y - top, x - left);
        double a = picture[(top * Size + left) * 3 + channel], b = picture[(top * Size + right) * 3 + channel];
        double c = picture[(bottom * Size + left) * 3 + channel], d = picture[(bottom * Size + right) * 3 + channel];
        return (a * (1 - over) + b * over) * (1 - down) + (c * (1 - over) + d * over) * down;
    }

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
