using System.Numerics.Tensors;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>A weighted sum of the features: ridge regression, solved exactly (Hoerl and Kennard 1970).</summary>
internal sealed class LinearFit : IFit
{
    private readonly double[] _weights;
    private readonly double _start;

    private LinearFit(double[] weights, double start) => (_weights, _start) = (weights, start);

    public int Width => 1;

    /// <param name="features">Of the rows to learn from.</param>
    /// <param name="target">One number per row.</param>
    /// <param name="l2">What a weight costs, in rows: 1 is little, more trusts single features less.</param>
    /// <param name="stop">Ends the training.</param>
    public static LinearFit Of(Matrix features, float[] target, double l2, CancellationToken stop)
    {
        // The last column of the system is the constant 1, which costs nothing.
        var (rows, size) = (features.Rows, features.Columns + 1);
        var (gram, right) = (new double[size][], new double[size]);
        for (var i = 0; i < size; i++)
            gram[i] = new double[size];
        var row = new double[size];
        row[^1] = 1;
        for (var r = 0; r < rows; r++)
        {
            if (r % 4096 == 0)
                stop.ThrowIfCancellationRequested();
            TensorPrimitives.ConvertTruncating<float, double>(features.Row(r), row);
            for (var i = 0; i < size; i++)
                if (row[i] != 0)
                    TensorPrimitives.MultiplyAdd(row.AsSpan(0, i + 1), row[i], gram[i].AsSpan(0, i + 1), gram[i].AsSpan(0, i + 1));
            TensorPrimitives.MultiplyAdd(row, (double)target[r], right, right);
        }
        // One-hot columns add up to 1 together, so without any cost the system has no single solution.
        for (var i = 0; i < size - 1; i++)
            gram[i][i] += Math.Max(l2, 1e-6 * rows);
        Solve(gram, right);
        return new(right[..^1], right[^1]);
    }

    public float[] Of(Matrix features)
    {
        var answers = new float[features.Rows];
        var row = new double[features.Columns];
        for (var r = 0; r < answers.Length; r++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(features.Row(r), row);
            answers[r] = (float)(TensorPrimitives.Dot<double>(row, _weights) + _start);
        }
        return answers;
    }

    public string Write(OnnxGraph graph, string features)
    {
        var sum = graph.MatMul(graph.Cast(features, ElementType.Double), graph.Constant(OnnxTensor.Of(_weights, _weights.Length, 1)));
        return graph.Cast(graph.Add(sum, graph.Number(_start)), ElementType.Float);
    }

    /// <summary>Replaces the right side by the solution; the lower half of a symmetric positive matrix becomes its Cholesky factor.</summary>
    internal static void Solve(double[][] lower, double[] right)
    {
        for (var i = 0; i < right.Length; i++)
        {
            for (var j = 0; j < i; j++)
                lower[i][j] = (lower[i][j] - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, j), lower[j].AsSpan(0, j))) / lower[j][j];
            lower[i][i] = Math.Sqrt(Math.Max(1e-12, lower[i][i] - TensorPrimitives.SumOfSquares<double>(lower[i].AsSpan(0, i))));
            right[i] = (right[i] - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, i), right.AsSpan(0, i))) / lower[i][i];
        }
        for (var i = right.Length - 1; i >= 0; i--)
        {
            right[i] /= lower[i][i];
            for (var j = 0; j < i; j++)
                right[j] -= lower[i][j] * right[i];
        }
    }
}
