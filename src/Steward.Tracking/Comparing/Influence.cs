using System.Globalization;
using Steward.Statistics;

namespace Steward.Tracking.Comparing;

/// <summary>How much of the result's spread goes with one parameter, taken by itself.</summary>
/// <param name="Share">0 to 1, corrected for chance; parameters that changed together each get the credit.</param>
public sealed record Influence(string Parameter, double Share)
{
    /// <summary>With fewer runs chance explains as much as any parameter.</summary>
    private const int FewestRuns = 6;

    private const int Bands = 3;
    private const double WorthSaying = 0.05;

    /// <summary>What is worth saying, most first.</summary>
    internal static List<Influence> On(Primary primary, IReadOnlyList<Run> runs)
    {
        var judged = runs.Where(run => run.Status is RunStatus.Finished && primary.In(run) is not null).ToList();
        if (judged.Count < FewestRuns)
            return [];
        var results = judged.ConvertAll(run => primary.In(run)!.Value);
        var parameters = judged.SelectMany(run => run.Params.Keys).Distinct().Order(StringComparer.Ordinal).Select(key => (Key: key, Values: judged.ConvertAll(run => run.Params.GetValueOrDefault(key))))
            .Append((Key: "data", Values: judged.ConvertAll(run => run.Data))).Append((Key: "code", Values: judged.ConvertAll(run => run.Code)));
        return [.. parameters.Where(one => one.Values.Distinct().Take(2).Count() > 1).Select(one => new Influence(one.Key, ExplainedShare.Of(Groups(one.Values), results)))
            .Where(one => one.Share >= WorthSaying).OrderByDescending(one => one.Share)];
    }

    /// <summary>Values as they are when few; many numbers by their third, so that what rises slowly is seen.</summary>
    private static List<string> Groups(List<string?> values)
    {
        var numbers = values.ConvertAll(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
        if (values.Distinct().Count() <= Bands || numbers.Any(double.IsNaN))
            return values.ConvertAll(value => value ?? "");
        var sorted = numbers.Order().ToList();
        return numbers.ConvertAll(number => $"{Math.Min(Bands - 1, sorted.FindIndex(other => other >= number) * Bands / sorted.Count)}");
    }
}
