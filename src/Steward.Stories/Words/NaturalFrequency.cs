using System.Globalization;

namespace Steward.Stories;

/// <summary>Which way a share is good news: rounding never helps it.</summary>
public enum Better
{
    /// <summary>Right answers, sure guesses.</summary>
    Higher,

    /// <summary>Mistakes, failed answers.</summary>
    Lower,
}

/// <summary>
/// Shares as people count them: 19 of 20 rather than 96 %. Counts out of one number are understood best by those who find
/// numbers hard (Gigerenzer and Hoffrage 1995; Garcia-Retamero and Galesic 2009). All shares that are compared get the
/// same number below the line.
/// </summary>
/// <param name="Counts">One for each share, in the order they were given.</param>
/// <param name="Of">The number below the line: 10, 20, 100 or 1000.</param>
public sealed record NaturalFrequency(IReadOnlyList<int> Counts, int Of)
{
    /// <summary>A count may be off from the share it tells by this much: 2.5 points.</summary>
    public const double Tolerance = 0.025;

    /// <summary>Shares are quotients of doubles; closer than this to a half or to a whole, they are it.</summary>
    private const double Exact = 1e-9;

    private static readonly int[] Sizes = [10, 20, 100, 1000];

    /// <summary>The smallest number below the line that tells every share of the group well enough.</summary>
    /// <param name="atMost">The largest number below the line that the reader or the picture can take.</param>
    /// <exception cref="ToldTooRoughlyException">A share is nearer to all or to none than a count can say.</exception>
    public static NaturalFrequency Tell(IReadOnlyList<double> shares, Better better, int atMost = 1000)
    {
        if (shares.Count == 0)
            throw new ArgumentException("There is no share to tell.", nameof(shares));
        if (shares.FirstOrDefault(share => share is not (>= 0 and <= 1), 0.5) is not 0.5 and var wrong)
            throw new ArgumentOutOfRangeException(nameof(shares), wrong, "A share lies between 0 and 1.");
        var sizes = Sizes.Where(size => size <= atMost).ToList();
        if (sizes.Count == 0)
            throw new ArgumentOutOfRangeException(nameof(atMost), atMost, "Shares are told out of 10 or more.");
        foreach (var size in sizes)
            if (shares.All(share => Off(share, size, better) <= Tolerance + Exact))
                return new([.. shares.Select(share => Nearest(share, size, better))], size);
        var worst = shares.MaxBy(share => Off(share, sizes[^1], better));
        throw new ToldTooRoughlyException(worst, Nearest(worst, sizes[^1], better), sizes[^1]);
    }

    /// <summary>The nearest count; a half falls against the good news, and all or none is said only of all or none.</summary>
    public static int Nearest(double share, int of, Better better)
    {
        var (exact, below) = (share * of, (int)Math.Floor((share * of) + Exact));
        var over = exact - below;
        var count = Math.Abs(over - 0.5) <= Exact ? (better == Better.Higher ? below : below + 1) : over > 0.5 ? below + 1 : below;
        return share <= Exact ? 0 : share >= 1 - Exact ? of : Math.Clamp(count, 1, of - 1);
    }

    private static double Off(double share, int of, Better better) => Math.Abs(((double)Nearest(share, of, better) / of) - share);
}

/// <summary>A share that no allowed count tells honestly. A story that needs it is refused with this reason.</summary>
public sealed class ToldTooRoughlyException(double share, int nearest, int of) : Exception(Reason(share, nearest, of))
{
    public double Share { get; } = share;

    public int Nearest { get; } = nearest;

    public int Of { get; } = of;

    private static string Reason(double share, int nearest, int of)
    {
        var off = 100 * Math.Abs(((double)nearest / of) - share);
        var extreme = nearest == of - 1 && share > (double)nearest / of ? $", and {of} out of {of} would say all" : nearest == 1 && share < 1.0 / of ? $", and 0 out of {of} would say none" : "";
        return string.Create(CultureInfo.InvariantCulture, $"A share of {100 * share:0.##} % cannot be told out of {of}: {nearest} out of {of} is {off:0.#} points off{extreme}.");
    }
}
