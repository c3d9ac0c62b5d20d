using System.Globalization;
using Steward.Statistics.Tests.Teaching;
using static Steward.Statistics.Tests.Teaching.Lesson;

namespace Steward.Bench;

/// <summary>How many names a model needs, by who chooses what is named: chance, doubt alone, or doubt and difference.</summary>
internal static class Labels
{
    private const int Seeds = 10, Batch = 10;
    private static readonly double[] Goals = [0.93, 0.94, 0.95, 0.96];
    private static readonly int[] Looked = [50, 100, 150, 200, 250, 300, 400, 500];

    public static Task<string> Run(string folder)
    {
        (string Name, Way Way, int Start, bool Typical, int Most)[] ways =
        [
            ("chance", Way.Chance, 50, false, 800),
            ("entropy, 50 by chance first", Way.Entropy, 50, false, 500),
            ("margin, 50 by chance first", Way.Margin, 50, false, 500),
            ("ours, 50 by chance first", Way.Ours, 50, false, 500),
            ("ours, 50 typical ones first", Way.Ours, 50, true, 500),
            ("ours, 20 typical ones first", Way.Ours, 20, true, 500),
        ];
        var curves = ways.Select(way => (way.Name, Marks: Digits(way.Way, way.Start, way.Typical, way.Most))).ToList();
        var chance = Until(curves[0].Marks, 0.95);
        var kappa = Stopped(curves[^1].Marks);
        return Task.FromResult(
            $"Handwritten digits (UCI, 8 x 8 pixels): a pool of 1,297, 500 held back to judge by, multinomial logistic regression, {Batch} names at a time, the mean of {Seeds} seeds. Names until the mean share of right answers reaches a goal:\n\n"
            + Report.Table(["chosen by", .. Goals.Select(goal => goal.ToString("0 %", CultureInfo.InvariantCulture)), "names for 95 %, of chance's"],
                curves.Select(one => (string[])[one.Name, .. Goals.Select(goal => Until(one.Marks, goal)?.ToString(CultureInfo.InvariantCulture) ?? "-"), Until(one.Marks, 0.95) is { } asked && chance is { } byChance ? ((double)asked / byChance).ToString("0 %", CultureInfo.InvariantCulture) : "-"]))
            + "\nThe curves: right answers after so many names.\n\n"
            + Report.Table(["chosen by", .. Looked.Select(count => $"{count}")], curves.Select(one => (string[])[one.Name, .. Looked.Select(count => one.Marks.Find(mark => mark.Labels == count)?.Right.ToString("0.000", CultureInfo.InvariantCulture) ?? "-")]))
            + $"\nWhen to stop: the answers of two rounds one after the other agree with kappa 0.99 or more, three times running, after {kappa?.Labels.ToString(CultureInfo.InvariantCulture) ?? "more than 500"} names (ours, 20 typical ones first){(kappa is null ? "" : $", with {kappa.Right:0.000} right")}.");
    }

    private static List<Mark> Digits(Way way, int start, bool typical, int most)
        => Mean([.. Enumerable.Range(0, Seeds).AsParallel().Select(seed => Learn(Pool.Digits(Path.Combine(AppContext.BaseDirectory, "Reference"), seed), way, start, typical, Batch, most, seed))]);

    private static Mark? Stopped(List<Mark> marks)
        => marks.Where((_, i) => Teaching.MayStop([.. marks.Take(i + 1).Select(mark => mark.Kappa)])).FirstOrDefault();
}
