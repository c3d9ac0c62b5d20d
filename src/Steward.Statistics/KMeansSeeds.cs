using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>First centres for k-means: each next one is a row drawn in proportion to weight · squared distance to the nearest so far.</summary>
internal static class KMeansSeeds
{
    public static float[][] Of(ReadOnlySpan<float> rows, int dimensions, int clusters, float[] weight, Random random)
    {
        var chance = Array.ConvertAll(weight, w => (double)w);
        var nearest = new double[weight.Length];
        Array.Fill(nearest, double.PositiveInfinity);
        var centres = new List<float[]> { rows.Slice(Draw(chance, random) * dimensions, dimensions).ToArray() };
        while (true)
        {
            for (var r = 0; r < nearest.Length; r++)
            {
                nearest[r] = Math.Min(nearest[r], Squared(rows.Slice(r * dimensions, dimensions), centres[^1]));
                chance[r] = nearest[r] * weight[r];
            }
            if (centres.Count == clusters || chance.Sum() <= 0) return [.. centres];
            centres.Add(rows.Slice(Draw(chance, random) * dimensions, dimensions).ToArray());
        }
    }

    public static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }

    private static int Draw(double[] chance, Random random)
    {
        var left = random.NextDouble() * chance.Sum();
        for (var r = 0; r < chance.Length; r++)
            if (chance[r] > 0 && (left -= chance[r]) < 0) return r;
        return Math.Max(Array.FindLastIndex(chance, c => c > 0), 0); // rounding left a crumb, or all weights are zero
    }
}
