using System.Text.Json;
using Steward.Tracking;

namespace Steward.Training.Tests;

/// <summary>Parts of the test split, measured by themselves.</summary>
public class SlicingTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "slices.json"))).RootElement;

    public static TheoryData<string> Classifications => Named("classification");

    public static TheoryData<string> Regressions => Named("regression");

    [Theory, MemberData(nameof(Classifications))]
    public void Answers_of_a_slice_are_scored_as_scikit_learn_does(string name)
    {
        var one = Find("classification", name);
        var (truth, answers) = (Read<int[]>(one, "truth"), Read<int[]>(one, "answers"));
        Same(one, Slicing.Of([new("of", Read<string[]>(one, "values"))], Slicing.OfAnswers(truth, answers, one.GetProperty("classes").GetInt32()), false, truth.Length, 1)!);
    }

    [Theory, MemberData(nameof(Regressions))]
    public void Predicted_numbers_of_a_slice_are_scored_as_scikit_learn_does(string name)
    {
        var one = Find("regression", name);
        var (truth, told) = (Read<double[]>(one, "truth"), Read<double[]>(one, "predicted"));
        Same(one, Slicing.Of([new("of", Read<string[]>(one, "values"))], Slicing.OfNumbers(truth, told), true, truth.Length, 1)!);
    }

    [Fact]
    public void The_worst_comes_first_and_small_ones_last()
    {
        string[] values = [.. Enumerable.Repeat("good", 100), .. Enumerable.Repeat("bad", 60), .. Enumerable.Repeat("tiny", 3)];
        double[] worth = [.. values.Select(value => value switch { "good" => 0.9, "bad" => 0.4, _ => 0.0 })];
        var sliced = Slicing.Of([new("light", values), new("same", [.. values.Select(_ => "x")])], [Slicing.OfMeans("ndcg@10", worth)], false, values.Length, 1)!;
        // What tells nothing apart is no slice.
        Assert.Equal(["light=bad", "light=good", "light=tiny"], sliced.WorstFirst.Select(slice => slice.Name));
        Assert.Equal([false, false, true], sliced.WorstFirst.Select(slice => slice.IsSmall));
        Assert.Equal(worth.Average(), sliced.Whole["ndcg@10"], 1e-12);
        Assert.Null(Slicing.Of([new("same", [.. values.Select(_ => "x")])], [Slicing.OfMeans("ndcg@10", worth)], false, values.Length, 1));
    }

    [Fact]
    public void Many_different_numbers_are_cut_into_quarters()
    {
        var by = SliceBy.Of(new NumberColumn("age", [.. Enumerable.Range(0, 100).Select(i => (double)i), double.NaN]));
        Assert.Equal(["", "25 to under 50", "50 to under 75", "from 75", "under 25"], by.Values.Distinct().Order(StringComparer.Ordinal));
        Assert.All(by.Values.CountBy(value => value).Where(pair => pair.Key.Length > 0), pair => Assert.Equal(25, pair.Value));
        Assert.Equal(3, SliceBy.Of(new NumberColumn("rooms", [1, 2, 3, 1, 2])).Values.Distinct().Count());
    }

    [Fact]
    public void Of_very_many_values_the_commonest_are_judged_and_the_rest_counted()
    {
        string[] values = [.. Enumerable.Range(0, 300).Select(i => $"city {(i < 200 ? i % 10 : i)}")];
        var sliced = Slicing.Of([new("city", values)], [Slicing.OfMeans("mase", new double[300])], true, 300, 1)!;
        Assert.Equal((50, 60), (sliced.Slices.Count, sliced.LeftOut["city"]));
    }

    private static void Same(JsonElement one, Sliced ours)
    {
        foreach (var theirs in one.GetProperty("slices").EnumerateObject())
        {
            var slice = ours.Slices.Single(slice => slice.Value == theirs.Name);
            Assert.Equal(theirs.Value.GetProperty("n").GetInt32(), slice.N);
            foreach (var (metric, told) in slice.Metrics)
            {
                Assert.Equal(theirs.Value.GetProperty(metric).GetDouble(), told.Value, 1e-9);
                Assert.InRange(told.Value, told.Low - 0.05 * Math.Abs(told.Value), told.High + 0.05 * Math.Abs(told.Value));
            }
        }
        Assert.Equal(one.GetProperty("slices").EnumerateObject().Count(), ours.Slices.Count);
    }

    private static T Read<T>(JsonElement one, string name) => one.GetProperty(name).Deserialize<T>()!;

    private static JsonElement Find(string group, string name) => Cases.GetProperty(group).EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private static TheoryData<string> Named(string group) => [.. Cases.GetProperty(group).EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];
}
