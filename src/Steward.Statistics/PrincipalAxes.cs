using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>The directions in which rows vary most.</summary>
internal static class PrincipalAxes
{
    // Gaps between neighbouring eigenvalues may be small; then any basis of their plane serves as well, so no test of convergence.
    private const int UsualRounds = 60;

    /// <summary>
    /// Up to <paramref name="count"/> orthonormal axes (each of length dimensions) of standardised rows and the variance
    /// along each, by orthogonal iteration on the covariance (Golub and Van Loan, section 8.2.4). Fewer when the rows span fewer.
    /// </summary>
    public static (float[][] Axes, double[] Variances) Of(float[] rows, int dimensions, int count, Random random, int rounds = UsualRounds)
    {
        var covariance = Covariance(rows, dimensions);
        var axes = new double[count][];
        for (var a = 0; a < count; a++)
        {
            axes[a] = new double[dimensions];
            for (var i = 0; i < dimensions; i++) axes[a][i] = random.NextDouble() - 0.5;
        }
        axes = Orthonormal(axes);
        for (var round = 0; round < rounds; round++) axes = Orthonormal([.. axes.AsParallel().AsOrdered().Select(axis => Times(covariance, axis))]);
        return ([.. axes.Select(axis => axis.Select(v => (float)v).ToArray())],
                [.. axes.Select(axis => TensorPrimitives.Dot<double>(axis, Times(covariance, axis)))]);
    }

    private static double[][] Covariance(float[] rows, int dimensions)
    {
        var n = rows.Length / dimensions;
        var columns = new float[dimensions][];
        for (var d = 0; d < dimensions; d++)
        {
            columns[d] = new float[n];
            for (var r = 0; r < n; r++) columns[d][r] = rows[r * dimensions + d];
        }
        var covariance = new double[dimensions][];
        for (var a = 0; a < dimensions; a++) covariance[a] = new double[dimensions];
        Parallel.For(0, dimensions, a =>
        {
            for (var b = 0; b <= a; b++)
                covariance[a][b] = covariance[b][a] = TensorPrimitives.Dot<float>(columns[a], columns[b]) / (double)n;
        });
        return covariance;
    }

    private static double[] Times(double[][] matrix, double[] vector)
    {
        var result = new double[matrix.Length];
        for (var i = 0; i < result.Length; i++) result[i] = TensorPrimitives.Dot<double>(matrix[i], vector);
        return result;
    }

    /// <summary>Modified Gram-Schmidt, twice, which is enough (Giraud et al. 2005); what depends on the others is dropped.</summary>
    private static double[][] Orthonormal(double[][] vectors)
    {
        var kept = new List<double[]>();
        foreach (var vector in vectors)
        {
            var before = TensorPrimitives.Norm<double>(vector);
            for (var pass = 0; pass < 2; pass++)
                foreach (var axis in kept)
                {
                    var along = TensorPrimitives.Dot<double>(vector, axis);
                    TensorPrimitives.MultiplyAdd(axis, -along, vector, vector);
                }
            var norm = TensorPrimitives.Norm<double>(vector);
            if (norm <= before * 1e-9 || norm < 1e-6) continue;
            TensorPrimitives.Divide(vector, norm, vector);
            kept.Add(vector);
        }
        return [.. kept];
    }
}
