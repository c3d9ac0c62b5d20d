namespace Steward.Statistics;

/// <summary>The two-sample Kolmogorov-Smirnov test; NaN and infinities are left out.</summary>
public static class KolmogorovSmirnov
{
    // Up to here the exact count takes less than a second; scipy's ks_2samp changes over at the same size.
    private const int LargestExact = 10_000;

    /// <summary>
    /// The largest distance of the two empirical distribution functions, 0..1, and its two-sided p-value: exact up to
    /// 10 000 values a side, Kolmogorov's limit above. With ties (few distinct values) the p-value is too large, never too small.
    /// </summary>
    /// <exception cref="ArgumentException">A sample has no finite value.</exception>
    public static TestResult Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] first = Sorted(reference), second = Sorted(current);
        var distance = Distance(first, second);
        return new(distance, Math.Max(first.Length, second.Length) <= LargestExact
            ? Exact(distance, first.Length, second.Length)
            : Limit(distance, first.Length, second.Length));
    }

    /// <summary>
    /// P(D ≥ distance) for n and m values without ties. Shuffled together, the two samples are a random walk on a grid;
    /// this adds up what first steps outside the band. All terms are positive, so tiny p-values keep their digits.
    /// </summary>
    public static double Exact(double distance, int n, int m)
    {
        if (distance <= 0) return 1;
        // A point is outside when |i/n - j/m| ≥ distance; half a grid step absorbs rounding of the quotient.
        var bound = Math.Round(distance * n * m) - 0.5;
        var inside = new double[m + 2];
        inside[0] = 1;
        double outside = 0, shift = (double)m / n, reach = bound / n;
        for (var i = 0; i <= n; i++)
        {
            int from = Math.Max(0, (int)Math.Ceiling(i * shift - reach)), to = Math.Min(m, (int)Math.Floor(i * shift + reach));
            var below = Math.Max(0, (int)Math.Ceiling((i + 1) * shift - reach));
            for (var j = from; j <= to; j++)
            {
                double mass = inside[j], left = n - i + m - j;
                if (left == 0) return Math.Min(1, outside);
                double right = mass * (m - j) / left, up = mass * (n - i) / left;
                if (j == to) outside += right;
                else inside[j + 1] += right;
                if (j < below) { outside += up; up = 0; }
                inside[j] = up;
            }
        }
        return Math.Min(1, outside);
    }

    /// <summary>Kolmogorov's limit 2 Σ (-1)^(k-1) exp(-2k²λ²) with λ = distance·√(nm/(n+m)).</summary>
    public static double Limit(double distance, int n, int m)
    {
        var lambda = distance * Math.Sqrt((double)n * m / ((double)n + m));
        if (lambda < 0.2) return 1; // the series alternates without end here, and 1 is right to 1e-12
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            var term = 2 * Math.Exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
            if (term < sum * 1e-17) break;
        }
        return Math.Clamp(sum, 0, 1);
    }

    private static double Distance(double[] first, double[] second)
    {
        long largest = 0, n = first.Length, m = second.Length;
        for (int i = 0, j = 0; i < n && j < m;)
        {
            var value = Math.Min(first[i], second[j]);
            while (i < n && first[i] == value) i++;
            while (j < m && second[j] == value) j++;
            largest = Math.Max(largest, Math.Abs(i * m - j * n));
        }
        return largest / ((double)n * m);
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var kept = values.ToArray().Where(double.IsFinite).ToArray();
        if (kept.Length == 0) throw new ArgumentException("A sample has no finite value.");
        Array.Sort(kept);
        return kept;
    }
}
