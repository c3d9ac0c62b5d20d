using System.Globalization;
using Steward.Blobs;

namespace Steward.Models;

/// <summary>Asks that a version is shown to be better than a simple rule, on the same test items: even the unlucky end of the interval around the difference is above zero.</summary>
internal sealed class BaselineGate(IBlobs blobs) : IGate
{
    private const double Usual = 0.95;

    public string Name => "baseline";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        var (metric, baseline, confidence) = (config.Metric!, config.BetterThan!, config.Confidence ?? Usual);
        var title = $"better than {baseline.Replace('_', ' ')} in {MetricWords.Of(metric)}";
        const string limit = "shown to be better";
        var scores = await TestScores.Of(version.Artifacts, blobs, stop);
        if (scores?.Over(baseline, metric, confidence) is not { Ends: { } ends } difference)
            return new(Name, title, false, "not measured", limit, scores is null ? "The run left no scores.json, which tells what each test item was worth." : $"scores.json does not tell {metric} of '{Names.Shorten(baseline)}'.",
                scores is null ? "Train it with Steward, or log scores.json with the run." : $"Name what it was measured beside: {string.Join(", ", scores.Baselines)}; metrics are {string.Join(", ", scores.Metrics.Keys.Order(StringComparer.Ordinal))}.");
        var passed = ends.Low > 0;
        var how = difference.Point switch { 0 => "It is equally good", > 0 => $"It is {Comparison.Number(Math.Round(difference.Point, 4))} better", _ => $"It is {Comparison.Number(Math.Round(-difference.Point, 4))} worse" };
        var judged = passed ? "chance does not explain that" : difference.Point > 0 ? "chance could explain that; more test items would tell" : "the simple rule would do";
        var spread = string.Create(CultureInfo.InvariantCulture, $"{confidence * 100:0.#} %: {Comparison.WithSign(ends.Low)} to {Comparison.WithSign(ends.High)}, {difference.Items} items");
        return new(Name, title, passed, Comparison.WithSign(difference.Point), limit, $"{how} than {baseline.Replace('_', ' ')} on {difference.Items} test items: {judged}.", passed ? null : $"steward runs best --metric {metric}", spread);
    }
}
