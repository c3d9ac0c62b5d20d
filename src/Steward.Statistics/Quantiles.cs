namespace Steward.Statistics;

/// <summary>Quantiles by linear interpolation between order statistics (Hyndman and Fan's type 7, numpy's default).</summary>
public static class Quantiles
{
    /// <summary>The quantile at <paramref name="share"/> (0..1) of values that are already in ascending order.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty) throw new ArgumentException("A quantile needs at least one value.");
        var place = Math.Clamp(share, 0, 1) * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 == sorted.Length
            ? sorted[below]
            : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
