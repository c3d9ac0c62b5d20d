using Steward.Onnx;

namespace Steward.Training.Tests.Tables;

/// <summary>How columns become features, by the graph that travels with the model.</summary>
public class FeatureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly IReadOnlyDictionary<string, TextAs> AsUsual = new Dictionary<string, TextAs>();

    [Fact]
    public void The_calendar_of_the_graph_is_the_calendar()
    {
        var chance = new Random(7);
        DateTime[] times = [new(1, 1, 1), new(1900, 2, 28), new(1900, 3, 1), new(1969, 12, 31, 23, 59, 59), new(1970, 1, 1), new(2000, 2, 29), new(2024, 2, 29), new(2100, 2, 28), new(2100, 3, 1), new(9999, 12, 31),
            .. Enumerable.Range(0, 3000).Select(_ => new DateTime(1, 1, 1).AddMinutes(chance.NextInt64(9998L * 365 * 1440)))];
        var graph = new OnnxGraph("calendar");
        var parts = FeatureGraph.Calendar(graph, graph.Input("micros", ElementType.Int64, "N"));
        foreach (var (name, part) in new[] { ("days", parts.Days), ("year", parts.Year), ("month", parts.Month), ("day", parts.DayOfMonth), ("day_of_year", parts.DayOfYear), ("weekday", parts.Weekday) })
            graph.Output(name, part, ElementType.Int64, "N");
        using var engine = new Engine(graph, 1);
        using var input = OnnxValue.Of<long>(times.Select(TimeColumn.Of).ToArray(), times.Length);
        engine.Run(new Dictionary<string, OnnxValue> { ["micros"] = input }, outputs =>
        {
            for (var i = 0; i < times.Length; i++)
                Assert.Equal(
                    ((long)Math.Floor((times[i] - DateTime.UnixEpoch).TotalDays), times[i].Year, times[i].Month, times[i].Day, times[i].DayOfYear, ((int)times[i].DayOfWeek + 6) % 7),
                    (outputs[0].Data<long>()[i], (int)outputs[1].Data<long>()[i], (int)outputs[2].Data<long>()[i], (int)outputs[3].Data<long>()[i], (int)outputs[4].Data<long>()[i], (int)outputs[5].Data<long>()[i]));
        });
    }

    [Fact]
    public void Numbers_are_scaled_by_what_was_learned_and_a_lack_is_a_feature_of_its_own()
    {
        var rows = new Rows([new NumberColumn("x", [1, 2, 3, 6, double.NaN])]);
        using var space = Learn(rows, "x");
        Assert.Equal(["x", "x=(none)"], space.Names);
        // Mean 3, deviation sqrt(3.5), median of the known 3.
        var later = space.Of(new([new NumberColumn("x", [3, double.NaN, 10])]), Stop);
        Assert.Equal([0, 0, 0, 1, (float)(7 / Math.Sqrt(3.5)), 0], later.Values);
    }

    [Fact]
    public void A_word_that_was_never_seen_and_none_at_all_have_columns_of_their_own()
    {
        using var space = Learn(new([TextColumn.Of("city", [.. Enumerable.Repeat("Oslo", 5), .. Enumerable.Repeat("Rome", 4), "Bonn"])]), "city");
        Assert.Equal(["city=Oslo", "city=Rome", "city=(other)", "city=(none)"], space.Names);
        var later = space.Of(new([TextColumn.Of("city", ["Rome", "Bonn", "Kyiv", null])]), Stop);
        Assert.Equal([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1], later.Values);
    }

    [Fact]
    public void Hashed_words_share_columns_and_a_new_word_has_the_column_of_all_new_words()
    {
        string[] words = [.. Enumerable.Range(0, 100).Select(i => $"word {i}")];
        using var space = Learn(new([TextColumn.Of("w", words.Concat(words))]), "w", new Dictionary<string, TextAs> { ["w"] = TextAs.Hash });
        Assert.Equal(32 + 2, space.Names.Count);
        var later = space.Of(new([TextColumn.Of("w", ["word 7", "never seen", null])]), Stop);
        Assert.Equal([HashFeature.Bucket("word 7", 32), 32, 33], Enumerable.Range(0, 3).Select(row => later.Row(row).IndexOf(1f)));
    }

    [Fact]
    public void Means_of_the_target_are_drawn_towards_all_where_a_word_is_rare_and_out_of_fold_where_it_is_learned_from()
    {
        var words = TextColumn.Of("w", Enumerable.Range(0, 1000).Select(i => $"w{i % 60}"));
        var target = new Target([.. Enumerable.Range(0, 1000).Select(i => i % 60 == 0 ? 1f : 0f)], 1);
        var learned = Assert.IsType<MeansFeature>(Assert.Single(FeatureChoice.Learn(new([words]), ["w"], AsUsual, target, false, (_, _) => { })));
        var (seen, overall) = (17, 17 / 1000.0);
        Assert.Equal((float)((seen + (MeansFeature.Prior * overall)) / (seen + MeansFeature.Prior)), learned.Means[learned.Words.ToList().IndexOf("w0")][0]);
        var matrix = new Matrix(new float[1000], 1);
        TargetMeans.OutOfFold(words, target, matrix, 0, seed: 1);
        // What a row is told never counts its own target: it is less than what all rows of the word say together.
        Assert.All(Enumerable.Range(0, 1000).Where(row => row % 60 == 0), row => Assert.True(matrix.Values[row] < learned.Means[learned.Words.ToList().IndexOf("w0")][0]));
    }

    [Fact]
    public void Noise_explains_nothing_by_means_that_are_out_of_fold()
    {
        var chance = new Random(3);
        var words = TextColumn.Of("w", Enumerable.Range(0, 2000).Select(_ => $"w{chance.Next(400)}"));
        var target = new Target([.. Enumerable.Range(0, 2000).Select(_ => (float)(chance.NextDouble() - 0.5))], 1);
        var matrix = new Matrix(new float[2000], 1);
        TargetMeans.OutOfFold(words, target, matrix, 0, seed: 1);
        Assert.True(Correlation(matrix.Values, target.Values) < 0.05);
    }

    [Fact]
    public void What_is_the_same_in_every_row_and_what_names_rows_is_left_out_and_said()
    {
        var left = new Dictionary<string, string>();
        var rows = new Rows([new NumberColumn("one", [.. Enumerable.Repeat(1.0, 50)]), TextColumn.Of("id", Enumerable.Range(0, 50).Select(i => $"order {i}")), new NumberColumn("x", [.. Enumerable.Range(0, 50).Select(i => (double)i)])]);
        var features = FeatureChoice.Learn(rows, ["one", "id", "x"], AsUsual, null, false, (name, why) => left[name] = why);
        Assert.Equal("x", Assert.Single(features).Name);
        Assert.Equal(["id", "one"], left.Keys.Order());
    }

    [Fact]
    public void A_thousand_rows_one_by_one_have_bit_for_bit_the_features_of_all_at_once()
    {
        var rows = MadeTables.Orders(1000, 5);
        using var space = Learn(rows, "price", ["amount", "city", "channel", "ordered"]);
        var all = space.Of(rows, Stop);
        for (var row = 0; row < 1000; row++)
            Assert.True(all.Row(row).SequenceEqual(space.Of(rows.Take([row]), Stop).Values));
    }

    private static FeatureSpace Learn(Rows rows, string column, IReadOnlyDictionary<string, TextAs> encodings) => new(FeatureChoice.Learn(rows, [column], encodings, null, true, (_, _) => { }));

    private static FeatureSpace Learn(Rows rows, string column, params string[] more) => new(FeatureChoice.Learn(rows, [column, .. more], AsUsual, null, true, (_, _) => { }));

    private static double Correlation(float[] a, float[] b)
    {
        var (ma, mb) = (a.Average(), b.Average());
        return a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum() / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }
}
