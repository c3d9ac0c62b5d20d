using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>What windows of one version are compared with: its answers to the test split.</summary>
/// <param name="Data">The snapshot it learned from.</param>
/// <param name="Confidences">Of the test split; empty when the version brought none.</param>
/// <param name="Drift">Null when the embeddings are missing or too few.</param>
/// <param name="Missing">What cannot be judged and why; null when all can.</param>
internal sealed record VersionReference(string Data, IReadOnlyList<double> Confidences, EmbeddingDrift? Drift, string? Missing)
{
    /// <summary>How often it answered each kind; empty when the version does not tell.</summary>
    public IReadOnlyDictionary<string, int> Kinds { get; init; } = new Dictionary<string, int>();

    /// <summary>How many of its answers were wrong.</summary>
    public int Wrong { get; init; }

    /// <summary>Of how many; 0 when the version does not tell.</summary>
    public int Rows { get; init; }
}

/// <summary>What became normal after an incident: the first answers of a version that learned the new world.</summary>
internal sealed record NewNormal(EmbeddingDrift Drift, IReadOnlyDictionary<string, int> Kinds);
