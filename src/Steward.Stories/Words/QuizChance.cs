using System.Numerics;

namespace Steward.Stories;

/// <summary>How likely blind guessing passes: of all ways to tick a sheet, how many pass. Counted, not estimated.</summary>
/// <param name="Passing">Sheets with enough right answers and every must-know among them.</param>
/// <param name="Sheets">All sheets.</param>
public sealed record QuizChance(BigInteger Passing, BigInteger Sheets)
{
    /// <summary>To pass takes this many of six, and every must-know.</summary>
    public const int Items = 6;
    public const int Need = 5;

    public double Once => (double)Passing / (double)Sheets;

    /// <summary>To pass at least once in so many independent tries.</summary>
    public double In(int tries) => 1 - Math.Pow(1 - Once, tries);

    public static QuizChance Of(int mustKnow, int items = Items, int need = Need, int options = QuizLint.Options)
    {
        if (mustKnow < 0 || mustKnow > items || need < 0 || need > items || options < 1)
            throw new ArgumentOutOfRangeException(nameof(mustKnow), $"No quiz has {items} items with {options} options, {mustKnow} must-knows and {need} to be right.");
        var free = items - mustKnow;
        var passing = BigInteger.Zero;
        var ways = BigInteger.One;
        for (var right = 0; right <= free; right++)
        {
            if (right + mustKnow >= need)
                passing += ways * BigInteger.Pow(options - 1, free - right);
            ways = ways * (free - right) / (right + 1);
        }
        return new(passing, BigInteger.Pow(options, items));
    }
}
