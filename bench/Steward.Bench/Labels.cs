using System.Globalization;
using Steward.Statistics;
using Steward.Statistics.Tests.Teaching;
using Steward.Training.Tests;
using static Steward.Statistics.Tests.Teaching.Lesson;

namespace Steward.Bench;

/// <summary>How many names a model needs, by who chooses what is named: chance, doubt alone, or doubt and difference.</summary>
internal static class Labels
{
    private const int Seeds = 10, Batch = 10;
    private static readonly double[] Goals = [0.93, 0.94, 0.95, 0.96];
    private const int ClothesSeeds = 5;
    private static readonly int[] ClothesLooked = [50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000];
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
            + $"\nWhen to stop: the answers of two rounds one after the other agree with kappa 0.99 or more, three times running, after {kappa?.Labels.ToString(CultureInfo.InvariantCulture) ?? "more than 500"} names (ours, 20 typical ones first){(kappa is null ? "" : $", with {kappa.Right:0.000} right")}.\n\n" + Clothes() + "\n" + LabelsOfClothes.Run());
    }

    private static List<Mark> Digits(Way way, int start, bool typical, int most)
        => Mean([.. Enumerable.Range(0, Seeds).AsParallel().Select(seed => Learn(Pool.Digits(Path.Combine(AppContext.BaseDirectory, "Reference"), seed), way, start, typical, Batch, most, seed))]);

    /// <summary>Real pictures, shortened to their 64 widest directions, and the same learner: what the names are worth, not what a better model would make of them.</summary>
    private static string Clothes()
    {
        const int Rows = 10_000, Axes = 64, Step = 50, MostNames = 2500, MostByChance = 6000;
        var (all, held) = (FashionMnist.Train(), FashionMnist.Test());
        var lessons = Enumerable.Range(0, ClothesSeeds).AsParallel().Select(seed =>
        {
            var random = new Random(seed);
            (byte[] Png, int Label)[] some = [.. all];
            random.Shuffle(some);
            some = some[..Rows];
            var short64 = PrincipalComponents.Of([.. some.Select(one => Pixels(one.Png))], Axes, random);
            var pool = new Pool([.. some.Select(one => short64.Shorten(Pixels(one.Png)))], [.. some.Select(one => one.Label)], [.. held.Select(one => short64.Shorten(Pixels(one.Png)))], [.. held.Select(one => one.Label)], FashionMnist.Kinds.Count);
            var whole = new Learner(Axes, pool.Kinds);
            whole.Learn(pool.Rows, pool.Labels);
            return (Full: pool.TestRows.Zip(pool.TestLabels).Average(one => whole.Answer(one.First) == one.Second ? 1.0 : 0),
                Chance: Learn(pool, Way.Chance, Step, false, Step, MostByChance, seed), Margin: Learn(pool, Way.Margin, Step, false, Step, MostNames, seed), Ours: Learn(pool, Way.Ours, Step, true, Step, MostNames, seed));
        }).ToList();
        var full = lessons.Average(lesson => lesson.Full);
        (string Name, List<Mark> Marks)[] curves = [("chance", Mean(lessons.Select(one => one.Chance))), ("margin, 50 by chance first", Mean(lessons.Select(one => one.Margin))), ("ours, 50 typical ones first", Mean(lessons.Select(one => one.Ours)))];
        double[] shares = [0.90, 0.93, 0.95, 0.97, 0.98, 0.99, 1.00];
        return $"Fashion-MNIST (28 x 28 pixels, real pictures): a pool of {Rows:N0} drawn from the 60,000, the official 10,000 held back to judge by, each picture shortened to its {Axes} widest directions, the same regression, {Step} names at a time, at most {MostNames:N0} ({MostByChance:N0} by chance), the mean of {ClothesSeeds} seeds. "
            + $"With all {Rows:N0} names {full.ToString("0.000", CultureInfo.InvariantCulture)} of the answers are right. Names until the mean reaches a share of that:\n\n"
            + Report.Table(["chosen by", .. shares.Select(share => share.ToString("0 %", CultureInfo.InvariantCulture))],
                [.. curves.Select(one => (string[])[one.Name, .. shares.Select(share => Until(one.Marks, share * full)?.ToString(CultureInfo.InvariantCulture) ?? "-")]),
                    .. curves[1..].Select(one => (string[])[$"{one.Name}: of chance's", .. shares.Select(share => Until(one.Marks, share * full) is { } asked && Until(curves[0].Marks, share * full) is { } byChance ? ((double)asked / byChance).ToString("0 %", CultureInfo.InvariantCulture) : "-")])])
            + "\nThe curves:\n\n"
            + Report.Table(["chosen by", .. ClothesLooked.Select(count => $"{count}")], curves.Select(one => (string[])[one.Name, .. ClothesLooked.Select(count => one.Marks.Find(mark => mark.Labels == count)?.Right.ToString("0.000", CultureInfo.InvariantCulture) ?? "-")]));

        static float[] Pixels(byte[] png)
        {
            var rgb = Drawing.Picture.Decode(png, 10_000).Rgb;
            var grey = new float[rgb.Length / 3];
            for (var i = 0; i < grey.Length; i++)
                grey[i] = rgb[i * 3] / 255f;
            return grey;
        }
    }

    private static Mark? Stopped(List<Mark> marks)
        => marks.Where((_, i) => Statistics.Teaching.MayStop([.. marks.Take(i + 1).Select(mark => mark.Kappa)])).FirstOrDefault();
}
