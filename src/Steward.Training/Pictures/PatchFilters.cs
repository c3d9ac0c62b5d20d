namespace Steward.Training;

/// <summary>Small patterns that pictures are made of, found without labels: patches are normalised and whitened, then clustered
/// by direction. Source: Coates and Ng, "Learning Feature Representations with K-means" (2012).</summary>
/// <param name="Weights">Count x 3 x Size x Size, ready for a convolution over normalised patches; each sums to nothing.</param>
/// <param name="Biases">Count: what whitening takes off the mean patch.</param>
internal sealed record PatchFilters(int Count, float[] Weights, float[] Biases)
{
    /// <summary>Pixels along a patch's edge.</summary>
    internal const int Size = 6;

    /// <summary>Numbers in a patch, ordered colour, row, column as a convolution's weights are.</summary>
    internal const int Length = 3 * Size * Size;

    /// <summary>Added to a patch's variance (colours of 0 to 1), so that flat patches do not become noise: about 10 of 255 steps, squared.</summary>
    internal const float Flat = 0.0015f;

    // Added to the covariance of normalised patches (whose variances are near one): noise lives below it.
    private const double Quiet = 0.03;
    private const int Patches = 16_000;
    private const int Rounds = 8;

    /// <param name="pictures">Squares of RGB bytes.</param>
    /// <param name="side">Pixels along their edges.</param>
    /// <param name="count">How many patterns to find.</param>
    /// <param name="chance">Chooses the patches.</param>
    /// <param name="stop">Ends the search.</param>
    internal static PatchFilters Learn(IReadOnlyList<byte[]> pictures, int side, int count, Random chance, CancellationToken stop)
    {
        var patches = Enumerable.Range(0, Patches).Select(_ => Normalised(pictures[chance.Next(pictures.Count)], side, chance)).ToArray();
        var mean = Mean(patches);
        var root = Root(patches, mean);
        Parallel.ForEach(patches, patch => Whiten(patch, mean, root));
        var centres = Cluster(patches, count, chance, stop);

        var (weights, biases) = (new float[count * Length], new float[count]);
        for (var k = 0; k < count; k++)
            Unwhiten(centres[k], mean, root, weights.AsSpan(k * Length, Length), ref biases[k]);
        return new(count, weights, biases);
    }

    private static float[] Normalised(byte[] picture, int side, Random chance)
    {
        var room = side - Size + 1;
        var (left, top) = (chance.Next(room), chance.Next(room));
        var patch = new float[Length];
        for (var i = 0; i < Length; i++)
            patch[i] = picture[((((top + (i / Size % Size)) * side) + left + (i % Size)) * 3) + (i / Size / Size)] / 255f;
        var mean = patch.Average();
        var spread = MathF.Sqrt(patch.Sum(value => (value - mean) * (value - mean)) / Length + Flat);
        for (var i = 0; i < Length; i++)
            patch[i] = (patch[i] - mean) / spread;
        return patch;
    }

    private static float[] Mean(float[][] patches)
    {
        var mean = new float[Length];
        foreach (var patch in patches)
            Lanes.AddScaled(mean, patch, 1f / patches.Length);
        return mean;
    }

    /// <summary>The lower Cholesky factor L of the covariance. L⁻¹ whitens as well as the symmetric root does: the two differ by a
    /// rotation, and clustering by direction does not see rotations.</summary>
    private static double[,] Root(float[][] patches, float[] mean)
    {
        var root = new double[Length, Length];
        Parallel.For(0, Length, row =>
        {
            for (var column = 0; column <= row; column++)
            {
                double sum = 0;
                foreach (var patch in patches)
                    sum += (patch[row] - mean[row]) * (patch[column] - mean[column]);
                root[row, column] = (sum / patches.Length) + (row == column ? Quiet : 0);
            }
        });
        for (var row = 0; row < Length; row++)
            for (var column = 0; column <= row; column++)
            {
                var sum = root[row, column];
                for (var k = 0; k < column; k++)
                    sum -= root[row, k] * root[column, k];
                root[row, column] = row == column ? Math.Sqrt(sum) : sum / root[column, column];
            }
        return root;
    }

    /// <summary>Solves L y = x - mean in place.</summary>
    private static void Whiten(float[] patch, float[] mean, double[,] root)
    {
        for (var row = 0; row < Length; row++)
        {
            double sum = patch[row] - mean[row];
            for (var k = 0; k < row; k++)
                sum -= root[row, k] * patch[k];
            patch[row] = (float)(sum / root[row, row]);
        }
    }

    /// <summary>The weights w with w·x + bias = centre·L⁻¹(x - mean): solves Lᵀ w = centre. Their mean may go, normalised patches have none.</summary>
    private static void Unwhiten(float[] centre, float[] mean, double[,] root, Span<float> weights, ref float bias)
    {
        for (var row = Length - 1; row >= 0; row--)
        {
            double sum = centre[row];
            for (var k = row + 1; k < Length; k++)
                sum -= root[k, row] * weights[k];
            weights[row] = (float)(sum / root[row, row]);
        }
        bias = -Lanes.Dot(weights, mean);
        float middle = 0;
        foreach (var weight in weights)
            middle += weight / Length;
        foreach (ref var weight in weights)
            weight -= middle;
    }

    private static float[][] Cluster(float[][] patches, int count, Random chance, CancellationToken stop)
    {
        var centres = Enumerable.Range(0, count).Select(_ => Unit((float[])patches[chance.Next(patches.Length)].Clone())).ToArray();
        var nearest = new (int Centre, float Likeness)[patches.Length];
        for (var round = 0; round < Rounds; round++)
        {
            Parallel.For(0, patches.Length, new ParallelOptions { CancellationToken = stop }, i => nearest[i] = Nearest(patches[i], centres));
            var sums = Enumerable.Range(0, count).Select(_ => new float[Length]).ToArray();
            for (var i = 0; i < patches.Length; i++)
                Lanes.AddScaled(sums[nearest[i].Centre], patches[i], nearest[i].Likeness);
            for (var k = 0; k < count; k++)
                centres[k] = Unit(Lanes.Dot(sums[k], sums[k]) > 0 ? sums[k] : (float[])patches[chance.Next(patches.Length)].Clone());
        }
        return centres;
    }

    private static (int, float) Nearest(float[] patch, float[][] centres)
    {
        var (best, likeness) = (0, float.MinValue);
        for (var k = 0; k < centres.Length; k++)
            if (Lanes.Dot(patch, centres[k]) is var dot && dot > likeness)
                (best, likeness) = (k, dot);
        return (best, likeness);
    }

    private static float[] Unit(float[] direction)
    {
        var length = MathF.Sqrt(Lanes.Dot(direction, direction)) + 1e-9f;
        for (var i = 0; i < direction.Length; i++)
            direction[i] /= length;
        return direction;
    }
}
