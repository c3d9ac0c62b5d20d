using System.Globalization;
using Steward.Blobs;

namespace Steward.Models;

/// <summary>
/// Asks that a version is no worse than the one that serves, on the same test items. By default it is refused when it is
/// shown to be worse: worse by more than the limit, and the interval around the difference lies below zero. With
/// <c>test: non_inferior</c> the burden is the other way round: even the lower end must keep the limit.
/// </summary>
internal sealed class ChampionGate(Champion champion, IBlobs blobs) : IGate
{
    private const double Usual = 0.95;

    public string Name => "champion";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        var (metric, most) = (config.Metric!, Comparison.Read(config.WorseThanChampionBy)!.Limit);
        var (words, limit) = (MetricWords.Of(metric), most == 0 ? "no worse" : $"at most {Comparison.Number(most)} worse");
        if (await champion.Of(version.Project, version.Model, version.Version, stop) is not { } before)
            return new(Name, $"no worse than what serves in {words}", true, "first version", limit, "Nothing serves yet that it could be worse than.");
        var title = $"no worse than {before.Name} in {words}";
        if (!version.Metrics.TryGetValue(metric, out var ours))
            return new(Name, title, false, "not measured", limit, $"The run did not log {metric}.", $"Log {metric} in the run, or mend its name in steward.yaml.");
        if (!before.Metrics.TryGetValue(metric, out var theirs))
            return new(Name, title, true, "not comparable", limit, $"{before.Name} has no {metric}, so there is nothing to be worse than.");
        var confidence = config.Confidence ?? Usual;
        var (difference, why) = await Measure();
        return Say(title, limit, difference, most, confidence, config.Test == "non_inferior", why) is var result && result.Passed ? result : result with { Try = $"steward runs best --metric {metric}" };

        async Task<(Difference, string)> Measure()
        {
            var apart = Difference.Apart(ours, version.Metrics.IntervalOf(metric), theirs, before.Metrics.IntervalOf(metric), config.Op?[0] != '<', confidence);
            if (!Difference.CanPair(metric))
                return (await TestScores.Of(version.Artifacts, blobs, stop))?.Over(await TestScores.Of(before.Artifacts, blobs, stop) ?? new([], new Dictionary<string, TestScores.Metric>()), metric, confidence) is { } scored
                    ? (scored, $"on the {scored.Items} test items that both were asked")
                    : (apart, "each on its own test items");
            var (mine, its) = (await TestAnswers.Of(version.Artifacts, blobs, stop), await TestAnswers.Of(before.Artifacts, blobs, stop));
            if (mine is null || its is null || mine.Keys is null || its.Keys is null)
                return (apart, $"each on its own test items, because {(mine?.Keys is null ? version.Name : before.Name)} does not tell what it answered to which (reference.json with keys)");
            return Difference.Paired(metric, mine, its, confidence) is { } paired
                ? (paired, $"on the {paired.Items} test items that both were asked{(paired.Items < its.Keys.Count ? $", of {its.Keys.Count} of {before.Name}" : "")}")
                : (apart, $"each on its own test items, because they share fewer than {Difference.FewestShared}");
        }
    }

    private GateResult Say(string title, string limit, Difference difference, double most, double confidence, bool strict, string where)
    {
        var within = difference.Point >= -most;
        var (passed, judged) = difference.Ends switch
        {
            null => (within, "no interval was logged, so the plain figures count"),
            { Low: var low } when strict => (low >= -most, low >= -most ? "even the unlucky end of the interval keeps the limit" : "the unlucky end of the interval does not keep the limit; more test items would narrow it"),
            _ when within => (true, "that keeps the limit"),
            { High: < 0 } => (false, "chance does not explain that"),
            _ => (true, "but so few items may tell that by chance; it is not shown to be worse"),
        };
        var how = difference.Point switch { 0 => "equally good", > 0 => $"{Comparison.Number(Math.Round(difference.Point, 4))} better", _ => $"{Comparison.Number(Math.Round(-difference.Point, 4))} worse" };
        var spread = difference.Ends is { } ends
            ? string.Create(CultureInfo.InvariantCulture, $"{confidence * 100:0.#} %: {Comparison.WithSign(ends.Low)} to {Comparison.WithSign(ends.High)}") + (difference.Items is { } n ? $", {n} shared" : ", not paired")
            : null;
        return new(Name, title, passed, Comparison.WithSign(difference.Point), limit, $"It is {how}, {where}: {judged}.", Spread: spread);
    }
}
