using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

public class GatheringOnSqliteTests() : GatheringTests(Databases.Sqlite());
public class GatheringOnPostgresTests() : GatheringTests(Databases.Postgres());

/// <summary>The queue that gathers answers which people called wrong.</summary>
public abstract class GatheringTests(Db db) : IAsyncDisposable
{
    private readonly Desk _desk = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_gathered_in_one_queue_each_once_until_it_is_full()
    {
        await _desk.Ask(1);
        foreach (var one in (int[])[1, 2, 2, 1, 3, 4])
            await Wrong(one, batch: 3);
        Assert.Equal(["p1", "p2", "p3"], await Asked(2));
        Assert.Equal(["p4"], await Asked(3));
        var queue = (await _desk.Queues.Find(_desk.Project, 2, Stop))!;
        Assert.Equal((ChosenBy.Person, "answers of fruit that people called wrong or doubt"), (queue.Chosen, queue.Why));
    }

    [Fact]
    public async Task It_closes_by_itself_only_when_it_is_full_and_tells_the_name_of_each_answer()
    {
        await _desk.Ask(1);
        await Wrong(1, batch: 2);
        await _desk.Answer("mia", 1, "plum", queue: 2);
        await Look();
        Assert.Equal(QueueState.Open, (await _desk.Queues.Find(_desk.Project, 2, Stop))!.State);
        await Wrong(2, batch: 2);
        await _desk.Answer("mia", 2, "apple", queue: 2);
        await Look();
        Assert.Equal(QueueState.Done, (await _desk.Queues.Find(_desk.Project, 2, Stop))!.State);
        Assert.Equal([new NamedAnswer("p1", "plum"), new NamedAnswer("p2", "apple")], Assert.Single(_desk.Ear.Heard.OfType<LabelsGiven>()).Named);
        await Wrong(1, batch: 2);
        Assert.Null(await _desk.Queues.Find(_desk.Project, 3, Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task Look()
    {
        _desk.Clock.Advance(Closer.Grace);
        await _desk.Get<Closer>().Look(Stop);
    }

    private async Task Wrong(int number, int batch)
        => await _desk.Get<Hearing>().Hear(new NameWanted(_desk.Project, "fruit", "fruit", 2, "pictures@1", batch, new($"p{number}", await _desk.Blob($"wrong{number}"), "pear", 0.8)), Stop);

    private async Task<List<string>> Asked(int queue) => (await _desk.Queues.Items(_desk.Project, queue, 1000, Stop)).ConvertAll(item => item.Prediction);
}

/// <summary>From a picture that somebody sends to its name in the data set, through the whole platform.</summary>
public sealed class WrongAnswerTests : IAsyncLifetime
{
    private const string Api = "/api/projects/shop";
    private readonly TestHost _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_a_person_calls_wrong_becomes_a_question_to_label_when_the_project_file_says_so()
    {
        await Serve("loop:\n  - {when: wrong_answer, then: [ask_for_labels: {batch: 20}]}\n");
        var (fine, wrong) = (await Ask(1), await Ask(2));
        await Say(fine, right: true);
        await Say(wrong, right: false);
        await Say(wrong, right: false);
        Assert.Equal(wrong, Assert.Single(await Questions(1)).Prediction);
        using (var said = await _host.Http.PostAsJsonAsync($"{Api}/labels/1/items/1/answer", new { label = "blue" }, Stop))
            Assert.True(said.IsSuccessStatusCode);
        using (var done = await _host.Http.PostAsJsonAsync($"{Api}/labels/1/finish", new { }, Stop))
            Assert.True(done.IsSuccessStatusCode);
        await Eventually.True("the name has come to the answer", async () => (await Log.Find(wrong, Stop))!.Truth == "blue", Stop);
        Assert.Contains(await Items(), item => item is { Label: "blue", Source: "labels" } && item.Blob == Digest.Of(Picture(2)));
    }

    [Fact]
    public async Task Without_that_one_click_asks_and_nothing_is_asked_by_itself()
    {
        await Serve("");
        var (wrong, other) = (await Ask(1), await Ask(2));
        await Say(wrong, right: false);
        using (var asked = await _host.Http.PostAsJsonAsync($"{Api}/predictions/{other}/ask", new { }, Stop))
            Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(Stop));
        Assert.Equal(other, Assert.Single(await Questions(1)).Prediction);
        Assert.Contains("Ask people what it shows", await _host.Http.GetStringAsync($"/projects/shop/endpoints/colours/answers/{wrong}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_picture_cannot_be_asked_about()
    {
        await Serve("", ", log: {sample: 0}, unsure_under: 0");
        var id = await Ask(1);
        using var asked = await _host.Http.PostAsJsonAsync($"{Api}/predictions/{id}/ask", new { }, Stop);
        Assert.Contains("picture_not_kept", await asked.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private IRequestLog Log => _host.Services.GetRequiredService<IRequestLog>();

    private async Task Serve(string loop, string serve = "")
    {
        await _host.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: shop\nserve: {{endpoint: colours{serve}}}\n{loop}", Who.Steward, Stop);
        var items = new List<Item>();
        foreach (var label in (string[])["red", "green", "blue"])
            items.Add(new($"{label}/1", (await _host.Services.GetRequiredService<IBlobs>().Put(Picture(label.Length * 10), Stop)).Digest, label, Split.Train, "import"));
        await _host.Services.GetRequiredService<IDataSets>().Add(Who.Steward, "shop", "pictures", new(Reason.Import, items), Stop);
        var onnx = await _host.Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(side: 8), Stop);
        await _host.Services.GetRequiredService<IModels>().Register(Who.Steward, new("shop", "colours", Names.NewId(), "pictures@1", onnx.Digest), Stop);
        await _host.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, "shop", "colours", 1, stop: Stop);
        await Eventually.True("it serves", async () => (await _host.Http.GetAsync("/v2/models/colours/ready", Stop)).IsSuccessStatusCode, Stop);
    }

    /// <summary>The id of the answer, once it is kept.</summary>
    private async Task<string> Ask(int which)
    {
        using var body = new ByteArrayContent(Picture(which));
        using var reply = await _host.Http.PostAsync("/v2/models/colours/picture", body, Stop);
        var id = (await reply.Content.ReadFromJsonAsync<PictureAnswer>(Json.Options, Stop))!.Id;
        await Eventually.True("the answer is kept", async () => await Log.Find(id, Stop) is not null, Stop);
        return id;
    }

    private async Task Say(string id, bool right)
    {
        using var reply = await _host.Http.PostAsJsonAsync($"{Api}/predictions/{id}/feedback", new { right }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private async Task<List<LabelItem>> Questions(int queue)
    {
        await Eventually.True("people are asked", async () => await _host.Services.GetRequiredService<IQueues>().Find("shop", queue, Stop) is not null, Stop);
        return await _host.Services.GetRequiredService<IQueues>().Items("shop", queue, 1000, Stop);
    }

    private async Task<IReadOnlyList<Item>> Items()
    {
        var sets = _host.Services.GetRequiredService<IDataSets>();
        return await sets.Items((await sets.Find("shop", "pictures", null, Stop))!, Stop);
    }

    private static byte[] Picture(int shade) => Drawing.Picture.FromRgb(8, 8, [.. Enumerable.Repeat((byte)shade, 192)]).EncodePng();
}
