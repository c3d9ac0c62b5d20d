using System.Runtime.InteropServices;

namespace Steward.Serving;

/// <summary>Counts by duration: eight bins per doubling of microseconds, so a quantile is off by 9 % at most.</summary>
internal static class Durations
{
    public const int Bins = 24 * 8;

    public static int Bin(long micros) => Math.Clamp((int)(Math.Log2(Math.Max(1, micros)) * 8), 0, Bins - 1);

    /// <summary>Milliseconds that a share of the counts took at most; null without counts.</summary>
    public static double? Quantile(ReadOnlySpan<long> bins, double share)
    {
        var count = Count(bins);
        if (count == 0)
            return null;
        var left = (long)Math.Ceiling(count * share);
        var bin = 0;
        while ((left -= bins[bin]) > 0)
            bin++;
        return Middle(bin);
    }

    /// <summary>How many took longer than so many milliseconds.</summary>
    public static long Above(ReadOnlySpan<long> bins, double millis)
    {
        var above = 0L;
        for (var bin = 0; bin < bins.Length; bin++)
            if (Middle(bin) > millis)
                above += bins[bin];
        return above;
    }

    public static long Count(ReadOnlySpan<long> bins)
    {
        var count = 0L;
        foreach (var one in bins)
            count += one;
        return count;
    }

    public static byte[] Pack(long[] bins) => MemoryMarshal.AsBytes(Array.ConvertAll(bins, bin => (int)Math.Min(bin, int.MaxValue)).AsSpan()).ToArray();

    public static long[] Unpack(byte[] bytes) => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), bin => (long)bin);

    private static double Middle(int bin) => Math.Pow(2, (bin + 0.5) / 8) / 1000;
}
