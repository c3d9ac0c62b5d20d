using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary>The first command of the README, run once by the built program; each promise looks at what it printed.</summary>
public sealed class DemoTests(Demo demo) : IClassFixture<Demo>
{
    [Fact]
    public void It_ends_well() => Assert.True(demo.Said.ExitCode == 0, demo.Said.ToString());

    [Fact]
    public void Three_versions_served_each_with_its_gates_and_a_signature()
    {
        var versions = demo.Summary.GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal(["fruit@1", "fruit@2", "fruit@3"], versions.Select(one => one.GetProperty("version").GetString()));
        Assert.Equal(["pictures@1", "pictures@1", "pictures@2"], versions.Select(one => one.GetProperty("data").GetString()));
        Assert.All(versions, one => Assert.Equal(5, one.GetProperty("words").GetString()!.Split(' ', '-').Length));
        Assert.InRange(versions[1].GetProperty("testF1").GetDouble(), 0.92, 1);
    }

    [Fact]
    public void Nothing_was_promoted_before_the_people_agreed()
        => Assert.All(demo.Summary.GetProperty("refusals").EnumerateArray(), refused => Assert.Equal(("waiting_for_people", 5), (refused.GetProperty("code").GetString(), refused.GetProperty("exitCode").GetInt32())));

    [Fact]
    public void The_changed_world_is_noticed_acted_on_and_asked_about()
    {
        var incident = demo.Summary.GetProperty("incident");
        Assert.Equal(1, incident.GetProperty("number").GetInt32());
        Assert.InRange(incident.GetProperty("after").GetInt32(), 100, 400);
        Assert.True(incident.GetProperty("deeds").GetArrayLength() >= 3, incident.ToString());
        Assert.Equal(40, demo.Summary.GetProperty("labelled").GetInt32());
    }

    [Fact]
    public void It_knew_then_did_not_and_learned_again()
    {
        var (before, changed, after, known) = (Right("before"), Right("changed"), Right("after"), Right("afterKnown"));
        Assert.True(changed < before - 5, $"{before} right before the change, {changed} under it");
        Assert.True(after >= 170, $"{changed} of 200 right under the new style, {after} after relearning; 17 of 20 are promised");
        Assert.True(known > changed, $"{known} of the known styles right after relearning");

        int Right(string share) => demo.Summary.GetProperty(share).GetProperty("right").GetInt32();
    }

    [Fact]
    public void It_ends_with_the_comics_of_what_happened()
    {
        var stories = demo.Summary.GetProperty("stories").EnumerateArray().ToList();
        Assert.Equal(["Pom 3 Wants to Help", "Pom 2 and the Strange Pictures"], stories.Select(one => one.GetProperty("title").GetString()));
        Assert.All(stories, one => Assert.True(one.GetProperty("published").GetBoolean() && one.GetProperty("seconds").GetDouble() is > 20 and <= 120, one.ToString()));
        Assert.Equal([4, 3], stories.Select(one => one.GetProperty("episode").GetInt32()));
    }

    [Fact]
    public void A_folder_that_holds_data_is_not_touched()
        => Assert.Equal(3, demo.Again.ExitCode);
}

/// <summary>One run of the demo, and a second one on the same folder.</summary>
public sealed class Demo : IAsyncLifetime
{
    internal Said Said { get; private set; } = null!;

    internal Said Again { get; private set; } = null!;

    internal JsonElement Summary => JsonDocument.Parse(Said.Out).RootElement;

    public async ValueTask InitializeAsync()
    {
        var (here, home) = (TestFolder.New(), TestFolder.New());
        var data = Path.Combine(here, "data");
        Said = await Program.Run(here, home, TestContext.Current.CancellationToken, "demo", "--exit", "--json", "--data", data, "--port", "0", "--seed", "3");
        Again = await Program.Run(here, home, TestContext.Current.CancellationToken, "demo", "--exit", "--json", "--data", data, "--port", "0");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
