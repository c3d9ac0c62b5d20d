using System.Numerics.Tensors;
using Steward.Training;

namespace Steward.Bench;

/// <summary>The users' half of alternating least squares as one writes it first.</summary>
internal static class PlainAls
{
    public static float[] Users(Interactions taken, float[] items, int stride, int factors, float l2, float trust, int part, bool vectors)
    {
        var (all, matrix, right, solved) = (new float[factors * factors], new float[factors * factors], new float[factors], new float[taken.Users / part * factors]);
        for (var item = 0; item < taken.Items; item++)
            for (var i = 0; i < factors; i++)
                for (var j = 0; j < factors; j++)
                    all[(i * factors) + j] += items[(item * stride) + i] * items[(item * stride) + j];
        for (var user = 0; user + part <= taken.Users; user += part)
        {
            all.CopyTo(matrix, 0);
            Array.Clear(right);
            for (var i = 0; i < factors; i++)
                matrix[(i * factors) + i] += l2;
            var entries = taken.ByUser.Of(user);
            var weights = taken.ByUser.WeightsOf(user);
            for (var e = 0; e < entries.Length; e++)
            {
                var row = items.AsSpan(entries[e] * stride, factors);
                var more = trust * MathF.Log2(1 + weights[e]);
                for (var i = 0; i < factors; i++)
                {
                    right[i] += (1 + more) * row[i];
                    var to = matrix.AsSpan(i * factors, factors);
                    if (vectors)
                        TensorPrimitives.MultiplyAdd(row, more * row[i], to, to);
                    else
                        for (var j = 0; j < factors; j++)
                            to[j] += more * row[i] * row[j];
                }
            }
            Solve(matrix, right, factors);
            right.CopyTo(solved, user / part * factors);
        }
        return solved;
    }

    private static void Solve(float[] m, float[] right, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = m[(i * n) + j];
                for (var k = 0; k < j; k++)
                    sum -= m[(i * n) + k] * m[(j * n) + k];
                m[(i * n) + j] = i == j ? MathF.Sqrt(MathF.Max(sum, 1e-12f)) : sum / m[(j * n) + j];
            }
            var b = right[i];
            for (var k = 0; k < i; k++)
                b -= m[(i * n) + k] * right[k];
            right[i] = b / m[(i * n) + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
                right[i] -= m[(k * n) + i] * right[k];
            right[i] /= m[(i * n) + i];
        }
    }
}
