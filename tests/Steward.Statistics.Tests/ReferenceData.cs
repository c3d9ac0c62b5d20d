using System.Globalization;
using System.Text.Json;

namespace Steward.Statistics.Tests;

/// <summary>Reads the committed samples and the numbers that other programs computed from them.</summary>
internal static class ReferenceData
{
    private static readonly JsonElement Values = JsonDocument.Parse(File.ReadAllText(In("values.json"))).RootElement;

    public static double Value(string sample, string name) => Values.GetProperty(sample).GetProperty(name).GetDouble();

    public static (double[] Reference, double[] Current) Numbers(string sample)
    {
        var (reference, current) = Texts(sample);
        return (Parse(reference), Parse(current));
    }

    public static (long[] Reference, long[] Current) Categories(string sample)
    {
        var (reference, current) = Texts(sample);
        var names = reference.Concat(current).Distinct().ToArray();
        return (Count(names, reference), Count(names, current));
    }

    private static (string[] Reference, string[] Current) Texts(string sample)
    {
        var rows = File.ReadAllLines(In(sample + ".csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        return (Of(rows, "ref"), Of(rows, "cur"));
    }

    private static string[] Of(string[][] rows, string split) => [.. rows.Where(row => row[0] == split).Select(row => row[1])];

    private static double[] Parse(string[] texts) => [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private static long[] Count(string[] names, string[] texts) => [.. names.Select(name => (long)texts.Count(text => text == name))];

    private static string In(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", file);
}
