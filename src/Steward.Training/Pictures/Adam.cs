namespace Steward.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019) for one row of weights and its bias.</summary>
internal sealed class Adam(int length)
{
    private const float Beta1 = 0.9f, Beta2 = 0.99f;
    private readonly float[] _first = new float[length];
    private readonly float[] _second = new float[length];

    /// <param name="weights">Moved in place.</param>
    /// <param name="bias">Moved too, without decay.</param>
    /// <param name="gradient">One number per weight, the bias last.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="decay">How much of a weight goes per unit of rate.</param>
    /// <param name="turn">1 at the first call.</param>
    internal void Move(float[] weights, ref float bias, float[] gradient, float rate, float decay, int turn)
    {
        var (fix1, fix2) = (1 / (1 - MathF.Pow(Beta1, turn)), 1 / (1 - MathF.Pow(Beta2, turn)));
        for (var i = 0; i < gradient.Length; i++)
        {
            _first[i] += (1 - Beta1) * (gradient[i] - _first[i]);
            _second[i] += (1 - Beta2) * ((gradient[i] * gradient[i]) - _second[i]);
            var step = rate * _first[i] * fix1 / (MathF.Sqrt(_second[i] * fix2) + 1e-8f);
            if (i < weights.Length)
                weights[i] -= step + (rate * decay * weights[i]);
            else
                bias -= step;
        }
    }
}
