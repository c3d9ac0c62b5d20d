using System.Numerics.Tensors;

namespace Steward.Labeling.Heaps;

/// <summary>
/// What lies around a place, told so that turning the picture changes nothing: for rings around it brightness (against the
/// mean of all rings), two colours, how uneven and how steep it is.
/// </summary>
internal sealed class Rings
{
    private const int Furthest = 11;
    private readonly (int X, int Y)[][] _rings;
    private readonly float[] _weights;

    /// <param name="edges">Pixels: from each to the next is a ring.</param>
    /// <param name="brightness">What a deviation of each counts.</param>
    public Rings(float[] edges, float brightness, float colour, float texture)
    {
        _rings = [.. edges.Zip(edges.Skip(1), (from, to) => Offsets(from, to).ToArray())];
        _weights = [.. _rings.SelectMany(_ => new[] { brightness, colour, colour, texture, texture })];
    }

    /// <summary>Numbers per place.</summary>
    public int Length => _rings.Length * Look.Planes;

    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>One array of grid places for each number.</summary>
    public float[][] Of(Look look)
    {
        var all = new float[Length][];
        for (var r = 0; r < _rings.Length; r++)
        {
            var means = new float[Look.Planes][];
            for (var plane = 0; plane < Look.Planes; plane++)
                means[plane] = Mean(look, plane, _rings[r]);
            (all[(r * 5) + 0], all[(r * 5) + 1], all[(r * 5) + 2], all[(r * 5) + 4]) = (means[0], means[2], means[3], means[4]);
            var uneven = all[(r * 5) + 3] = means[1];
            for (var i = 0; i < uneven.Length; i++)
                uneven[i] = MathF.Sqrt(MathF.Max(0, uneven[i] - (means[0][i] * means[0][i])));
        }

        for (var i = 0; i < Words.Places; i++)
        {
            float middle = 0;
            for (var r = 0; r < _rings.Length; r++)
                middle += all[r * 5][i] / _rings.Length;
            for (var r = 0; r < _rings.Length; r++)
                all[r * 5][i] -= middle;
        }

        return all;
    }

    private static float[] Mean(Look look, int plane, (int X, int Y)[] ring)
    {
        var mean = new float[Words.Room];
        for (var row = 0; row < Look.Grid; row++)
        {
            var sum = mean.AsSpan(row * Look.Grid, Look.Grid);
            foreach (var (x, y) in ring)
                TensorPrimitives.Add(sum, look.Row(plane, row, x, y), sum);
        }

        TensorPrimitives.Divide(mean, ring.Length, mean);
        return mean;
    }

    private static IEnumerable<(int X, int Y)> Offsets(float from, float to)
        => from y in Enumerable.Range(-Furthest, (2 * Furthest) + 1)
           from x in Enumerable.Range(-Furthest, (2 * Furthest) + 1)
           let far = Math.Sqrt((x * x) + (y * y))
           where far >= @from && far < to
           select (x, y);
}
