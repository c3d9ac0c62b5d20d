namespace Steward.Statistics;

/// <summary>What was found about one window of embeddings.</summary>
/// <param name="Rows">Rows in the window.</param>
/// <param name="Score">The drift score; about 2·axes + 1 when nothing changed.</param>
/// <param name="Threshold">The score that chance exceeds with the probability that was allowed, at this window size.</param>
/// <param name="PValue">How probable so large a score is when nothing changed.</param>
/// <param name="Unusual">The rows farthest from the reference, the farthest first, for a person to look at.</param>
public sealed record EmbeddingJudgement(int Rows, double Score, double Threshold, double PValue, IReadOnlyList<UnusualRow> Unusual)
{
    /// <summary>Score over threshold: above 1 is an alarm.</summary>
    public double Ratio => Score / Threshold;

    /// <summary>Whether the window raises an alarm.</summary>
    public bool Drifted => Score > Threshold;
}

/// <summary>One row and how unusual it is.</summary>
/// <param name="Row">Row number within the window, from 0.</param>
/// <param name="Distance">
/// Root mean square of its deviations under probabilistic principal components (Tipping and Bishop 1999): about 1 for an ordinary row.
/// </param>
public readonly record struct UnusualRow(int Row, double Distance);
