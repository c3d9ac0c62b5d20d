namespace Steward.Statistics;

/// <summary>
/// All that <see cref="EmbeddingDrift"/> keeps of a reference sample: plain numbers and arrays, made to be stored as
/// JSON once and read back. d dimensions, k axes, p = 2k+1 features.
/// </summary>
public sealed record EmbeddingReference
{
    /// <summary>d, the length of an embedding.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Rows that windows are compared with (the held-out half of the sample).</summary>
    public required int Rows { get; init; }

    /// <summary>Mean per dimension, in embedding units; length d.</summary>
    public required float[] Mean { get; init; }

    /// <summary>Standard deviation per dimension, in embedding units; length d, all above zero.</summary>
    public required float[] Scale { get; init; }

    /// <summary>k orthonormal axes of length d in the standardised space, the widest first.</summary>
    public required float[][] Axes { get; init; }

    /// <summary>Standard deviation along each axis; length k.</summary>
    public required double[] Spread { get; init; }

    /// <summary>Mean squared length per dimension of what the axes leave over; 0 when they leave nothing.</summary>
    public required double Rest { get; init; }

    /// <summary>Mean of the p features over the held-out rows.</summary>
    public required double[] FeatureMean { get; init; }

    /// <summary>p × p scatter of the features over the held-out rows.</summary>
    public required double[][] FeatureScatter { get; init; }

    /// <summary>How the score behaves by chance, for window sizes in ascending order.</summary>
    public required GammaTail[] Tails { get; init; }
}
