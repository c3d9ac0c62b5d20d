using System.Numerics.Tensors;

namespace Steward.Statistics;

/// <summary>Turns an embedding into the few numbers whose means are compared.</summary>
internal sealed class EmbeddingFeatures(float[] mean, float[] scale, float[][] axes, double[] spread)
{
    // Beyond six deviations a row counts as six: one broken row cannot raise an alarm for a whole window.
    private const double Furthest = 6;

    public int Width => 2 * axes.Length + 1;

    /// <summary>
    /// Per row: k places along the axes, in deviations (they move when the mean shifts), their k sizes (they move when
    /// the spread changes), and the length of what the axes leave over per √d (it moves when something new appears).
    /// Also the squared distance along the axes and off them, unclipped.
    /// </summary>
    public (double[] Features, double Along, double Off) Of(ReadOnlySpan<float> embedding)
    {
        var row = new float[mean.Length];
        TensorPrimitives.Subtract(embedding, mean, row);
        TensorPrimitives.Divide(row, scale, row);
        var features = new double[Width];
        double off = TensorPrimitives.SumOfSquares<float>(row), along = 0;
        for (var a = 0; a < axes.Length; a++)
        {
            double place = TensorPrimitives.Dot<float>(row, axes[a]), deviations = place / spread[a];
            off -= place * place;
            along += deviations * deviations;
            features[a] = Math.Clamp(deviations, -Furthest, Furthest);
            features[axes.Length + a] = Math.Abs(features[a]);
        }
        off = axes.Length == mean.Length ? 0 : Math.Max(off, 0);
        features[^1] = Math.Min(Math.Sqrt(off / mean.Length), Furthest);
        return (features, along, off);
    }
}
