using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data;
using Steward.Drawing;
using Steward.Identity;
using Steward.Labeling.Heaps;
using Steward.Projects;
using Steward.Testing;
using Steward.Work;

namespace Steward.Labeling.Tests;

/// <summary>From pictures without names to a named snapshot over HTTP, sorted by a real process.</summary>
public sealed class HeapJourneyTests : IAsyncLifetime
{
    private const string Api = "/api/projects/shop/heaps";
    private readonly TestHost _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pictures_that_came_without_names_are_sorted_named_and_kept()
    {
        await Draft(24);
        var task = await Ended(await Post<TaskView>("", new { dataSet = "found", count = 4 }));
        Assert.Equal((WorkState.Done, null), (task.State, task.Error));
        var view = (await _host.Http.GetFromJsonAsync<SortingView>($"{Api}/1", Json.Options, Stop))!;
        Assert.Equal((24, "found", 1, 24), (view.Sorting.Pictures, view.Sorting.DataSet, view.Sorting.Version, view.Heaps.Sum(heap => heap.Pictures)));
        var first = (await _host.Http.GetFromJsonAsync<List<HeapItem>>($"{Api}/1/heaps/1/pictures", Json.Options, Stop))!;
        using (var picture = await _host.Http.GetAsync($"/api/projects/shop/pictures/{first[0].Picture.Hex}", Stop))
            Assert.True(picture.IsSuccessStatusCode);
        await Post<SortingView>("/1/heaps/1/name", new { name = "grey" });
        await Post<SortingView>($"/1/pictures/{first[^1].Number}/aside", new { });
        await Post<SortingView>("/1/heaps/1/split");
        await Post<SortingView>("/1/undo");
        var done = await Post<SortingView>("/1/done");
        Assert.Equal((QueueState.Done, 2, first.Count - 1), (done.Sorting.State, done.Sorting.Snapshot!.Value, done.Sorting.Named!.Value));
        var sets = _host.Services.GetRequiredService<IDataSets>();
        Assert.Equal(first.Count - 1, (await sets.Items((await sets.Find("shop", "found", null, Stop))!, Stop)).Count(item => item is { Label: "grey", Source: "heaps" }));
        Assert.Contains("got a name in found@2", await _host.Http.GetStringAsync("/projects/shop/heaps/1", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_model_asks_yet_a_queue_of_typical_pictures_is_a_beginning()
    {
        await Draft(24);
        using (var refused = await _host.Http.PostAsJsonAsync("/api/projects/shop/labels/start", new { dataSet = "found", count = 6 }, Stop))
            Assert.Contains("names_missing", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var asked = await _host.Http.PostAsJsonAsync("/api/projects/shop/labels/start", new { dataSet = "found", count = 6, names = (string[])["dark", "light"] }, Stop);
        Assert.Equal(WorkState.Done, (await Ended((await asked.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!)).State);
        var queue = (await _host.Http.GetFromJsonAsync<QueueView>("/api/projects/shop/labels/1", Json.Options, Stop))!;
        Assert.Equal((6, "found", "dark, light"), (queue.Items.DistinctBy(item => item.Picture).Count(), queue.Queue.DataSet, string.Join(", ", queue.Queue.Labels)));
        using (var named = await _host.Http.PostAsJsonAsync("/api/projects/shop/labels/1/items/1/answer", new { label = "dark" }, Stop))
            Assert.True(named.IsSuccessStatusCode);
        using (var finished = await _host.Http.PostAsync("/api/projects/shop/labels/1/finish", null, Stop))
            Assert.True(finished.IsSuccessStatusCode);
        var sets = _host.Services.GetRequiredService<IDataSets>();
        Assert.Equal("dark", Assert.Single(await sets.Items((await sets.Find("shop", "found", 2, Stop))!, Stop), item => item.IsNamed).Label);
    }

    [Fact]
    public async Task A_sorting_that_is_stopped_leaves_nothing()
    {
        await Draft(400);
        var task = await Post<TaskView>("", new { dataSet = "found" });
        await Eventually.True("it runs", async () => (await Task(task)).State is WorkState.Running, Stop);
        using (await _host.Http.PostAsync($"/api/projects/shop/tasks/{task.Id}/cancel", null, Stop))
            Assert.Equal(WorkState.Cancelled, (await Ended(task)).State);
        Assert.Equal([], (await _host.Http.GetFromJsonAsync<List<Sorting>>(Api, Json.Options, Stop))!);
    }

    [Fact]
    public async Task Where_all_pictures_have_names_it_says_so()
    {
        await Draft(3, "grey");
        using var refused = await _host.Http.PostAsJsonAsync(Api, new { dataSet = "found" }, Stop);
        Assert.Contains("all_named", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains("steward heaps make", await _host.Http.GetStringAsync("/projects/shop/heaps", Stop), StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\n", Who.Steward, Stop);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Pictures in one flat folder, as an upload sends them.</summary>
    private async Task Draft(int pictures, string label = "")
    {
        var drafts = "/api/projects/shop/data/found/drafts";
        using var begun = await _host.Http.PostAsync(drafts, null, Stop);
        var id = (await begun.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop)).GetProperty("id").GetString();
        using var body = new MultipartFormDataContent();
        body.Add(JsonContent.Create(Enumerable.Range(0, pictures).Select(i => new { key = $"{i:000}.png", label, file = $"f{i}" })), "items");
        for (var i = 0; i < pictures; i++)
            body.Add(new ByteArrayContent(Picture.FromRgb(8, 8, [.. Enumerable.Range(0, 192).Select(at => (byte)((at * (i + 1)) + (i % 4 * 60)))]).EncodePng()), $"f{i}", $"f{i}");
        using var sent = await _host.Http.PostAsync($"{drafts}/{id}/items", body, Stop);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Stop));
        using var committed = await _host.Http.PostAsJsonAsync($"{drafts}/{id}/commit", new { }, Stop);
        Assert.True(committed.IsSuccessStatusCode, await committed.Content.ReadAsStringAsync(Stop));
    }

    private async Task<TaskView> Task(TaskView task) => (await _host.Http.GetFromJsonAsync<TaskView>($"/api/projects/shop/tasks/{task.Id}", Json.Options, Stop))!;

    private async Task<TaskView> Ended(TaskView task)
    {
        await Eventually.True("it ends", async () => (task = await Task(task)).IsOver, Stop);
        return task;
    }

    private async Task<T> Post<T>(string path, object? body = null)
    {
        using var reply = await _host.Http.PostAsJsonAsync(Api + path, body ?? new { }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        return (await reply.Content.ReadFromJsonAsync<T>(Json.Options, Stop))!;
    }
}
