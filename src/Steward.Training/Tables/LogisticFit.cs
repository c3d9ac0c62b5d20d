using System.Numerics.Tensors;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>Multinomial logistic regression: a weighted sum of the features per class, and softmax over them.</summary>
internal sealed class LogisticFit : IFit
{
    private const int Piece = 2048;

    private readonly float[] _weights, _starts;

    private LogisticFit(float[] weights, float[] starts) => (_weights, _starts) = (weights, starts);

    public int Width => _starts.Length;

    /// <param name="features">Of the rows to learn from.</param>
    /// <param name="kinds">The class of each row.</param>
    /// <param name="count">How many classes there are.</param>
    /// <param name="l2">What a weight costs, in rows: the inverse of scikit-learn's C.</param>
    /// <param name="stop">Ends the training.</param>
    public static LogisticFit Of(Matrix features, int[] kinds, int count, double l2, CancellationToken stop)
    {
        // Per class its weights, then the start of all classes, which costs nothing.
        var (columns, rows) = (features.Columns, features.Rows);
        var x = new double[count * (columns + 1)];
        for (var k = 0; k < count; k++)
            x[(count * columns) + k] = Math.Log(Math.Max(kinds.Count(kind => kind == k), 1e-6) / rows);
        Lbfgs.Minimise(x, Loss, 500, 1e-6, stop);
        float[] weights = [.. x.Select(value => (float)value)];
        return new(weights[..(count * columns)], weights[(count * columns)..]);

        double Loss(double[] at, double[] gradient)
        {
            Array.Clear(gradient);
            var (fit, loss, gate) = (new LogisticFit([.. at.Take(count * columns).Select(value => (float)value)], [.. at.Skip(count * columns).Select(value => (float)value)]), 0.0, new Lock());
            Parallel.For(0, (rows + Piece - 1) / Piece, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
            {
                var (own, lost, shares) = (new double[gradient.Length], 0.0, new double[count]);
                var wide = new double[columns];
                for (var row = p * Piece; row < Math.Min(rows, (p + 1) * Piece); row++)
                {
                    fit.Shares(features.Row(row), shares);
                    lost -= Math.Log(Math.Max(shares[kinds[row]], 1e-300));
                    TensorPrimitives.ConvertTruncating<float, double>(features.Row(row), wide);
                    for (var k = 0; k < count; k++)
                    {
                        var miss = (shares[k] - (k == kinds[row] ? 1 : 0)) / rows;
                        own[(count * columns) + k] += miss;
                        var to = own.AsSpan(k * columns, columns);
                        TensorPrimitives.MultiplyAdd(wide, miss, to, to);
                    }
                }
                lock (gate)
                {
                    loss += lost / rows;
                    TensorPrimitives.Add(gradient, own, gradient);
                }
            });
            var cost = l2 / rows;
            for (var i = 0; i < count * columns; i++)
            {
                loss += 0.5 * cost * at[i] * at[i];
                gradient[i] += cost * at[i];
            }
            return loss;
        }
    }

    public float[] Of(Matrix features)
    {
        var answers = new float[features.Rows * Width];
        var shares = new double[Width];
        for (var row = 0; row < features.Rows; row++)
        {
            Shares(features.Row(row), shares);
            for (var k = 0; k < Width; k++)
                answers[(row * Width) + k] = (float)shares[k];
        }
        return answers;
    }

    public string Write(OnnxGraph graph, string features)
        => graph.Softmax(graph.Gemm(features, graph.Constant(OnnxTensor.Of(_weights, Width, _weights.Length / Width)), graph.Constant(OnnxTensor.Of(_starts)), transposed: true));

    private void Shares(ReadOnlySpan<float> row, double[] shares)
    {
        for (var k = 0; k < shares.Length; k++)
            shares[k] = _starts[k] + TensorPrimitives.Dot(row, _weights.AsSpan(k * row.Length, row.Length));
        var (most, sum) = (shares.Max(), 0.0);
        for (var k = 0; k < shares.Length; k++)
            sum += shares[k] = Math.Exp(shares[k] - most);
        for (var k = 0; k < shares.Length; k++)
            shares[k] /= sum;
    }
}
