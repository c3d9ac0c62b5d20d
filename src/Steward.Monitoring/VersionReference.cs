using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>What windows of one version are compared with: its answers to the test split.</summary>
/// <param name="Data">The snapshot it learned from.</param>
/// <param name="Confidences">Of the test split; empty when the version brought none.</param>
/// <param name="Drift">Null when the embeddings are missing or too few.</param>
/// <param name="Missing">What cannot be judged and why; null when all can.</param>
internal sealed record VersionReference(string Data, IReadOnlyList<double> Confidences, EmbeddingDrift? Drift, string? Missing);
