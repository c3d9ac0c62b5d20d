namespace Steward.Training;

/// <summary>One layer of a head: rows of weights, a row and a bias per output.</summary>
internal sealed record Layer(int Inputs, float[] Weights, float[] Biases)
{
    internal int Outputs => Biases.Length;

    internal float[] Of(float[] row)
    {
        var to = new float[Outputs];
        for (var o = 0; o < to.Length; o++)
            to[o] = Lanes.Dot(Weights.AsSpan(o * Inputs, Inputs), row) + Biases[o];
        return to;
    }
}

/// <summary>What a tune learns: from a picture's numbers along the axes to a probability per kind, through hidden units or at once.</summary>
internal sealed class Head
{
    /// <param name="inputs">Numbers per picture.</param>
    /// <param name="hidden">Units between; 0 for none.</param>
    /// <param name="kinds">Number of labels.</param>
    /// <param name="chance">Where the hidden units start.</param>
    internal Head(int inputs, int hidden, int kinds, Random chance)
    {
        Hidden = hidden == 0 ? null : Random(inputs, hidden, 2f, chance);
        Last = hidden == 0 ? new(inputs, new float[inputs * kinds], new float[kinds]) : Random(hidden, kinds, 1f, chance);
    }

    internal Layer? Hidden { get; }

    internal Layer Last { get; }

    /// <summary>Divides the logits; set after training so that confidence means what it says.</summary>
    internal float Temperature { get; set; } = 1;

    internal float[] Probabilities(float[] row)
    {
        if (Hidden is not null)
        {
            row = Hidden.Of(row);
            foreach (ref var unit in row.AsSpan())
                unit = MathF.Max(0, unit);
        }

        var p = Last.Of(row);
        var max = p.Max();
        float sum = 0;
        for (var k = 0; k < p.Length; k++)
            sum += p[k] = MathF.Exp((p[k] - max) / Temperature);
        for (var k = 0; k < p.Length; k++)
            p[k] /= sum;
        return p;
    }

    /// <summary>Uniform numbers with the variance that keeps signals' size from layer to layer (He et al., 2015).</summary>
    private static Layer Random(int inputs, int outputs, float gain, Random chance)
    {
        var reach = MathF.Sqrt(3 * gain / inputs);
        var weights = new float[inputs * outputs];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = ((2 * chance.NextSingle()) - 1) * reach;
        return new(inputs, weights, new float[outputs]);
    }
}
