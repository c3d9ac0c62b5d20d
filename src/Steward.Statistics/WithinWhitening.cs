using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>
/// A measure of distance learned from examples of what does not matter: several rows of the same thing (views of a picture)
/// differ only by chance, so directions in which they differ much count little afterwards. This is the inner half of linear
/// discriminant analysis (Fisher 1936), which needs no names.
/// </summary>
public sealed class WithinWhitening
{
    private readonly Cholesky _root;

    private WithinWhitening(Cholesky root) => _root = root;

    /// <param name="groups">Rows of one thing each; groups of one row say nothing.</param>
    /// <param name="shrinkage">How much of the mean variance is added to every direction: few examples know little about each.</param>
    /// <exception cref="ArgumentException">No rows, or rows of different lengths.</exception>
    public static WithinWhitening Of(IReadOnlyList<float[][]> groups, double shrinkage)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shrinkage);
        var dimensions = Check.Table([.. groups.SelectMany(group => group)]);
        var deviations = groups.SelectMany(group => Deviations(group, dimensions)).ToList();
        var columns = new float[dimensions][];
        for (var d = 0; d < dimensions; d++)
            columns[d] = [.. deviations.Select(row => row[d])];
        var covariance = new double[dimensions][];
        Parallel.For(0, dimensions, a =>
        {
            covariance[a] = new double[dimensions];
            for (var b = 0; b <= a; b++)
                covariance[a][b] = TensorPrimitives.Dot<float>(columns[a], columns[b]) / (double)deviations.Count;
        });
        var mean = Enumerable.Range(0, dimensions).Average(d => covariance[d][d]);
        return new(new(covariance, mean > 0 ? shrinkage * mean : 1));
    }

    /// <summary>The row where distances mean the same in every direction.</summary>
    public float[] Whiten(ReadOnlySpan<float> row)
    {
        var whole = new double[row.Length];
        for (var d = 0; d < whole.Length; d++) whole[d] = row[d];
        _root.Whiten(whole);
        return Array.ConvertAll(whole, value => (float)value);
    }

    private static IEnumerable<float[]> Deviations(float[][] group, int dimensions)
    {
        var mean = new float[dimensions];
        foreach (var row in group)
            TensorPrimitives.MultiplyAdd(row, 1f / group.Length, mean, mean);
        foreach (var row in group)
        {
            var deviation = new float[dimensions];
            TensorPrimitives.Subtract(row, mean, deviation);
            yield return deviation;
        }
    }
}
