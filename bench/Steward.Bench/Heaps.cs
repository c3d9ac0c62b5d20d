using System.Diagnostics;
using System.Globalization;
using Steward.Drawing;
using Steward.Host.Templates.Fruit;
using Steward.Labeling.Heaps;
using Steward.Statistics;

namespace Steward.Bench;

/// <summary>How well pictures without names come into heaps, and what that costs.</summary>
internal static class Heaps
{
    public static Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var (seed, pictures, heaps) in ((int, int, int)[])[(1, 800, 40), (2, 800, 40), (3, 800, 40), (1, 800, 24), (1, 800, 8), (1, 10_000, 40)])
            rows.Add(Row(seed, pictures, heaps));
        return Task.FromResult("Drawn fruit: 8 kinds in 2 styles before cluttered backgrounds, 64 x 64 pixels; nothing is said of what they show. The adjusted Rand index compares with the true kinds: of the heaps as they are (two heaps of one kind count against it), and after a person gave every heap the name of most of its pictures.\n\n"
            + Report.Table(["pictures", "heaps", "index of the heaps", "index after naming", "rightly named", "seconds", "processor seconds", "MB at the most"], rows));
    }

    private static string[] Row(int seed, int count, int heaps)
    {
        var fruit = FruitPictures.Many(seed, FruitPictures.KnownStyles, 0, count);
        var truth = fruit.Select(one => FruitPictures.Kinds.ToList().IndexOf(one.Label)).ToArray();
        var pictures = fruit.Select(one => Picture.Decode(one.Png, 1 << 20).Rgb).ToList();
        var (clock, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        var sorted = new PictureHeaps((_, _) => { }, default).Sort(pictures, heaps, 1).Select(one => one.Heap).ToArray();
        var named = sorted.Zip(truth).GroupBy(one => one.First, one => one.Second).ToDictionary(heap => heap.Key, heap => heap.CountBy(kind => kind).MaxBy(kind => kind.Value).Key);
        var names = Array.ConvertAll(sorted, heap => named[heap]);
        var used = Process.GetCurrentProcess();
        return [$"{count:N0}, seed {seed}", $"{heaps}", Digits(AdjustedRand.Index(sorted, truth)), Digits(AdjustedRand.Index(names, truth)), Digits(names.Zip(truth).Average(one => one.First == one.Second ? 1.0 : 0)),
            Report.Number(clock.Elapsed.TotalSeconds), Report.Number((used.TotalProcessorTime - before).TotalSeconds), Report.Number(used.PeakWorkingSet64 / 1e6)];
    }

    private static string Digits(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
