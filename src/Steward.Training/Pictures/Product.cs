using Steward.Onnx;

namespace Steward.Training;

/// <summary>Products of large row-major matrices.</summary>
internal sealed class Product : IDisposable
{
    private readonly Engine _engine;

    private Product(bool firstTurned, bool secondTurned)
    {
        var graph = new OnnxGraph("product");
        var product = graph.Node("Gemm", [graph.Input("a", ElementType.Float, "I", "J"), graph.Input("b", ElementType.Float, "K", "L")],
            OnnxSetting.Int("transA", firstTurned ? 1 : 0), OnnxSetting.Int("transB", secondTurned ? 1 : 0));
        graph.Output("product", product, ElementType.Float, "M", "N");
        _engine = new(graph, threads: 0);
    }

    /// <summary>a·bᵀ.</summary>
    internal static Product WithSecondTurned() => new(false, true);

    /// <summary>aᵀ·b.</summary>
    internal static Product WithFirstTurned() => new(true, false);

    /// <summary>Each matrix with its number of columns.</summary>
    internal float[] Of(float[] a, int aColumns, float[] b, int bColumns)
    {
        float[] product = [];
        using var first = OnnxValue.Of<float>(a, a.Length / aColumns, aColumns);
        using var second = OnnxValue.Of<float>(b, b.Length / bColumns, bColumns);
        _engine.Run(new Dictionary<string, OnnxValue> { ["a"] = first, ["b"] = second }, outputs => product = outputs[0].Data<float>().ToArray());
        return product;
    }

    public void Dispose() => _engine.Dispose();
}
