using System.Numerics;
using System.Runtime.InteropServices;

namespace Steward.Training;

/// <summary>The two loops that training spends its time in, several numbers at once. Sums run in a fixed order, so on one
/// machine equal input gives equal bits.</summary>
internal static class Lanes
{
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        // Four sums hide the latency of the addition.
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= wideA.Length; i += 4)
        {
            s0 += wideA[i] * wideB[i];
            s1 += wideA[i + 1] * wideB[i + 1];
            s2 += wideA[i + 2] * wideB[i + 2];
            s3 += wideA[i + 3] * wideB[i + 3];
        }
        for (; i < wideA.Length; i++)
            s0 += wideA[i] * wideB[i];
        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (var k = wideA.Length * Vector<float>.Count; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }

    /// <summary>to += factor * from.</summary>
    internal static void AddScaled(Span<float> to, ReadOnlySpan<float> from, float factor)
    {
        var wideTo = MemoryMarshal.Cast<float, Vector<float>>(to);
        var wideFrom = MemoryMarshal.Cast<float, Vector<float>>(from);
        var wide = new Vector<float>(factor);
        for (var i = 0; i < wideTo.Length; i++)
            wideTo[i] += wide * wideFrom[i];
        for (var k = wideTo.Length * Vector<float>.Count; k < to.Length; k++)
            to[k] += factor * from[k];
    }
}
