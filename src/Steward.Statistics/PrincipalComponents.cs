using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>Long rows made short: places along the directions in which rows vary most.</summary>
public sealed class PrincipalComponents
{
    // Enough for a basis of the widest directions; which of two equally wide ones comes first does not matter here.
    private const int Rounds = 25;
    private readonly float[] _mean;
    private readonly float[][] _axes;

    private PrincipalComponents(float[] mean, float[][] axes) => (_mean, _axes) = (mean, axes);

    /// <summary>Numbers of a short row.</summary>
    public int Dimensions => _axes.Length;

    /// <summary>Learns at most so many directions; fewer when the rows span fewer.</summary>
    /// <exception cref="ArgumentException">No rows, or rows of different lengths.</exception>
    public static PrincipalComponents Of(IReadOnlyList<float[]> rows, int most, Random random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var dimensions = Check.Table(rows);
        var mean = new float[dimensions];
        foreach (var row in rows)
            TensorPrimitives.MultiplyAdd(row, 1f / rows.Count, mean, mean);
        var centred = new float[rows.Count * dimensions];
        for (var r = 0; r < rows.Count; r++)
            TensorPrimitives.Subtract(rows[r], mean, centred.AsSpan(r * dimensions, dimensions));
        var (axes, _) = PrincipalAxes.Of(centred, dimensions, Math.Min(most, dimensions), random, Rounds);
        // Rows that are all alike vary in no direction; then one is as good as another.
        return new(mean, axes.Length > 0 ? axes : [[1, .. new float[dimensions - 1]]]);
    }

    public float[] Shorten(ReadOnlySpan<float> row)
    {
        var centred = new float[_mean.Length];
        TensorPrimitives.Subtract(row, _mean, centred);
        return Array.ConvertAll(_axes, axis => TensorPrimitives.Dot<float>(axis, centred));
    }
}
