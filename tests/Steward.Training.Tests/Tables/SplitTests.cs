namespace Steward.Training.Tests.Tables;

/// <summary>What is held back, and what gives the target away.</summary>
public class SplitTests
{
    private static readonly TimeColumn Days = new("day", [.. Enumerable.Range(0, 100).Select(day => TimeColumn.Of(MadeTables.Start.AddDays(day)))]);

    private static Holdout Of(string text) => Holdout.Read(text)!;

    [Fact]
    public void The_last_days_are_held_back_and_nothing_later_is_learned_from()
    {
        var split = TableSplit.Of(100, Days, null, Of("last_7d"), Of("last_20%"), 1, 1);
        Assert.Equal(Enumerable.Range(93, 7), split.Test);
        Assert.True(split.Train.Max() < split.Valid.Min() && split.Valid.Max() < split.Test.Min());
        Assert.Equal(Enumerable.Range(0, 100), split.Train.Concat(split.Valid).Concat(split.Test).Order());
    }

    [Fact]
    public void A_group_is_on_one_side_only()
    {
        var group = TextColumn.Of("who", Enumerable.Range(0, 500).Select(i => $"g{i % 37}"));
        var split = TableSplit.Of(500, null, group, Of("20%"), Of("20%"), 1, 1);
        string[] Groups(int[] rows) => [.. rows.Select(group.Say).Distinct()];
        Assert.Empty(Groups(split.Test).Intersect(Groups(split.Known)));
        Assert.Empty(Groups(split.Train).Intersect(Groups(split.Valid)));
        Assert.InRange(split.Test.Length, 75, 125);
    }

    [Fact]
    public void With_a_time_a_group_is_where_its_last_row_is()
    {
        var group = TextColumn.Of("who", Enumerable.Range(0, 100).Select(i => i is 10 or 97 ? "both" : $"g{i}"));
        Assert.Contains(10, TableSplit.Of(100, Days, group, Of("last_7d"), Of("last_20%"), 1, 1).Test);
    }

    [Fact]
    public void Another_seed_chooses_other_rows_to_choose_by_and_the_same_to_test_on()
    {
        var (one, two) = (TableSplit.Of(300, null, null, Of("20%"), Of("20%"), 1, 1), TableSplit.Of(300, null, null, Of("20%"), Of("20%"), 1, 2));
        Assert.Equal(one.Test, two.Test);
        Assert.NotEqual(one.Valid, two.Valid);
    }

    [Fact]
    public void Rows_without_a_time_belong_nowhere_when_time_decides()
    {
        var times = new TimeColumn("day", [.. Days.Micros.Select((micros, i) => i == 50 ? TimeColumn.Missing : micros)]);
        var split = TableSplit.Of(100, times, null, Of("last_20%"), Of("last_20%"), 1, 1);
        Assert.DoesNotContain(50, split.Known.Concat(split.Test));
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("last_7")]
    [InlineData("last_0d")]
    [InlineData("95%")]
    [InlineData("all")]
    public void What_is_no_part_of_the_rows_is_no_holdout(string text) => Assert.Null(Holdout.Read(text));

    [Fact]
    public void The_target_under_another_name_stops_the_training_and_is_named()
    {
        var orders = MadeTables.Orders(400, 1);
        var cents = new NumberColumn("cents", [.. ((NumberColumn)orders.Get("revenue", "")).Values.Select(y => Math.Round(y * 100))]);
        var plan = new TrainSection { Task = TrainSection.Regression, From = "silver.orders", Target = "revenue", Algorithms = [new() { Linear = new() }] };
        var problem = Assert.Throws<ProblemException>(() => new Supervised(plan, new([.. orders.Columns, cents]), "silver.orders@1").Run((_, _) => { }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal("leak_suspected", problem.Code);
        Assert.Contains("'cents'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("train.ignore: [cents]", problem.Try, StringComparison.Ordinal);
        Assert.NotEmpty(new Supervised(plan with { Leaks = LeakPolicy.Allow }, new([.. orders.Columns, cents]), "silver.orders@1").Run((_, _) => { }, _ => { }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_code_for_the_class_and_a_number_that_parts_the_classes_are_leaks_and_honest_columns_are_not()
    {
        int[] kinds = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        Assert.NotNull(LeakCheck.Of(TextColumn.Of("code", kinds.Select(kind => kind == 0 ? "A" : "B")), kinds, 2));
        Assert.NotNull(LeakCheck.Of(new NumberColumn("score", [.. kinds.Select((kind, i) => kind + (i / 1000.0))]), kinds, 2));
        Assert.Null(LeakCheck.Of(new NumberColumn("honest", [.. kinds.Select((kind, i) => kind + (i / 100.0))]), kinds, 2));
        Assert.Null(LeakCheck.Of(TextColumn.Of("id", Enumerable.Range(0, 200).Select(i => $"{i}")), kinds, 2));
    }
}
