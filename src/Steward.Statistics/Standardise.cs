namespace Steward.Statistics;

/// <summary>Brings every dimension to mean 0 and deviation 1.</summary>
internal static class Standardise
{
    /// <summary>
    /// Mean and population standard deviation per dimension over the chosen rows, and those rows standardised. A
    /// dimension that never varied gets the others' mean deviation (1 if none varies), so that a change in it still counts.
    /// </summary>
    public static (float[] Mean, float[] Scale, float[] Rows) Rows(ReadOnlySpan<float> table, int dimensions, ReadOnlySpan<int> chosen)
    {
        double[] mean = new double[dimensions], square = new double[dimensions];
        foreach (var row in chosen)
            for (var d = 0; d < dimensions; d++) mean[d] += table[row * dimensions + d] / (double)chosen.Length;
        foreach (var row in chosen)
            for (var d = 0; d < dimensions; d++)
            {
                var off = table[row * dimensions + d] - mean[d];
                square[d] += off * off / chosen.Length;
            }
        var scale = new float[dimensions];
        var varying = square.Where((s, d) => Varies(s, mean[d])).Select(Math.Sqrt).DefaultIfEmpty(1).Average();
        for (var d = 0; d < dimensions; d++) scale[d] = (float)(Varies(square[d], mean[d]) ? Math.Sqrt(square[d]) : varying);
        var centre = Array.ConvertAll(mean, m => (float)m);
        var rows = new float[chosen.Length * dimensions];
        for (var r = 0; r < chosen.Length; r++)
            for (var d = 0; d < dimensions; d++)
                rows[r * dimensions + d] = (table[chosen[r] * dimensions + d] - centre[d]) / scale[d];
        return (centre, scale, rows);
    }

    // A constant's computed variance is rounding, not spread: floats carry seven digits.
    private static bool Varies(double square, double mean) => Math.Sqrt(square) > 1e-7 * Math.Abs(mean);
}
