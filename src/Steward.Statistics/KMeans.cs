using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>k-means clustering of float rows.</summary>
public static class KMeans
{
    /// <summary>
    /// Seeds by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's rounds until no row changes its cluster.
    /// Fewer clusters come back when there are fewer different rows.
    /// </summary>
    /// <param name="rows">Row-major table, rows × dimensions, finite numbers.</param>
    /// <param name="dimensions">Values per row.</param>
    /// <param name="clusters">Wanted clusters, at least 1.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="weights">One weight of at least 0 per row, such as its uncertainty; empty means 1 each.</param>
    /// <param name="maxRounds">At most so many rounds.</param>
    /// <exception cref="ArgumentException">No rows, not a whole number of rows, a value not finite, or not one weight per row.</exception>
    public static Clustering Of(
        ReadOnlySpan<float> rows, int dimensions, int clusters, Random random, ReadOnlySpan<float> weights = default, int maxRounds = 100)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        var count = Check.Rows(rows.Length, dimensions);
        if (count == 0) throw new ArgumentException("There are no rows to cluster.");
        Check.Finite(rows);
        if (!weights.IsEmpty) Check.SameLength(count, weights.Length);
        var weight = weights.IsEmpty ? [.. Enumerable.Repeat(1f, count)] : weights.ToArray();
        if (weight.Any(w => !(w >= 0))) throw new ArgumentException("A weight is negative or not a number.");

        var centres = KMeansSeeds.Of(rows, dimensions, clusters, weight, random);
        var labels = new int[count];
        Array.Fill(labels, -1);
        var distances = new double[count];
        for (var round = 0; round < maxRounds && Assign(rows, dimensions, centres, labels, distances); round++)
            Recentre(rows, dimensions, centres, labels, distances, weight);
        Assign(rows, dimensions, centres, labels, distances);
        return new(labels, centres, Medoids(centres.Length, labels, distances), distances.Zip(weight, (d, w) => d * w).Sum());
    }

    private static bool Assign(ReadOnlySpan<float> rows, int dimensions, float[][] centres, int[] labels, double[] distances)
    {
        var changed = false;
        for (var r = 0; r < labels.Length; r++)
        {
            var row = rows.Slice(r * dimensions, dimensions);
            var (best, nearest) = (0, double.PositiveInfinity);
            for (var c = 0; c < centres.Length; c++)
            {
                var distance = KMeansSeeds.Squared(row, centres[c]);
                if (distance < nearest) (best, nearest) = (c, distance);
            }
            changed |= labels[r] != best;
            (labels[r], distances[r]) = (best, nearest);
        }
        return changed;
    }

    private static void Recentre(
        ReadOnlySpan<float> rows, int dimensions, float[][] centres, int[] labels, double[] distances, float[] weight)
    {
        var sums = centres.Select(_ => new double[dimensions]).ToArray();
        var mass = new double[centres.Length];
        for (var r = 0; r < labels.Length; r++)
        {
            mass[labels[r]] += weight[r];
            for (var d = 0; d < dimensions; d++) sums[labels[r]][d] += weight[r] * (double)rows[r * dimensions + d];
        }
        for (var c = 0; c < centres.Length; c++)
        {
            if (mass[c] > 0)
            {
                for (var d = 0; d < dimensions; d++) centres[c][d] = (float)(sums[c][d] / mass[c]);
                continue;
            }
            // An empty cluster takes over the row that is worst served.
            var farthest = TensorPrimitives.IndexOfMax<double>(distances);
            centres[c] = rows.Slice(farthest * dimensions, dimensions).ToArray();
            distances[farthest] = 0;
        }
    }

    private static int[] Medoids(int clusters, int[] labels, double[] distances)
    {
        var medoids = new int[clusters];
        Array.Fill(medoids, -1);
        for (var r = 0; r < labels.Length; r++)
            if (medoids[labels[r]] is var m && (m < 0 || distances[r] < distances[m])) medoids[labels[r]] = r;
        return medoids;
    }
}

/// <summary>Rows sorted into clusters.</summary>
/// <param name="Labels">The cluster of each row, from 0.</param>
/// <param name="Centres">The mean of each cluster; one array of dimensions values each.</param>
/// <param name="Medoids">
/// The row of each cluster nearest to its centre, which is also the one with the least squared distance to all its rows; -1 for an empty cluster.
/// </param>
/// <param name="Inertia">Weighted sum of squared distances of the rows to their centres.</param>
public sealed record Clustering(int[] Labels, float[][] Centres, int[] Medoids, double Inertia);
