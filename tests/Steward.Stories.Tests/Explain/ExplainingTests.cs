using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Drawing;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;

namespace Steward.Stories.Tests;

/// <summary>What a whole server explains, with the figures of its project.</summary>
public class ExplainingTests() : TestHost()
{
    private const string Own = """
        steward: 1
        project: shop
        signoff:
          parties: [{party: ops}, {party: law}]
        serve: {endpoint: shop-answers, release: {canary: [10, 100], step: 10m}}
        monitor: {window: 250}
        loop: [{when: drift, then: [ask_for_labels: {batch: 12}]}]
        """;

    private static readonly Who Maria = new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { ["shop"] = new HashSet<Role> { Role.Editor } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_of_the_project_file_take_the_place_of_examples()
    {
        (string Topic, string Own)[] all = [("sign-off", "2"), ("canary", "10.0 %"), ("drift", "250"), ("active-learning", "12")];
        await Put("steward: 1\nproject: shop\n");
        foreach (var (topic, _) in all)
            Assert.All(await Sources(topic), said => Assert.EndsWith("(an example)", said, StringComparison.Ordinal));
        await Put(Own);
        foreach (var (topic, own) in all)
            Assert.Contains(await Sources(topic), said => said.EndsWith($": {own}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pictures_with_names_and_their_kinds_are_those_of_the_data_set()
    {
        await Put(Own);
        await Add(12);
        Assert.Contains("pictures with a name: 8", await Sources("supervised"));
        Assert.Contains("pictures to sort: 12", await Sources("unsupervised"));
        Assert.Contains("bent", await Http.GetStringAsync("/api/projects/shop/explain/supervised", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gap_between_what_was_learned_and_what_is_new_is_the_newest_versions_own()
    {
        await Put(Own);
        await Add(12);
        await Register(new() { ["train.accuracy"] = 1, ["train.n"] = 3000, ["test.accuracy"] = 0.62, ["test.n"] = 300 });
        Assert.Equal(["right on what it learned from: 100.0 %, n 3,000", "right on what was new: 62.0 %, n 300"], await Sources("overfitting"));
        Assert.Equal(["things that are packed with the model: 2"], await Sources("container"));
    }

    [Fact]
    public async Task A_version_that_says_nothing_of_what_it_learned_from_leaves_the_example()
    {
        await Put(Own);
        await Add(12);
        await Register(new() { ["test.accuracy"] = 0.62, ["test.n"] = 300 });
        Assert.All(await Sources("overfitting"), said => Assert.EndsWith("(an example)", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_names_every_topic_in_the_readers_language()
    {
        await Put(Own);
        var list = (await Http.GetFromJsonAsync<List<TopicView>>("/api/projects/shop/explain?language=de", Stop))!;
        Assert.Equal(10, list.Count);
        Assert.All(list, topic => Assert.InRange(topic.Seconds, 20, 60));
        Assert.Contains(list, topic => topic is { Topic: "drift", Title: "Die Welt bewegt sich" });
    }

    [Fact]
    public async Task What_cannot_be_explained_says_why()
    {
        await Put(Own);
        foreach (var (address, code) in new[]
        {
            ("shop/explain/blockchain", "topic_unknown"), ("shop/explain/drift?language=tlh", "language_unknown"), ("shop/explain/drift/comic.svg?panel=9", "panel_not_found"),
            ("shop/explain/drift/comic.svg?palette=mud", "palette_invalid"), ("shop/explain/drift/tasks/1/7.svg", "picture_not_found"), ("shop/explain/drift/tasks/1/outcome", "answer_missing"), ("nowhere/explain/drift", "project_not_found"),
        })
        {
            using var reply = await Http.GetAsync($"/api/projects/{address}", Stop);
            Assert.Equal(code, (await reply.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task It_is_drawn_and_a_seen_drawing_is_not_sent_again()
    {
        await Put(Own);
        foreach (var (file, type) in new[] { ("comic.svg?form=phone&palette=evening", "image/svg+xml"), ("comic.svg?panel=3&language=de", "image/svg+xml"), ("comic.png", "image/png"), ("comic.pdf", "application/pdf") })
        {
            using var drawn = await Http.GetAsync($"/api/projects/shop/explain/pod/{file}", Stop);
            Assert.Equal(type, drawn.Content.Headers.ContentType!.MediaType);
            using var again = new HttpRequestMessage(HttpMethod.Get, drawn.RequestMessage!.RequestUri);
            again.Headers.IfNoneMatch.Add(drawn.Headers.ETag!);
            using var same = await Http.SendAsync(again, Stop);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }
    }

    [Fact]
    public async Task A_task_is_judged_and_names_the_panel_that_answers_it()
    {
        await Put(Own);
        var task = (await Http.GetFromJsonAsync<TaskView>("/api/projects/shop/explain/drift/tasks/4", Stop))!;
        var right = task.Choices.Index().Single(choice => choice.Item.Contains("climbs", StringComparison.Ordinal)).Index;
        Assert.Equal((true, 4), await Outcome($"drift/tasks/4/outcome?choice={right}"));
        Assert.Equal((false, 4), await Outcome($"drift/tasks/4/outcome?choice={(right + 1) % 3}"));
        var heaps = (await Http.GetFromJsonAsync<TaskView>("/api/projects/shop/explain/unsupervised/tasks/5", Stop))!;
        string Sorted(Func<string, int> by) => "unsupervised/tasks/5/outcome?" + string.Join('&', heaps.Choices.Select(name => $"heap={by(name)}"));
        Assert.Equal((true, 3), await Outcome(Sorted(name => name.Length)));
        Assert.Equal((false, 3), await Outcome(Sorted(_ => 1)));
    }

    [Fact]
    public async Task Two_in_a_row_are_understood_and_a_wrong_one_shows_its_panel_and_begins_again()
    {
        await Put(Own);
        var (right, next) = (Explained.Task("overfitting", 1).Right, Explained.Task("overfitting", 2).Right);
        var first = await Page($"overfitting?task=1&choice={right}");
        Assert.Contains("Yes, that is right. And now this.", first, StringComparison.Ordinal);
        Assert.Contains("name=\"task\" value=\"2\"", first, StringComparison.Ordinal);
        Assert.Contains("name=\"right\" value=\"1\"", first, StringComparison.Ordinal);
        Assert.Contains("You understood it!", await Page($"overfitting?task=2&right=1&choice={next}"), StringComparison.Ordinal);
        var wrong = await Page($"overfitting?task=2&right=1&choice={(next + 1) % 3}");
        Assert.Contains("Look at this picture again", wrong, StringComparison.Ordinal);
        Assert.Contains("#panel-3\"", wrong, StringComparison.Ordinal);
        Assert.Contains("name=\"right\" value=\"0\"", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("You understood it!", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_without_a_right_to_read_gets_an_explanation()
    {
        await Put(Own);
        var closed = new TestHost(settings => settings with { Open = false });
        await closed.InitializeAsync();
        await closed.Services.GetRequiredService<IProjects>().Put(Own, Who.Steward, Stop);
        foreach (var address in new[] { "explain", "explain/drift", "explain/drift/comic.svg", "explain/drift/tasks/1", "explain/drift/tasks/1/outcome?choice=0", "explain/drift/tasks/1/0.svg" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await closed.Http.GetAsync($"/api/projects/shop/{address}", Stop)).StatusCode);
        await closed.DisposeAsync();
    }

    private async Task<(bool, int)> Outcome(string address)
    {
        var outcome = (await Http.GetFromJsonAsync<OutcomeView>($"/api/projects/shop/explain/{address}", Stop))!;
        return (outcome.Right, outcome.Panel);
    }

    private Task<string> Page(string address) => Http.GetStringAsync($"/projects/shop/explain/{address}", Stop);

    private async Task<IReadOnlyList<string>> Sources(string topic)
    {
        var told = await Http.GetFromJsonAsync<JsonElement>($"/api/projects/shop/explain/{topic}", Stop);
        return [.. told.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("said").GetString()!)];
    }

    private Task Put(string yaml) => Services.GetRequiredService<IProjects>().Put(yaml, Who.Steward, Stop);

    /// <summary>Pictures of three kinds; a third of them without a name.</summary>
    private async Task Add(int pictures)
    {
        var (blobs, items) = (Services.GetRequiredService<IBlobs>(), new List<Data.Item>());
        string[] kinds = ["bent", "scratched", "whole", ""];
        for (var i = 0; i < pictures; i++)
        {
            using var png = new MemoryStream(Picture.FromRgb(4, 4, [.. Enumerable.Range(0, 48).Select(at => (byte)((at * 5) + (i * 11)))]).EncodePng());
            items.Add(new($"a/{i:000}.png", (await blobs.Put(png, 1 << 20, Stop)).Digest, i % 3 == 2 ? "" : kinds[i / 2 % 3], (Split)(i % 3), "import"));
        }

        await Services.GetRequiredService<IDataSets>().Add(Maria, "shop", "pictures", new NewSnapshot(Reason.Import, items), Stop);
    }

    private async Task Register(Dictionary<string, double> metrics)
    {
        var run = await Services.GetRequiredService<IRuns>().Start(Maria, new("shop", "colours", "a try") { Data = "pictures@1" }, Stop);
        var (blobs, models) = (Services.GetRequiredService<IBlobs>(), Services.GetRequiredService<IModels>());
        await models.Register(Maria, new("shop", "colours", run.Id, "pictures@1", (await blobs.Put(SmallModels.Colours(side: 8), Stop)).Digest)
        {
            Metrics = metrics,
            Artifacts = new Dictionary<string, Digest> { ["card.json"] = (await blobs.Put("{}"u8.ToArray(), Stop)).Digest },
        }, Stop);
    }
}
