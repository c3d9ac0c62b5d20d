using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Onnx;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Models.Tests;

/// <summary>The room over real records, blobs, audit and people; the clock stands still until it is moved.</summary>
public sealed class House : IAsyncDisposable
{
    private readonly ServiceProvider _all;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ECDsa> _keys = new();

    /// <param name="furnish">What other rooms furnish.</param>
    public House(Db db, Action<IServiceCollection>? furnish = null)
    {
        var settings = new Settings { Data = TestFolder.New() };
        var services = new ServiceCollection();
        furnish?.Invoke(services);
        _all = services
            .AddStorage(settings)
            .AddSingleton(settings)
            .AddSingleton(db)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEvents>(Told)
            .AddLogging()
            .AddIdentity(settings)
            .AddAudit()
            .AddProjects(new ModelsRoom().Sections)
            .AddModels()
            .BuildServiceProvider();
    }

    public StillClock Clock { get; } = new();

    public Ears Told { get; } = new();

    public string Project { get; } = "p" + Names.NewId();

    public IModels Models => _all.GetRequiredService<IModels>();
    public ISignOffs SignOffs => _all.GetRequiredService<ISignOffs>();
    public IPromotions Promotions => _all.GetRequiredService<IPromotions>();
    public Db Db => _all.GetRequiredService<Db>();
    public string Folder => _all.GetRequiredService<Settings>().Data;

    public Who Editor => Make("erin", Role.Editor);

    /// <summary>Somebody who may do everything here, to show that a rule is not about rights.</summary>
    public Who Make(string name, params Role[] roles) => new(name, name, new Dictionary<string, IReadOnlySet<Role>> { [Project] = roles.ToHashSet() });

    public Who Approver(string name) => Make(name, Role.Approver, Role.Editor);

    public Task<Project> Policy(string text) => _all.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\n{text}\n", Editor);

    /// <summary>Registers a version with real ONNX bytes.</summary>
    public async Task<ModelVersion> Version(double f1 = 0.9, string? run = null, string? study = null, string model = "fruit", string input = "x", Answers? answers = null, IReadOnlyDictionary<string, double>? metrics = null)
    {
        var blobs = _all.GetRequiredService<IBlobs>();
        var onnx = await blobs.Put(Onnx(input));
        var files = new Dictionary<string, Digest>();
        if (answers is not null)
            files["reference.json"] = (await blobs.Put(System.Text.Encoding.UTF8.GetBytes(Json.Write(answers)))).Digest;
        return await Models.Register(Editor, new(Project, model, run ?? Names.NewId(), "pictures@1", onnx.Digest)
        {
            Study = study,
            Metrics = metrics ?? new Dictionary<string, double> { ["test.f1_macro"] = f1, ["test.n"] = 240 },
            Artifacts = files,
        });
    }

    public async Task<ECDsa> Key(string person)
    {
        if (_keys.TryGetValue(person, out var known))
            return known;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Db.Run("INSERT INTO person (id, name, created_at) VALUES (@person, @person, 0) ON CONFLICT (id) DO NOTHING", new { person });
        await Db.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@hint, @person, 'default', @pem, 0)", new { hint = PersonKey.HintOf(key), person, pem = PersonKey.PemOf(key) });
        return _keys[person] = key;
    }

    public async Task<SignOff> Vote(SignOff on, string person, string party, Decision decision = Decision.Approve)
    {
        var key = await Key(person);
        return await SignOffs.Vote(Approver(person), Project, on.Number, Dsse.Sign(Dsse.InToto, Statement.Of(on, person, party, decision, "seen", Clock.GetUtcNow()).Bytes(), key));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        await _all.DisposeAsync();
    }

    private static byte[] Onnx(string input)
    {
        var graph = new OnnxGraph("g");
        graph.Output("y", graph.Node("Relu", [graph.Input(input, ElementType.Float, 1, 3)]), ElementType.Float, 1, 3);
        return graph.ToModel();
    }
}

/// <summary>What a version answered to the items of its test split.</summary>
public sealed record Answers(IReadOnlyList<string>? Keys, IReadOnlyList<string> Labels, [property: System.Text.Json.Serialization.JsonPropertyName("answers")] IReadOnlyList<string> Said);

public sealed class StillClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 5, 12, 10, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time) => _now += time;
}

/// <summary>Hears what the room tells the others.</summary>
public sealed class Ears : IEvents
{
    public System.Collections.Concurrent.ConcurrentQueue<object> Heard { get; } = new();

    public Task Publish<T>(Tx tx, T happened) where T : IEvent
    {
        Heard.Enqueue(happened);
        return Task.CompletedTask;
    }
}
