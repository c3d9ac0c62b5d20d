using System.Globalization;

namespace Steward.Statistics.Tests.Teaching;

/// <summary>A pool that a person could name, one by one, and rows to judge by that nobody learns from.</summary>
internal sealed record Pool(float[][] Rows, int[] Labels, float[][] TestRows, int[] TestLabels, int Kinds)
{
    /// <summary>Handwritten digits: 1,297 in the pool, 500 to judge by; values of 0 to 1.</summary>
    public static Pool Digits(string folder, int seed)
    {
        var all = File.ReadLines(Path.Combine(folder, "digits.csv")).Select(line => Array.ConvertAll(line.Split(','), word => float.Parse(word, CultureInfo.InvariantCulture))).ToList();
        var test = File.ReadLines(Path.Combine(folder, "digits_splits.csv")).Skip(1).Select(line => line.Split(',')).Where(part => part[0] == $"{seed}" && part[1] == "test").Select(part => int.Parse(part[2], CultureInfo.InvariantCulture)).ToHashSet();
        var (pool, held) = (all.Where((_, i) => !test.Contains(i)).ToList(), all.Where((_, i) => test.Contains(i)).ToList());
        return new(Rows(pool), Labels(pool), Rows(held), Labels(held), 10);

        static float[][] Rows(List<float[]> lines) => [.. lines.Select(line => line[..^1].Select(value => value / 16).ToArray())];
        static int[] Labels(List<float[]> lines) => [.. lines.Select(line => (int)line[^1])];
    }
}
