namespace Steward.Tuning;

/// <summary>Says which point to try next.</summary>
public interface ISampler
{
    /// <param name="number">Of the trial, from 0: the same number after the same trials gives the same point.</param>
    /// <param name="told">The trials that are done, in their order.</param>
    /// <returns>One value per parameter.</returns>
    double[] Next(int number, IReadOnlyList<Trial> told);
}

/// <param name="Point">One value per parameter.</param>
/// <param name="Loss">Less is better; NaN is the worst.</param>
public sealed record Trial(double[] Point, double Loss);

/// <summary>The chance of one trial.</summary>
internal static class Chance
{
    /// <summary>Neighbouring seeds give alike first numbers, so they are mixed (SplitMix64, Steele et al. 2014).</summary>
    public static Random Of(int seed, int number)
    {
        var z = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return new Random((int)(z ^ (z >> 31)));
    }
}
