using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Drawing;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Testing;
using Steward.Work;

namespace Steward.Labeling.Tests;

/// <summary>People are asked what the model doubts, and told when their names change nothing any more.</summary>
public sealed class LearningTests : IAsyncLifetime
{
    private const string Api = "/api/projects/shop/labels";

    // Of 40 pictures these lie where red and green are as strong; the others are plainly red.
    private const int Pictures = 40, Doubtful = 6;

    private readonly TestHost _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_there_is_a_model_people_are_asked_what_it_doubts()
    {
        await Register("found@1");
        var task = await Start(Doubtful);
        Assert.Equal(("doubt", "colours@1", false), (Said(task, "chosen").GetString(), Said(task, "model").GetString(), task.Result!.Value.TryGetProperty("why", out _)));
        var view = (await _host.Http.GetFromJsonAsync<QueueView>($"{Api}/1", Json.Options, Stop))!;
        Assert.Equal((ChosenBy.Doubt, "colours", 1, 0), (view.Queue.Chosen, view.Queue.Model, view.Queue.Version, view.Queue.Incident));
        // Six are asked for: the doubtful ones, or a middle of plainly red ones for one of them.
        Assert.InRange(view.Items.Count(item => item.Confidence < 0.6), Doubtful - 1, Doubtful);
        Assert.All(view.Items, item => Assert.Contains(item.Guess, SmallModels.Kinds));
        Assert.Contains("those that colours@1 doubts most", await _host.Http.GetStringAsync("/projects/shop/labels/1", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_other_pictures_is_not_asked()
    {
        await Register("elsewhere@1");
        var task = await Start(4);
        Assert.Equal(("typical", "no model was made from found yet"), (Said(task, "chosen").GetString(), Said(task, "why").GetString()));
        Assert.Contains("the most typical ones, to begin with", await _host.Http.GetStringAsync("/projects/shop/labels/1", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_asked_is_named_and_typical_pictures_are_a_beginning()
    {
        await Register("found@1", SmallModels.Colours(producer: "somebody"));
        var task = await Start(4);
        Assert.Equal("typical", Said(task, "chosen").GetString());
        Assert.StartsWith("colours@1 cannot be asked:", Said(task, "why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_three_new_versions_running_answer_as_the_one_before_people_may_stop()
    {
        // The second learned from the same snapshot as the first: that they agree says nothing.
        await Register("found@1", wrong: 30);
        await Register("found@1", wrong: 30);
        await Register("found@2", wrong: 8);
        await Register("found@3", wrong: 8);
        await Register("found@4", wrong: 8);
        await Start(4);
        Assert.Contains("Names changed little this time: colours@5 answers 100 of 100 as colours@4 did. 3 times running, and you may stop; this was number 2.", await _host.Http.GetStringAsync("/projects/shop/labels/1", Stop), StringComparison.Ordinal);
        await Register("found@5", wrong: 8);
        var lesson = (await _host.Http.GetFromJsonAsync<JsonElement>($"{Api}/1", Stop)).GetProperty("lesson");
        Assert.Equal((true, 3), (lesson.GetProperty("mayStop").GetBoolean(), lesson.GetProperty("agreements").GetArrayLength()));
        Assert.Contains("You may stop:", await _host.Http.GetStringAsync("/projects/shop/labels/1", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_that_do_not_tell_their_answers_stop_nobody()
    {
        for (var data = 1; data <= 4; data++)
            await Register($"found@{data}");
        Assert.Empty(await _host.Services.GetRequiredService<ILearning>().Agreements("shop", "found", null, Stop));
    }

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\n", Who.Steward, Stop);
        var items = new List<Data.Item>();
        for (var i = 0; i < Pictures; i++)
            items.Add(new($"{i:00}.png", await Keep(Picture.FromRgb(8, 8, [.. Enumerable.Repeat((byte[])[200, (byte)(i < Doubtful ? 195 + i : i), 0], 64).SelectMany(pixel => pixel)]).EncodePng()), "", Split.Train, "import"));
        await _host.Services.GetRequiredService<IDataSets>().Add(Who.Steward, "shop", "found", new(Reason.Import, items), Stop);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<Digest> Keep(byte[] bytes) => (await _host.Services.GetRequiredService<IBlobs>().Put(bytes, Stop)).Digest;

    /// <summary>The next version.</summary>
    /// <param name="wrong">Of its answers to 100 test pictures, when it tells them.</param>
    private async Task Register(string data, byte[]? model = null, int? wrong = null)
    {
        var artifacts = new Dictionary<string, Digest>();
        if (wrong is { } count)
            artifacts["reference.json"] = await Keep(JsonSerializer.SerializeToUtf8Bytes(new
            {
                keys = Enumerable.Range(0, 100).Select(i => $"test/{i}"),
                labels = Enumerable.Range(0, 100).Select(i => SmallModels.Kinds[i % 2]),
                answers = Enumerable.Range(0, 100).Select(i => SmallModels.Kinds[i < count ? 2 : i % 2]),
            }));
        await _host.Services.GetRequiredService<IModels>().Register(Who.Steward, new("shop", "colours", Names.NewId(), data, await Keep(model ?? SmallModels.Colours(side: 8))) { Artifacts = artifacts }, Stop);
    }

    private async Task<TaskView> Start(int count)
    {
        using var asked = await _host.Http.PostAsJsonAsync($"{Api}/start", new { dataSet = "found", count, names = SmallModels.Kinds }, Stop);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(Stop));
        var task = (await asked.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        await Eventually.True("it ends", async () => (task = (await _host.Http.GetFromJsonAsync<TaskView>($"/api/projects/shop/tasks/{task.Id}", Json.Options, Stop))!).IsOver, Stop);
        Assert.Equal((WorkState.Done, null), (task.State, task.Error));
        return task;
    }

    private static JsonElement Said(TaskView task, string property) => task.Result!.Value.GetProperty(property);
}
