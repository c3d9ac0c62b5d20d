using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

/// <summary>The whole platform with an endpoint that really answers; what the room tells is noted.</summary>
public sealed class Watched(string loop = "", string monitor = "window: 100", Func<Settings, Settings>? change = null) : TestHost(change, services => services
    .AddSingleton<Notes>().Listen<LabelsWanted, Notes>().Listen<AlarmRaised, Notes>().Listen<IncidentOpened, Notes>().Listen<IncidentClosed, Notes>())
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public Notes Notes => Get<Notes>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Says(loop);
    }

    /// <summary>Puts the project file with these lines.</summary>
    public Task Says(string lines, string serve = "endpoint: colours")
        => Get<IProjects>().Put($"steward: 1\nproject: shop\nserve: {{{serve}}}\nmonitor: {{{monitor}}}\n{lines}", Who.Steward, Stop);

    /// <summary>Registers a model with what it said about its test split, and lets it serve.</summary>
    public async Task<int> Serve(byte[] onnx, object? reference, string data = "pictures@1")
    {
        var version = await Point(onnx, reference, data);
        await Serves(version);
        return version;
    }

    /// <summary>Registers and promotes; who serves when is the endpoint's business.</summary>
    public async Task<int> Point(byte[] onnx, object? reference, string data = "pictures@1")
    {
        var blob = await Get<IBlobs>().Put(onnx, Stop);
        var artifacts = new Dictionary<string, Digest>();
        if (reference is not null)
            artifacts["reference.json"] = (await Get<IBlobs>().Put(System.Text.Encoding.UTF8.GetBytes(Json.Write(reference)), Stop)).Digest;
        var version = await Get<IModels>().Register(Who.Steward, new("shop", "colours", Names.NewId(), data, blob.Digest) { Artifacts = artifacts }, Stop);
        await Get<IPromotions>().Promote(Who.Steward, "shop", "colours", version.Version, stop: Stop);
        return version.Version;
    }

    public Task Serves(int version) => Eventually.True($"version {version} serves", async () => (await Get<IEndpoints>().Find("colours", Stop))?.LiveVersion == version, Stop);

    /// <summary>Sends rows as one request; each becomes an answer of the log.</summary>
    public async Task Ask(float[] rows, int dimensions)
    {
        using var reply = await Http.PostAsJsonAsync("/v2/models/colours/infer", new { inputs = new[] { new { name = "x", shape = new[] { rows.Length / dimensions, dimensions }, datatype = "FP32", data = rows } } }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    public async Task Ask(IEnumerable<byte[]> pictures)
    {
        foreach (var picture in pictures)
        {
            using var body = new ByteArrayContent(picture);
            using var reply = await Http.PostAsync("/v2/models/colours/picture", body, Stop);
            Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        }
    }

    public async Task<MonitorView> View() => (await Http.GetFromJsonAsync<MonitorView>("/api/projects/shop/monitor/colours?limit=1000", Json.Options, Stop))!;

    /// <summary>Waits until a version has so many windows; the newest first.</summary>
    public async Task<List<Window>> Windows(int version, int count)
    {
        List<Window> seen = [];
        await Eventually.True($"{count} windows of version {version} are judged", async () => (seen = [.. (await View()).Windows.Where(window => window.Version == version)]).Count >= count, Stop);
        return seen;
    }

    /// <summary>People speak about answers of a version: one of <paramref name="of"/> was wrong. The ids of the wrong ones.</summary>
    public async Task<List<string>> SaysWrong(int version, int answers, int of, Random random)
    {
        var wrong = new List<string>();
        List<Prediction> kept = [];
        await Eventually.True("the answers are kept", async () => (kept = await Get<IRequestLog>().Since("colours", version, null, answers, Stop)).Count == answers, Stop);
        foreach (var answer in kept)
        {
            var right = random.Next(of) > 0;
            await Get<IRequestLog>().Tell(Who.Steward, answer.Id, right, null, Stop);
            if (!right)
                wrong.Add(answer.Id);
        }

        return wrong;
    }

    /// <summary>Waits until so many batches of feedback about a version are judged.</summary>
    public async Task<List<Mistakes>> Feedback(int version, int count)
    {
        List<Mistakes> seen = [];
        await Eventually.True($"{count} batches about version {version} are judged", async () => (seen = [.. (await View()).Feedback.Where(batch => batch.Version == version)]).Count >= count, Stop);
        return seen;
    }

    public async Task<IncidentView> Incident(int number = 1) => (await Http.GetFromJsonAsync<IncidentView>($"/api/projects/shop/incidents/{number}", Json.Options, Stop))!;

    /// <summary>Waits for a line in the timeline.</summary>
    public async Task<Entry> Told(string kind, int number = 1, int times = 1)
    {
        List<Entry> found = [];
        await Eventually.True($"'{kind}' is in the timeline of incident {number}", async ()
            => (found = await Get<IIncidents>().Timeline("shop", number, Stop) is { } all ? all.FindAll(entry => entry.Kind == kind) : []).Count >= times, Stop);
        return found[times - 1];
    }
}

/// <summary>Hears the room's events as any other room would.</summary>
public sealed class Notes : IListen<LabelsWanted>, IListen<AlarmRaised>, IListen<IncidentOpened>, IListen<IncidentClosed>
{
    private readonly ConcurrentQueue<object> _all = [];

    public IReadOnlyList<T> Of<T>() => [.. _all.OfType<T>()];

    public Task Hear(LabelsWanted happened, CancellationToken stop) => Note(happened);

    public Task Hear(AlarmRaised happened, CancellationToken stop) => Note(happened);

    public Task Hear(IncidentOpened happened, CancellationToken stop) => Note(happened);

    public Task Hear(IncidentClosed happened, CancellationToken stop) => Note(happened);

    private Task Note(object happened)
    {
        _all.Enqueue(happened);
        return Task.CompletedTask;
    }
}
