using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>
/// Rows placed by who their neighbours are instead of by their own numbers: heaps that touch or bend come apart, and
/// k-means finds them (Ng, Jordan and Weiss 2002, with the local scales of Zelnik-Manor and Perona 2004).
/// </summary>
public static class SpectralEmbedding
{
    private const int ScaleNeighbour = 6, Rounds = 150;

    /// <summary>One row of unit length for each row; at most <paramref name="dimensions"/> numbers.</summary>
    /// <param name="rows">Finite numbers; distances between them mean something.</param>
    /// <param name="dimensions">About as many as there are heaps to tell apart.</param>
    /// <param name="neighbours">How many of its nearest a row is tied to.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="stop">Looked at once per row: n rows take n²/2 distances.</param>
    public static float[][] Of(IReadOnlyList<float[]> rows, int dimensions, int neighbours, Random random, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        Check.Table(rows);
        var ties = Ties(rows, Math.Min(neighbours, rows.Count - 1), stop);
        var axes = new float[Math.Min(dimensions, rows.Count)][];
        for (var a = 0; a < axes.Length; a++)
            axes[a] = [.. Enumerable.Range(0, rows.Count).Select(_ => random.NextSingle() - 0.5f)];
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            Parallel.For(0, axes.Length, a => axes[a] = Spread(ties, axes[a]));
            Straighten(axes);
        }

        return [.. Enumerable.Range(0, rows.Count).Select(r => Unit([.. axes.Select(axis => axis[r])]))];
    }

    /// <summary>To whom each row is tied and how strongly, both ways alike, divided by how tied both are.</summary>
    private static (int To, float Weight)[][] Ties(IReadOnlyList<float[]> rows, int count, CancellationToken stop)
    {
        var nearest = new (int To, float Far)[rows.Count][];
        var whole = rows.Select(row => TensorPrimitives.SumOfSquares<float>(row)).ToArray();
        Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = stop }, r =>
        {
            var far = new float[rows.Count];
            var order = new int[rows.Count];
            for (var o = 0; o < far.Length; o++)
                (far[o], order[o]) = (o == r ? float.PositiveInfinity : Math.Max(0, whole[r] + whole[o] - (2 * TensorPrimitives.Dot<float>(rows[r], rows[o]))), o);
            Array.Sort(far, order);
            nearest[r] = [.. Enumerable.Range(0, count).Select(k => (order[k], MathF.Sqrt(far[k])))];
        });
        var scale = Array.ConvertAll(nearest, near => near.Length == 0 ? 1 : near[Math.Min(ScaleNeighbour, near.Length - 1)].Far + 1e-6f);
        var ties = Enumerable.Range(0, rows.Count).Select(_ => new SortedDictionary<int, float>()).ToArray();
        for (var r = 0; r < nearest.Length; r++)
            foreach (var (to, far) in nearest[r])
                ties[r][to] = ties[to][r] = MathF.Exp(-far * far / (scale[r] * scale[to]));
        var degree = Array.ConvertAll(ties, near => MathF.Sqrt(near.Values.Sum() + 1e-9f));
        return [.. ties.Select((near, r) => near.Select(tie => (tie.Key, tie.Value / (degree[r] * degree[tie.Key]))).ToArray())];
    }

    /// <summary>Half a step towards the neighbours: all eigenvalues are above zero, so the widest axes are the smoothest ones.</summary>
    private static float[] Spread((int To, float Weight)[][] ties, float[] axis)
    {
        var next = (float[])axis.Clone();
        for (var r = 0; r < next.Length; r++)
            foreach (var (to, weight) in ties[r])
                next[r] += weight * axis[to];
        return next;
    }

    /// <summary>Modified Gram-Schmidt, twice.</summary>
    private static void Straighten(float[][] axes)
    {
        for (var a = 0; a < axes.Length; a++)
        {
            for (var pass = 0; pass < 2; pass++)
                for (var b = 0; b < a; b++)
                    TensorPrimitives.MultiplyAdd(axes[b], -TensorPrimitives.Dot<float>(axes[a], axes[b]), axes[a], axes[a]);
            axes[a] = Unit(axes[a]);
        }
    }

    private static float[] Unit(float[] row)
    {
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row) + 1e-9f, row);
        return row;
    }
}
