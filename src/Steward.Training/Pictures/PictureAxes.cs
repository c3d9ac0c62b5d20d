namespace Steward.Training;

/// <summary>The directions in which pooled features vary most: a few hundred numbers say what thousands said, so heads are small
/// and six cost little more than one.</summary>
internal sealed class PictureAxes
{
    // Subspace iteration (Halko, Martinsson and Tropp, 2011): after two rounds the span is found, which is all a head needs.
    private const int Rounds = 2;

    // Wide axes are damped by the root of their spread's root, half-way between leaving them and whitening them away.
    private const double Damping = 0.25;

    private readonly float[] _matrix, _offset;

    private PictureAxes(float[] matrix, float[] offset) => (_matrix, _offset) = (matrix, offset);

    /// <summary>Numbers per picture afterwards.</summary>
    internal int Count => _offset.Length;

    /// <summary>Features per picture before.</summary>
    internal int Length => _matrix.Length / _offset.Length;

    /// <param name="rows">Features of some pictures; fewer axes come back when there are fewer rows than <paramref name="most"/>.</param>
    /// <param name="most">How many axes are wanted.</param>
    /// <param name="chance">Where the search starts.</param>
    /// <param name="stop">Ends it.</param>
    internal static PictureAxes Learn(float[][] rows, int most, Random chance, CancellationToken stop)
    {
        var (length, count) = (rows[0].Length, Math.Min(most, Math.Min(rows.Length, rows[0].Length)));
        var (centre, scale) = Standard(rows);
        var flat = new float[rows.Length * length];
        Parallel.For(0, rows.Length, r =>
        {
            for (var i = 0; i < length; i++)
                flat[(r * length) + i] = (rows[r][i] - centre[i]) * scale[i];
        });
        var axes = new float[count * length];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = chance.NextSingle() - 0.5f;

        using var onto = Product.WithSecondTurned();
        using var back = Product.WithFirstTurned();
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            Orthonormal(axes, length);
            axes = back.Of(onto.Of(flat, length, axes, length), count, flat, length);
        }
        Orthonormal(axes, length);
        var (matrix, offset) = Scaled(axes, onto.Of(flat, length, axes, length), centre, scale);
        return new(matrix, offset);
    }

    /// <summary>The rows along the axes; of training pictures their mean square is about one.</summary>
    internal float[][] Of(float[][] rows)
    {
        using var onto = Product.WithSecondTurned();
        return [.. rows.Chunk(1000).SelectMany(some =>
        {
            var along = onto.Of([.. some.SelectMany(row => row)], Length, _matrix, Length).Chunk(Count).ToArray();
            foreach (var row in along)
                Lanes.AddScaled(row, _offset, 1);
            return along;
        })];
    }

    /// <summary>Weights and biases that do to raw features what the given ones do along the axes.</summary>
    /// <param name="weights">Rows of <see cref="Count"/>.</param>
    /// <param name="biases">One per row.</param>
    internal (float[] Weights, float[] Biases) Folded(float[] weights, float[] biases)
    {
        var (folded, moved) = (new float[biases.Length * Length], (float[])biases.Clone());
        Parallel.For(0, biases.Length, row =>
        {
            var from = weights.AsSpan(row * Count, Count);
            moved[row] += Lanes.Dot(from, _offset);
            for (var a = 0; a < from.Length; a++)
                Lanes.AddScaled(folded.AsSpan(row * Length, Length), _matrix.AsSpan(a * Length, Length), from[a]);
        });
        return (folded, moved);
    }

    private static (float[] Centre, float[] Scale) Standard(float[][] rows)
    {
        var (centre, scale) = (new float[rows[0].Length], new float[rows[0].Length]);
        foreach (var row in rows)
            Lanes.AddScaled(centre, row, 1f / rows.Length);
        foreach (var row in rows)
            for (var i = 0; i < scale.Length; i++)
                scale[i] += (row[i] - centre[i]) * (row[i] - centre[i]) / rows.Length;
        for (var i = 0; i < scale.Length; i++)
            scale[i] = 1 / MathF.Sqrt(scale[i] + 1e-6f);
        return (centre, scale);
    }

    /// <summary>Modified Gram-Schmidt, in place.</summary>
    private static void Orthonormal(float[] axes, int length)
    {
        var count = axes.Length / length;
        for (var a = 0; a < count; a++)
        {
            var norm = 1 / MathF.Sqrt(Lanes.Dot(Axis(a), Axis(a)) + 1e-20f);
            foreach (ref var value in Axis(a))
                value *= norm;
            Parallel.For(a + 1, count, b => Lanes.AddScaled(Axis(b), Axis(a), -Lanes.Dot(Axis(a), Axis(b))));
        }

        Span<float> Axis(int a) => axes.AsSpan(a * length, length);
    }

    /// <summary>Standardisation and damping folded into the axes.</summary>
    /// <param name="axes">Orthonormal rows.</param>
    /// <param name="along">The standardised training rows along them.</param>
    private static (float[] Matrix, float[] Offset) Scaled(float[] axes, float[] along, float[] centre, float[] scale)
    {
        var (length, count) = (centre.Length, axes.Length / centre.Length);
        var squares = new double[count];
        for (var i = 0; i < along.Length; i++)
            squares[i % count] += (double)along[i] * along[i] * count / along.Length;
        double[] damp = [.. squares.Select(square => Math.Pow(square + 1e-9, -Damping / 2))];
        var size = Math.Sqrt(squares.Zip(damp, (square, factor) => square * factor * factor).Average() + 1e-12);
        var (matrix, offset) = (new float[axes.Length], new float[count]);
        for (var a = 0; a < count; a++)
        {
            double at = 0;
            for (var i = 0; i < length; i++)
            {
                var weight = matrix[(a * length) + i] = (float)(axes[(a * length) + i] * scale[i] * damp[a] / size);
                at -= weight * centre[i];
            }
            offset[a] = (float)at;
        }
        return (matrix, offset);
    }
}
