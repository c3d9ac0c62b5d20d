using System.Numerics;
using System.Runtime.InteropServices;

namespace Steward.Training;

/// <summary>Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019) for one array of weights.</summary>
/// <param name="decay">How much of a weight goes per unit of rate; 0 for biases.</param>
internal sealed class Adam(float[] weights, float decay)
{
    private const float Beta1 = 0.9f, Beta2 = 0.99f;
    private readonly float[] _first = new float[weights.Length];
    private readonly float[] _second = new float[weights.Length];

    /// <param name="gradient">One number per weight.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="turn">1 at the first call.</param>
    internal void Move(ReadOnlySpan<float> gradient, float rate, int turn)
    {
        var (step, fix, shrink) = (rate / (1 - MathF.Pow(Beta1, turn)), 1 / (1 - MathF.Pow(Beta2, turn)), rate * decay);
        var (wideStep, wideFix, wideShrink, tiny) = (new Vector<float>(step), new Vector<float>(fix), new Vector<float>(shrink), new Vector<float>(1e-8f));
        Span<Vector<float>> w = Wide(weights), m = Wide(_first), v = Wide(_second);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < g.Length; i++)
        {
            m[i] += (1 - Beta1) * (g[i] - m[i]);
            v[i] += (1 - Beta2) * ((g[i] * g[i]) - v[i]);
            w[i] -= (wideStep * m[i] / (Vector.SquareRoot(v[i] * wideFix) + tiny)) + (wideShrink * w[i]);
        }
        for (var i = g.Length * Vector<float>.Count; i < gradient.Length; i++)
        {
            _first[i] += (1 - Beta1) * (gradient[i] - _first[i]);
            _second[i] += (1 - Beta2) * ((gradient[i] * gradient[i]) - _second[i]);
            weights[i] -= (step * _first[i] / (MathF.Sqrt(_second[i] * fix) + 1e-8f)) + (shrink * weights[i]);
        }
    }

    private static Span<Vector<float>> Wide(float[] values) => MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
}
