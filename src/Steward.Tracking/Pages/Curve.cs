using Steward.Drawing;

namespace Steward.Tracking.Pages;

/// <summary>Lines that belong in one drawing: one quantity, of one run or of several tunes.</summary>
internal sealed record Curve(string Title, IReadOnlyList<Series> Lines, string Steps)
{
    private const int MostLines = 6;
    private static readonly Ink[] Inks = [Ink.Rill, Ink.Violet, Ink.Warn, Ink.Pom, Ink.Soft];

    public LineChart Chart => new() { Title = Title, Series = Lines, XLabel = Steps };

    /// <summary>What a run measured more than once; the same quantity of training and validation share a drawing.</summary>
    public static List<Curve> OfRun(Run run, IEnumerable<MetricPoint> points, Primary? primary) => [.. points
        .GroupBy(point => point.Key, StringComparer.Ordinal).Where(line => line.Select(point => point.Step).Distinct().Take(2).Count() > 1)
        .GroupBy(line => line.Key.Split('.')[^1], StringComparer.Ordinal)
        .OrderByDescending(quantity => quantity.Any(line => line.Key == primary?.Metric)).ThenBy(quantity => quantity.Key, StringComparer.Ordinal)
        .Select(quantity => new Curve(
            quantity.Count() == 1 ? quantity.First().Key : quantity.Key,
            [.. quantity.OrderBy(line => line.Key, StringComparer.Ordinal).Select((line, i) => Line(line.Key, line, Inks[i % Inks.Length]))],
            StepsOf([run])))];

    /// <summary>How the tunes went: the number they are compared by, then their loss. The best is green.</summary>
    public static List<Curve> OfStudy(Study study, ILookup<string, MetricPoint> points) => OfRuns([.. study.Ranked], study.Primary, points);

    /// <summary>The same of any runs, best first.</summary>
    public static List<Curve> OfRuns(IReadOnlyList<Run> runs, Primary? primary, ILookup<string, MetricPoint> points)
    {
        var (ranked, best) = (runs.Take(MostLines).ToList(), primary?.Best(runs));
        var keys = ranked.SelectMany(tune => points[tune.Id].Select(point => point.Key)).Distinct(StringComparer.Ordinal)
            .Where(key => key == primary?.Metric || key.Split('.')[^1] == "loss")
            .OrderByDescending(key => key == primary?.Metric).ThenBy(key => key, StringComparer.Ordinal);
        return [.. keys.Select(key => new Curve(key, [.. ranked.Select((tune, i) => Line(tune.Name, points[tune.Id].Where(point => point.Key == key), i == 0 && tune.Id == best?.Id ? Ink.Good : Inks[i % Inks.Length])).Where(line => line.Points.Count > 1)], StepsOf(runs)))
            .Where(curve => curve.Lines.Count > 0)];
    }

    private static Series Line(string name, IEnumerable<MetricPoint> points, Ink ink) => new(name, [.. points.OrderBy(point => (point.Step, point.At)).Select(point => ((double)point.Step, point.Value))], ink);

    private static string StepsOf(IEnumerable<Run> runs) => runs.Any(run => run.Params.ContainsKey("epochs")) ? "epoch" : "step";
}
