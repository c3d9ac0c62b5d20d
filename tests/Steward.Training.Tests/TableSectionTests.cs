using Steward.Projects;

namespace Steward.Training.Tests;

/// <summary>The section <c>train</c> of a project that learns from a table.</summary>
public class TableSectionTests
{
    private static readonly ProjectFileReader Reader = new([TrainSection.Section]);

    [Theory]
    [InlineData("{task: regressing, from: silver.orders, target: y}", "write picture-classification, regression, classification, recommendation or forecasting")]
    [InlineData("{task: regression, target: y}", "name the table to learn from")]
    [InlineData("{task: regression, from: silver.orders}", "name the column to be told")]
    [InlineData("{task: forecasting, from: silver.orders, target: y}", "name the column that says when")]
    [InlineData("{task: recommendation, from: silver.orders}", "name the columns of who and what")]
    [InlineData("{task: regression, from: silver.orders, target: y, holdout: last_7d}", "needs to know when")]
    [InlineData("{task: regression, from: silver.orders, target: y, holdout: some}", "write 20%, last_20% or last_7d")]
    [InlineData("{task: regression, from: silver.orders, target: y, features: [x, y]}", "cannot be told from itself")]
    [InlineData("{task: regression, from: silver.orders, target: y, features: [auto, x]}", "write auto, or the list of columns")]
    [InlineData("{task: regression, from: silver.orders, target: y, algorithms: [als]}", "'als' recommends; for regression write linear, lightgbm, fasttree or mean")]
    [InlineData("{task: regression, from: silver.orders, target: y, algorithms: [linear, linear]}", "'linear' is there twice")]
    [InlineData("{task: regression, from: silver.orders, target: y, algorithms: [lightgbm: {trees: 0}]}", "trees is 1 to 5000")]
    [InlineData("{task: regression, from: silver.orders, target: y, algorithms: [{linear: {}, lightgbm: {}}]}", "say one algorithm")]
    [InlineData("{task: regression, from: silver.orders, target: y, repeats: 0}", "1 to 20 seeds")]
    [InlineData("{from: silver.orders}", "are about tables")]
    public void What_cannot_be_learned_is_told_in_words(string train, string why)
        => Assert.Contains(Reader.Read($"steward: 1\nproject: offers\ntrain: {train}").Complaints, complaint => complaint.Why.Contains(why, StringComparison.Ordinal));

    [Fact]
    public void An_unknown_key_comes_with_the_one_that_was_meant()
    {
        var complaint = Assert.Single(Reader.Read("steward: 1\nproject: offers\ntrain: {task: regression, from: silver.orders, target: y, algoritms: [linear]}").Complaints);
        Assert.Contains("algorithms", complaint.Try, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_auto_or_a_list_and_algorithms_are_words_or_words_with_settings()
    {
        var plan = Read("{task: regression, from: silver.orders@12, target: y, features: auto, algorithms: [linear, lightgbm: {trees: 7}, {name: deep, fasttree: {leaves: 64}}]}");
        Assert.Equal(["auto"], plan.Features);
        Assert.Equal(["linear", "lightgbm", "deep"], plan.Tried.Select(one => one.Title));
        Assert.Equal((7, 31, 64), (plan.Algorithms[1].LightGbm!.Trees, plan.Algorithms[1].LightGbm!.Leaves, plan.Algorithms[2].FastTree!.Leaves));
        Assert.Equal(["a", "b"], Read("{task: regression, from: silver.orders, target: y, features: [a, b]}").Features);
    }

    [Theory]
    [InlineData("regression", "linear, lightgbm, fasttree")]
    [InlineData("classification", "linear, lightgbm, fasttree")]
    [InlineData("recommendation", "als, popular")]
    [InlineData("forecasting", "linear, lightgbm, seasonal-naive")]
    public void Without_a_word_the_usual_algorithms_of_the_task_are_tried(string task, string algorithms)
        => Assert.Equal(algorithms, string.Join(", ", Read($"{{task: {task}, from: silver.orders, target: y, time: t, recommend: {{user: u, item: i}}}}").Tried.Select(one => one.Title)));

    [Theory]
    [InlineData("regression", "valid.rmse", "test.rmse", "Minimize")]
    [InlineData("classification", "valid.f1_macro", "test.f1_macro", "Maximize")]
    [InlineData("recommendation", "valid.ndcg@10", "test.ndcg@10", "Maximize")]
    [InlineData("forecasting", "valid.mase", "test.mase", "Minimize")]
    public void Every_task_has_one_metric_that_chooses_and_the_same_one_that_is_judged_by(string task, string chooses, string judges, string direction)
    {
        var plan = StudyPlan.Of(Read($"{{task: {task}, from: silver.orders, target: y, time: t, recommend: {{user: u, item: i}}}}"), "silver.orders@1");
        Assert.Equal((chooses, judges, direction), (plan.Primary.Metric, plan.OfTest, plan.Primary.Direction.ToString()));
    }

    private static TrainSection Read(string train)
    {
        var read = Reader.Read($"steward: 1\nproject: offers\ntrain: {train}");
        Assert.Empty(read.Complaints);
        return read.File!.Get<TrainSection>("train");
    }
}
