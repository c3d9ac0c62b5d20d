using System.Numerics.Tensors;

namespace Steward.Statistics.Tests.Teaching;

/// <summary>
/// Multinomial logistic regression with half the squared weights as price, which is what scikit-learn's does with C = 1, by
/// accelerated gradient steps (Nesterov 1983) from where it stood the last time.
/// </summary>
internal sealed class Learner(int length, int kinds)
{
    private const int Steps = 120;
    private readonly float[][] _weights = [.. Enumerable.Range(0, kinds).Select(_ => new float[length + 1])];

    public void Learn(IReadOnlyList<float[]> rows, IReadOnlyList<int> labels)
    {
        // An upper bound of the curvature: half the largest eigenvalue of the rows' scatter, by its trace.
        var step = 1 / (1 + (0.5f * Largest(rows)));
        var before = _weights.Select(w => (float[])w.Clone()).ToArray();
        var look = _weights.Select(w => (float[])w.Clone()).ToArray();
        for (var turn = 1; turn <= Steps; turn++)
        {
            var slope = Slope(look, rows, labels);
            for (var k = 0; k < kinds; k++)
            {
                TensorPrimitives.MultiplyAdd(slope[k], -step, look[k], _weights[k]);
                for (var i = 0; i <= length; i++)
                    look[k][i] = _weights[k][i] + ((turn - 1f) / (turn + 2) * (_weights[k][i] - before[k][i]));
                _weights[k].CopyTo(before[k], 0);
            }
        }
    }

    public float[] Probabilities(float[] row) => Probabilities(_weights, row);

    public int Answer(float[] row) => TensorPrimitives.IndexOfMax<float>(Probabilities(row));

    private float[] Probabilities(float[][] weights, float[] row)
    {
        var p = Array.ConvertAll(weights, w => TensorPrimitives.Dot<float>(w.AsSpan(0, length), row) + w[length]);
        TensorPrimitives.SoftMax<float>(p, p);
        return p;
    }

    private float[][] Slope(float[][] weights, IReadOnlyList<float[]> rows, IReadOnlyList<int> labels)
    {
        var slope = weights.Select(w => (float[])w.Clone()).ToArray();
        foreach (var w in slope)
            w[length] = 0;
        for (var r = 0; r < rows.Count; r++)
        {
            var p = Probabilities(weights, rows[r]);
            p[labels[r]]--;
            for (var k = 0; k < kinds; k++)
            {
                TensorPrimitives.MultiplyAdd(rows[r], p[k], slope[k].AsSpan(0, length), slope[k].AsSpan(0, length));
                slope[k][length] += p[k];
            }
        }

        return slope;
    }

    /// <summary>The largest eigenvalue of the scatter of rows with a one at their end, by power iteration, and a tenth on top.</summary>
    private float Largest(IReadOnlyList<float[]> rows)
    {
        var axis = Enumerable.Repeat(1f, length + 1).ToArray();
        float size = 0;
        for (var turn = 0; turn < 10; turn++)
        {
            var next = new float[length + 1];
            foreach (var row in rows)
            {
                var along = TensorPrimitives.Dot<float>(row, axis.AsSpan(0, length)) + axis[length];
                TensorPrimitives.MultiplyAdd(row, along, next.AsSpan(0, length), next.AsSpan(0, length));
                next[length] += along;
            }

            size = TensorPrimitives.Norm<float>(next);
            TensorPrimitives.Divide(next, size, axis);
        }

        return 1.1f * size;
    }
}
