namespace Steward.Training.Tests.Tables;

/// <summary>The file that is served says what the trainer itself says, to 1e-5 of the target's spread, whatever the rows hold.</summary>
public class ExportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly string[] Columns = ["price", "amount", "city", "channel", "ordered"];

    [Theory]
    [InlineData("linear")]
    [InlineData("lightgbm")]
    [InlineData("fasttree")]
    [InlineData("mean")]
    public void Numbers_are_told_as_the_trainer_tells_them(string algorithm)
    {
        var (train, test) = (MadeTables.Orders(3000, 1, cities: 60), Odd(MadeTables.Orders(1000, 2, cities: 70, missing: 0.2)));
        var revenue = ((NumberColumn)train.Get("revenue", "")).Values;
        var (mean, deviation) = (revenue.Average(), Math.Sqrt(revenue.Average(y => y * y) - Math.Pow(revenue.Average(), 2)));
        float[] target = [.. revenue.Select(y => (float)((y - mean) / deviation))];
        using var space = new FeatureSpace(FeatureChoice.Learn(train, Columns, new Dictionary<string, TextAs>(), new(target, 1), false, (_, _) => { }));
        Assert.Contains(space.Features, feature => feature is MeansFeature { Name: "city" });
        var features = space.Of(train, Stop);
        IFit fit = algorithm switch
        {
            "linear" => LinearFit.Of(features, target, 1, Stop),
            "mean" => new ConstantFit([0]),
            _ => TreesFit.Regression(algorithm == "lightgbm" ? TreeKind.LightGbm : TreeKind.FastTree, new() { Trees = 60 }, features, target, 1),
        };
        using var run = new ModelRun(TableModel.Regression(space.Features, fit, mean, deviation, "revenue"));
        var (told, own) = (run.Numbers(test, "prediction", Stop), fit.Of(space.Of(test, Stop)));
        Assert.All(Enumerable.Range(0, test.Count), row => Assert.Equal((own[row] * deviation) + mean, told[row], 1e-5 * deviation));
        Assert.True(algorithm == "mean" || told.Distinct().Count() > 100);
    }

    [Theory]
    [InlineData("linear", 3)]
    [InlineData("lightgbm", 3)]
    [InlineData("fasttree", 3)]
    [InlineData("linear", 2)]
    [InlineData("lightgbm", 2)]
    [InlineData("fasttree", 2)]
    public void Classes_are_told_as_the_trainer_tells_them(string algorithm, int count)
    {
        var (train, test) = (MadeTables.Orders(3000, 1), Odd(MadeTables.Orders(1000, 2, cities: 20, missing: 0.2)));
        string[] labels = count == 3 ? ["large", "local", "small"] : ["large", "not"];
        int[] kinds = [.. Enumerable.Range(0, train.Count).Select(row => Math.Min(count - 1, Array.IndexOf(["large", "local", "small"], train.Get("kind", "").Say(row))))];
        using var space = new FeatureSpace(FeatureChoice.Learn(train, Columns, new Dictionary<string, TextAs>(), null, false, (_, _) => { }));
        var features = space.Of(train, Stop);
        IFit fit = algorithm == "linear" ? LogisticFit.Of(features, kinds, count, 1, Stop) : TreesFit.Classification(algorithm == "lightgbm" ? TreeKind.LightGbm : TreeKind.FastTree, new() { Trees = 40 }, features, kinds, count, 1, Stop);
        using var run = new ModelRun(TableModel.Classification(space.Features, space.Names.Count, fit, labels, "kind", 1));
        var (told, own) = (run.Table(test, "probabilities", Stop), fit.Of(space.Of(test, Stop)));
        Assert.All(own.Zip(told.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(Enumerable.Range(0, test.Count), row => Assert.Equal(1, told.Row(row).ToArray().Sum(p => (double)p), 1e-5));
        var right = Enumerable.Range(0, train.Count).Count(row => fit.Of(new(features.Row(row).ToArray(), features.Columns)).ToList() is var p && p.IndexOf(p.Max()) == kinds[row]);
        Assert.True(right > 0.8 * train.Count || algorithm != "linear", $"Only {right} of {train.Count} are right.");
    }

    [Fact]
    public void A_class_that_no_row_was_of_is_never_answered()
    {
        var train = MadeTables.Orders(500, 1);
        int[] kinds = [.. Enumerable.Range(0, train.Count).Select(row => train.Get("kind", "").Say(row) == "large" ? 0 : 1)];
        using var space = new FeatureSpace(FeatureChoice.Learn(train, Columns, new Dictionary<string, TextAs>(), null, false, (_, _) => { }));
        foreach (var fit in new IFit[] { LogisticFit.Of(space.Of(train, Stop), kinds, 3, 1, Stop), TreesFit.Classification(TreeKind.LightGbm, new() { Trees = 5 }, space.Of(train, Stop), kinds, 3, 1, Stop) })
        {
            using var run = new ModelRun(TableModel.Classification(space.Features, space.Names.Count, fit, ["a", "b", "c"], "kind", 1));
            Assert.All(Enumerable.Range(0, train.Count), row => Assert.InRange(run.Table(train.Take([row]), "probabilities", Stop).Row(0)[2], 0, 1e-6f));
        }
    }

    /// <summary>The first rows hold what no training row held: no value at all, words nobody knows, wild numbers, times before 1970.</summary>
    private static Rows Odd(Rows rows)
    {
        var price = ((NumberColumn)rows.Get("price", "")).Values;
        (price[0], price[1], price[2]) = (double.NaN, 1e12, -1e12);
        var micros = ((TimeColumn)rows.Get("ordered", "")).Micros;
        (micros[0], micros[1], micros[2]) = (TimeColumn.Missing, TimeColumn.Of(new(1912, 2, 29)), long.MaxValue);
        var city = rows.Get("city", "");
        return new([.. rows.Columns.Select(column => column.Name == "city" ? TextColumn.Of("city", Enumerable.Range(0, rows.Count).Select(row => row == 0 ? null : row < 3 ? "nowhere" : city.Say(row))) : column)]);
    }
}
