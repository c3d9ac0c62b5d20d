using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

/// <summary>From a wish to a snapshot over HTTP, as programs do it.</summary>
public sealed class JourneyTests : IAsyncLifetime
{
    private const string Api = "/api/projects/shop/labels";
    private readonly TestHost _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_names_what_an_incident_wants_to_know()
    {
        await Want(3);
        var turn = (await Post<Turn>("/1/next?ahead=2"))!;
        Assert.Equal([1, 2], turn.Items.Select(item => item.Number));
        using var picture = await _host.Http.GetAsync($"{Api}/1/items/1/picture", Stop);
        Assert.Equal(("image/png", "nosniff"), (picture.Content.Headers.ContentType!.MediaType, picture.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(Picture(1), await picture.Content.ReadAsByteArrayAsync(Stop));

        Assert.Equal(1, (await Post<LabelQueue>("/1/items/1/answer", new { label = "red" })).Answered);
        await Post<LabelQueue>("/1/items/2/skip");
        Assert.Equal(2, (await Post<Turn>("/1/undo")).Items.Single().Number);
        using (var unknown = await _host.Http.PostAsJsonAsync($"{Api}/1/items/2/answer", new { label = "octarine" }, Stop))
            Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        var done = await Post<LabelQueue>("/1/finish");
        Assert.Equal((QueueState.Done, 2), (done.State, done.Snapshot!.Value));
        var view = (await _host.Http.GetFromJsonAsync<QueueView>($"{Api}/1", Json.Options, Stop))!;
        Assert.Equal(["red", null, null], view.Items.Select(item => item.Label));
        Assert.Equal("pictures@2", (await _host.Services.GetRequiredService<IDataSets>().Find("shop", "pictures", null, Stop))!.Reference);
    }

    [Fact]
    public async Task Where_nobody_asks_the_page_says_how_to_be_asked()
        => Assert.Contains("ask_for_labels", await _host.Http.GetStringAsync("/projects/shop/labels", Stop), StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\n", Who.Steward, Stop);
        var items = new List<Item>();
        foreach (var label in (string[])["red", "blue"])
            items.Add(new($"{label}/1", (await _host.Services.GetRequiredService<IBlobs>().Put(Picture(label.Length * 10), Stop)).Digest, label, Split.Train, "import"));
        await _host.Services.GetRequiredService<IDataSets>().Add(Who.Steward, "shop", "pictures", new(Reason.Import, items), Stop);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>The event, as the watching room publishes it.</summary>
    private async Task Want(int pictures)
    {
        var wanted = new List<WantedLabel>();
        for (var i = 1; i <= pictures; i++)
            wanted.Add(new($"p{i}", (await _host.Services.GetRequiredService<IBlobs>().Put(Picture(i), Stop)).Digest, "red", 0.4));
        var events = _host.Services.GetRequiredService<IEvents>();
        await _host.Services.GetRequiredService<Db>().Write(tx => events.Publish(tx, new LabelsWanted("shop", 1, "colours", "colours", 1, "pictures@1", wanted)), Stop);
        await Eventually.True("the queue is there", async () => (await _host.Http.GetFromJsonAsync<JsonElement>(Api, Stop)).GetArrayLength() == 1, Stop);
    }

    private async Task<T> Post<T>(string path, object? body = null)
    {
        using var reply = await _host.Http.PostAsJsonAsync(Api + path, body ?? new { }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        return (await reply.Content.ReadFromJsonAsync<T>(Json.Options, Stop))!;
    }

    private static byte[] Picture(int shade) => Drawing.Picture.FromRgb(4, 4, [.. Enumerable.Repeat((byte)shade, 48)]).EncodePng();
}
