using System.Xml.Linq;
using Steward.Drawing;

namespace Steward.Stories.Tests;

/// <summary>What one is asked to show at the end.</summary>
public class ShowMeTests
{
    private const int Seeds = 60;

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void A_seed_is_a_task_and_the_next_seed_is_another(string topic, string language)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            Assert.Equal(Look(Explained.Task(topic, seed, language)), Look(Explained.Task(topic, seed, language)));
            Assert.NotEqual(Look(Explained.Task(topic, seed, language)), Look(Explained.Task(topic, seed + 1, language)));
        }
    }

    [Theory]
    [MemberData(nameof(Explained.Keys), MemberType = typeof(Explained))]
    public void Exactly_one_choice_is_right_and_it_has_no_place_of_its_own(string topic)
    {
        var tasks = Enumerable.Range(0, Seeds).Select(seed => Explained.Task(topic, seed)).Where(task => !task.IsSorting).ToList();
        Assert.All(tasks, task =>
        {
            Assert.Equal(3, task.Choices.Select(choice => choice.Name).Distinct().Count());
            Assert.Equal([task.Right], Enumerable.Range(-1, 5).Where(task.Accepts));
        });
        Assert.All(tasks.CountBy(task => task.Right), place => Assert.InRange(place.Value, Seeds / 6, Seeds / 2));
    }

    [Theory]
    [MemberData(nameof(Explained.Keys), MemberType = typeof(Explained))]
    public void A_panel_of_the_story_answers_it(string topic) => Assert.Contains(Explained.Task(topic, 1).Beat, Explained.Tell(topic).Panels.Select(panel => panel.Beat));

    [Fact]
    public void Heaps_are_right_however_they_are_called()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var task = Explained.Task("unsupervised", seed);
            Assert.Equal(9, task.Choices.Count);
            Assert.True(task.Accepts([.. task.Heaps!.Select(heap => 3 - heap)]));
            Assert.False(task.Accepts([.. task.Heaps!.Select(_ => 1)]));
            Assert.False(task.Accepts([.. task.Heaps!.Select((heap, i) => i == seed % 9 ? 7 : heap)]));
            Assert.False(task.Accepts([.. task.Heaps!.Skip(1)]));
        }
    }

    [Fact]
    public void What_is_drawn_of_the_share_and_the_rooms_is_the_projects_own()
    {
        var at = DateTimeOffset.UnixEpoch;
        var record = new Source("project", "steward.yaml", "/projects/fruit/settings");
        var share = Explained.Book("canary", all => all.Share("share", 0.25, 0, record, at, "traffic"));
        Assert.Contains("5 of 20", ShowMeTasks.For(Explained.Topics.Of("canary"), share, Catalogue.English, 3).Choices.Single(choice => choice.IsRight).Name, StringComparison.Ordinal);
        var rooms = Explained.Book("kubernetes", all => all.Count("rooms", 2, record, at));
        Assert.Contains("keep 2 rooms", ShowMeTasks.For(Explained.Topics.Of("kubernetes"), rooms, Catalogue.English, 3).Ask, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Explained.All), MemberType = typeof(Explained))]
    public void Every_choice_is_a_picture_with_a_name(string topic, string language)
    {
        foreach (var seed in new[] { 0, 1, 2 })
            foreach (var choice in Explained.Task(topic, seed, language) is var task && task.Shown is { } shown ? task.Choices.Append(shown) : task.Choices)
                foreach (var palette in new[] { Palette.Day, Palette.Evening })
                    Assert.Equal(choice.Name, XElement.Parse(Card.Svg(choice, palette)).Element(XName.Get("title", "http://www.w3.org/2000/svg"))!.Value);
    }

    private static string Look(ShowMe task) => task.Ask + string.Concat((task.Shown is { } shown ? task.Choices.Prepend(shown) : task.Choices).Select(choice => Card.Svg(choice, Palette.Day)));
}
