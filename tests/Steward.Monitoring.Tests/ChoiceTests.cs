using Steward.Serving;

namespace Steward.Monitoring.Tests;

public sealed class ChoiceTests
{
    [Fact]
    public void Each_picture_once_and_only_with_a_picture()
    {
        var twins = new[] { Answer(0, 0.1), Answer(0, 0.1), Answer(1, 0.1) with { Picture = null } };
        Assert.Single(Choice.Of(twins, 5, new Random(1)));
    }

    [Fact]
    public void The_closest_decision_comes_first()
    {
        var chosen = Choice.Of([.. Enumerable.Range(0, 200).Select(i => Answer(i, i / 200.0))], 20, new Random(1));
        Assert.Equal(20, chosen.Count);
        Assert.Equal(chosen.OrderBy(one => one.Margin), chosen);
        Assert.All(chosen, one => Assert.True(one.Margin < 0.25));
    }

    [Fact]
    public void Of_many_alike_and_a_few_others_every_sort_is_chosen()
    {
        var alike = Enumerable.Range(0, 20).Select(i => Answer(i, 0.1) with { Embedding = [i * 1e-4f, 0] });
        var others = Enumerable.Range(90, 5).Select(i => Answer(i, 0.2) with { Embedding = [i * 10f, i] });
        var chosen = Choice.Of([.. alike, .. others], 10, new Random(1));
        Assert.Equal(5, chosen.Count(one => one.Margin > 0.15));
    }

    [Fact]
    public void What_somebody_said_was_wrong_comes_first_and_once()
    {
        List<Prediction> answers = [.. Enumerable.Range(0, 100).Select(i => Answer(i, i / 100.0))];
        var chosen = Choice.Of(answers, [answers[90], answers[80], answers[90]], 10, new Random(1));
        Assert.Equal(["0090", "0080"], chosen.Take(2).Select(one => one.Id));
        Assert.Equal((10, 10), (chosen.Count, chosen.DistinctBy(one => one.Picture).Count()));
        Assert.Equal(3, Choice.Of([], answers[..9], 3, new Random(1)).Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_choice()
    {
        List<Prediction> answers = [.. Enumerable.Range(0, 100).Select(i => Answer(i, 0.3))];
        Assert.Equal(Choice.Of(answers, 10, new Random(4)), Choice.Of([.. Enumerable.Reverse(answers)], 10, new Random(4)));
    }

    private static Prediction Answer(int number, double margin) => new(
        $"{number:0000}", "shop", "fruit", 1, default, "apple", (1 + margin) / 2, "pear", margin, [number % 10, (float)margin], Digest.Of($"{number}"), 100, false);
}
