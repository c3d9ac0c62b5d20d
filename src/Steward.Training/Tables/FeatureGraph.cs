using Steward.Onnx;

namespace Steward.Training;

/// <summary>
/// Writes features as ONNX: an input per column, float [N,D] out. Training, evaluation and serving all run this graph, so
/// there is no second form of the same arithmetic that could differ.
/// </summary>
internal static class FeatureGraph
{
    private const long Day = 86_400_000_000, Hour = 3_600_000_000;

    // Year 1 and year 9999: outside of it the calendar below is not defined.
    private const long First = -62_135_596_800_000_000, Last = 253_402_300_799_000_000;

    /// <summary>Declares the inputs and gives the name of the features.</summary>
    public static string Write(OnnxGraph graph, IReadOnlyList<Feature> features)
        => graph.Concat(1, [.. features.SelectMany(feature => feature switch
        {
            NumberFeature number => Number(graph, number),
            DateFeature date => Date(graph, date),
            OneHotFeature words => OneHot(graph, words.Name, words.Words, [.. words.Words.Select((_, i) => (long)i)], words.Words.Count),
            HashFeature hash => OneHot(graph, hash.Name, hash.Words, [.. hash.Words.Select(word => (long)HashFeature.Bucket(word, hash.Buckets))], hash.Buckets),
            MeansFeature means => Means(graph, means),
            _ => throw new InvalidOperationException($"There is no graph for {feature.GetType().Name}."),
        })]);

    private static IEnumerable<string> Number(OnnxGraph graph, NumberFeature feature)
    {
        var x = graph.Input(feature.Name, ElementType.Double, "N");
        var lacks = graph.IsNaN(x);
        yield return Column(graph, Scaled(graph, graph.Where(lacks, graph.Number(feature.Fill), x), feature.Mean, feature.Deviation));
        if (feature.MayLack)
            yield return Column(graph, lacks);
    }

    /// <summary>One column per code, then one for other words and one for none.</summary>
    private static IEnumerable<string> OneHot(OnnxGraph graph, string name, IReadOnlyList<string> words, IReadOnlyList<long> codes, int columns)
    {
        var text = graph.Input(name, ElementType.String, "N");
        yield return graph.OneHot(graph.Codes(text, [.. words, ""], [.. codes, columns + 1], columns), columns + 2);
    }

    private static IEnumerable<string> Means(OnnxGraph graph, MeansFeature feature)
    {
        var text = graph.Input(feature.Name, ElementType.String, "N");
        var codes = graph.Codes(text, feature.Words, [.. feature.Words.Select((_, i) => (long)i)], feature.Words.Count);
        var table = graph.Constant(OnnxTensor.Of([.. feature.Means.Append(feature.Overall).SelectMany(row => row)], feature.Words.Count + 1, feature.Overall.Length));
        yield return graph.Gather(table, codes);
        if (feature.MayLack)
            yield return Column(graph, graph.Equal(graph.Codes(text, [""], [1], 0), graph.Number(1L)));
    }

    private static IEnumerable<string> Date(OnnxGraph graph, DateFeature feature)
    {
        var x = graph.Input(feature.Name, ElementType.Int64, "N");
        var lacks = graph.Equal(x, graph.Number(TimeColumn.Missing));
        var known = graph.Max(graph.Min(graph.Where(lacks, graph.Number(feature.Fill), x), graph.Number(Last)), graph.Number(First));
        var calendar = Calendar(graph, known);
        yield return Column(graph, Scaled(graph, graph.Cast(calendar.Days, ElementType.Double), feature.Mean, feature.Deviation));
        yield return Column(graph, Scaled(graph, graph.Cast(calendar.Year, ElementType.Double), 2000, 10));
        yield return Column(graph, Scaled(graph, graph.Cast(calendar.DayOfYear, ElementType.Double), 183, 105));
        yield return Column(graph, Scaled(graph, graph.Cast(calendar.DayOfMonth, ElementType.Double), 16, 9));
        yield return graph.OneHot(calendar.Weekday, 7);
        yield return graph.OneHot(graph.Sub(calendar.Month, graph.Number(1L)), 12);
        if (feature.Hours)
            yield return graph.OneHot(graph.Div(graph.Sub(known, graph.Mul(calendar.Days, graph.Number(Day))), graph.Number(Hour)), 24);
        if (feature.MayLack)
            yield return Column(graph, lacks);
    }

    /// <summary>
    /// The proleptic Gregorian calendar in whole numbers (H. Hinnant, "chrono-compatible low-level date algorithms", 2013): years begin
    /// in March, eras have 400 of them. All of int64 [N]; weekdays from 0 for Monday, months, days and days of the year from 1.
    /// </summary>
    internal static (string Days, string Year, string Month, string DayOfMonth, string DayOfYear, string Weekday) Calendar(OnnxGraph graph, string micros)
    {
        // ONNX divides towards zero; before 1970 the rest is negative and the day before is meant.
        var towardsZero = Over(micros, Day);
        var days = graph.Sub(towardsZero, graph.Cast(graph.Less(micros, Times(towardsZero, Day)), ElementType.Int64));
        var z = Plus(days, 719_468);
        var era = Over(z, 146_097);
        var dayOfEra = graph.Sub(z, Times(era, 146_097));
        var yearOfEra = Over(graph.Sub(graph.Add(graph.Sub(dayOfEra, Over(dayOfEra, 1_460)), Over(dayOfEra, 36_524)), Over(dayOfEra, 146_096)), 365);
        var sinceMarch = graph.Sub(dayOfEra, graph.Sub(graph.Add(Times(yearOfEra, 365), Over(yearOfEra, 4)), Over(yearOfEra, 100)));
        var month0 = Over(Plus(Times(sinceMarch, 5), 2), 153);
        var dayOfMonth = Plus(graph.Sub(sinceMarch, Over(Plus(Times(month0, 153), 2), 5)), 1);
        var spring = graph.Less(month0, graph.Number(10L));
        var month = graph.Where(spring, Plus(month0, 3), Plus(month0, -9));
        var year = graph.Add(graph.Add(yearOfEra, Times(era, 400)), graph.Where(spring, graph.Number(0L), graph.Number(1L)));
        // 1 March is day 60, or 61 of a leap year; January and February come 306 days after it.
        var leap = graph.Node("And", [Divides(4), graph.Node("Or", [graph.Node("Not", [Divides(100)]), Divides(400)])]);
        var dayOfYear = graph.Where(spring, graph.Add(Plus(sinceMarch, 60), graph.Cast(leap, ElementType.Int64)), Plus(sinceMarch, -305));
        var weekday = graph.Node("Mod", [Plus(z, 2), graph.Number(7L)]);
        return (days, year, month, dayOfMonth, dayOfYear, weekday);

        string Over(string x, long by) => graph.Div(x, graph.Number(by));
        string Times(string x, long by) => graph.Mul(x, graph.Number(by));
        string Plus(string x, long more) => graph.Add(x, graph.Number(more));
        string Divides(long by) => graph.Equal(graph.Node("Mod", [year, graph.Number(by)]), graph.Number(0L));
    }

    private static string Scaled(OnnxGraph graph, string x, double mean, double deviation) => graph.Div(graph.Sub(x, graph.Number(mean)), graph.Number(deviation));

    /// <summary>[N] of anything to float [N,1].</summary>
    private static string Column(OnnxGraph graph, string x) => graph.Unsqueeze(graph.Cast(x, ElementType.Float), 1);
}
