namespace Steward.Statistics;

/// <summary>The gamma function's logarithm and the regularised incomplete gamma function, from which p-values come.</summary>
public static class GammaFunction
{
    // Lanczos' series with g = 7 and nine terms (Godfrey 2001): about fifteen digits for every positive argument.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x > 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is not above zero.</exception>
    public static double Log(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - Log(1 - x);
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x - 1 + i);
        var t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    /// <summary>
    /// Q(a, x) = Γ(a, x) / Γ(a), the share of a gamma distribution of that shape (scale 1) that lies above x.
    /// Series below a + 1, Lentz' continued fraction above, so that the small tail keeps its relative precision
    /// (Press et al., Numerical Recipes, 3rd edition, section 6.2).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not above zero.</exception>
    public static double UpperTail(double a, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        if (double.IsNaN(x)) return double.NaN;
        if (x <= 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        var front = Math.Exp(a * Math.Log(x) - x - Log(a));
        return x < a + 1 ? 1 - front * Series(a, x) : front * Fraction(a, x);
    }

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (var n = a + 1; term > sum * 1e-17; n++) sum += term *= x / n;
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
        for (var i = 1; i < 100_000; i++)
        {
            var an = i * (a - i);
            b += 2;
            d = 1 / (an * d + b);
            c = b + an / c;
            var change = c * d;
            h *= change;
            if (Math.Abs(change - 1) < 1e-15) break;
        }
        return h;
    }
}
