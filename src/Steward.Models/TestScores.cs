using System.Text.Json;
using Steward.Blobs;
using Steward.Statistics;

namespace Steward.Models;

/// <summary>What each test item was worth to a version, and to the simple rule it was trained beside, as its <c>scores.json</c> tells. A metric is the mean of its values, or the root of the mean.</summary>
internal sealed record TestScores(IReadOnlyList<string> Keys, IReadOnlyDictionary<string, TestScores.Metric> Metrics)
{
    private const string File = "scores.json", Ours = "model";
    private const long Work = 40_000_000;

    /// <summary>Held still, so that equal scores give an equal seal.</summary>
    private const int Seed = 20260512;

    /// <summary>Null when there is no such file, or it cannot be read: other trainers need not leave one.</summary>
    public static async Task<TestScores?> Of(IReadOnlyDictionary<string, Digest> artifacts, IBlobs blobs, CancellationToken stop)
    {
        if (!artifacts.TryGetValue(File, out var digest))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<TestScores>(await blobs.Read(digest, stop), Json.Options);
            return read is { Keys.Count: > 0, Metrics: not null } && read.Keys.Distinct(StringComparer.Ordinal).Count() == read.Keys.Count
                && read.Metrics.Values.All(metric => metric.Of is not null && metric.Of.Values.All(values => values is not null && values.Length == read.Keys.Count && values.All(double.IsFinite))) ? read : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or ProblemException { Kind: ProblemKind.NotFound })
        {
            return null;
        }
    }

    /// <summary>Simple rules that a metric was measured for, too.</summary>
    public IEnumerable<string> Baselines => Metrics.Values.SelectMany(metric => metric.Of.Keys).Where(name => name != Ours).Distinct().Order(StringComparer.Ordinal);

    /// <summary>How much better the version is than a rule on the same items; null when that was not measured.</summary>
    public Difference? Over(string baseline, string metric, double confidence)
        => Metrics.GetValueOrDefault(metric) is { } scores && scores.Of.TryGetValue(Ours, out var ours) && scores.Of.TryGetValue(baseline, out var theirs) ? scores.Apart(ours, theirs, confidence) : null;

    /// <summary>How much better the version is than another on the items that both were tested on; null when they share too few.</summary>
    public Difference? Over(TestScores other, string metric, double confidence)
    {
        if (Metrics.GetValueOrDefault(metric) is not { } scores || !scores.Of.TryGetValue(Ours, out var ours) || other.Metrics.GetValueOrDefault(metric)?.Of.GetValueOrDefault(Ours) is not { } theirs)
            return null;
        var known = other.Keys.Select((key, row) => (key, row)).ToDictionary(pair => pair.key, pair => pair.row, StringComparer.Ordinal);
        var shared = Keys.Select((key, row) => (Ours: row, Theirs: known.GetValueOrDefault(key, -1))).Where(pair => pair.Theirs >= 0).ToList();
        return shared.Count < Difference.FewestShared ? null : scores.Apart([.. shared.Select(pair => ours[pair.Ours])], [.. shared.Select(pair => theirs[pair.Theirs])], confidence);
    }

    internal sealed record Metric(bool LessIsBetter, bool Root, IReadOnlyDictionary<string, double[]> Of)
    {
        public Difference Apart(double[] ours, double[] theirs, double confidence)
        {
            var rounds = (int)Math.Clamp(Work / (2 * ours.Length), 100, 1000);
            var interval = DrawnMeans.Of([ours, theirs], new Random(Seed), rounds).Figure(means => (LessIsBetter ? -1 : 1) * (Value(means[0]) - Value(means[1]))).Interval(confidence);
            return new(interval.Point, (interval.Low, interval.High), ours.Length);
        }

        private double Value(double mean) => Root ? Math.Sqrt(Math.Max(0, mean)) : mean;
    }
}
