using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Testing;

namespace Steward.Serving.Tests;

public class ReleaseOnSqliteTests() : ReleaseTests(null);
public class ReleaseOnPostgresTests() : ReleaseTests(TestPostgres.NewDatabase());

/// <summary>A promoted version takes over share by share, or goes back by itself; no caller notices.</summary>
public abstract class ReleaseTests(string? db) : IAsyncLifetime
{
    private const string Plan = "endpoint: colours, release: {canary: [25, 60, 100], step: 1s, at_least: 20}", Slow = "endpoint: colours, release: {canary: [30, 100], step: 10m}";
    private readonly Served _host = new(Plan, settings => settings with { Db = db ?? settings.Db }, services => services.AddSingleton<Heard>().Listen<ReleaseEnded, Heard>());
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_while_a_release_climbs_and_ends_with_everything_on_the_new_version()
    {
        await ServeFirst();
        var two = await Register(SmallModels.Colours(side: 8));
        await using var callers = new Callers(_host, 4);
        await _host.Point(two);
        await Eventually.True("the release is finished", async () => (await Newest())?.State is ReleaseState.Finished, Stop);
        await _host.Follows(two);
        await Eventually.True("all answers are the new version's", () => callers.Newest(50).All(answer => answer.Version == 2), Stop);
        var answers = await callers.End();
        Assert.True(answers.Count > 300, $"{answers.Count} answers");
        Assert.All(answers, answer => Assert.InRange(answer.Version, 1, 2));
        // Who was among few stays among more, and only the released version ends up with everybody.
        Assert.All(answers.GroupBy(answer => answer.Key), caller => Assert.True(caller.OrderBy(answer => answer.At).Select(answer => answer.Version).SequenceEqual(caller.OrderBy(answer => answer.At).Select(answer => answer.Version).Order()), caller.Key));
        var steps = await Figures();
        Assert.Equal([25d, 60d, 100d], steps.Select(step => step.Share));
        Assert.All(steps, step => Assert.True(step.Tried.Answers >= 20, step.ToString()));
        Assert.Equal(0, steps.Sum(step => step.Tried.Failed));
        Assert.Equal(1, (await View()).GetProperty("warmVersion").GetInt32());
        Assert.Equal(["release.started", "release.stepped", "release.stepped", "release.finished"], await Audited());
    }

    [Fact]
    public async Task A_version_that_cannot_answer_is_stopped_by_itself_and_no_caller_notices()
    {
        await ServeFirst();
        var broken = await Register(SmallModels.Colours(side: 4)); // takes other pictures than everybody sends
        await using var callers = new Callers(_host, 4);
        await _host.Point(broken);
        await Eventually.True("the release is stopped", async () => (await Newest())?.State is ReleaseState.Aborted, Stop);
        await Eventually.True("the alias is back", async () => (await Promotions.Current("shop", "colours", stop: Stop))!.Version == 1, Stop);
        await Eventually.True("and served", async () => (await Endpoints.Find("colours", Stop))!.Epoch == 3, Stop);
        var answers = await callers.End();
        Assert.All(answers, answer => Assert.Equal(1, answer.Version));
        Assert.Matches(@"^colours@2 could not answer [0-9,]+ of [0-9,]+ requests; at most 1 % may fail\.$", (await Newest())!.Why);
        var ended = await Ended();
        Assert.Equal((false, true, 2, 1), (ended.Finished, ended.ByItself, ended.Version, ended.Base));
        Assert.Equal((MoveKind.Back, 1), ((await Promotions.History("shop", "colours", stop: Stop))[0].Kind, (await Promotions.History("shop", "colours", stop: Stop))[0].Version));
    }

    [Fact]
    public async Task A_person_stops_a_release_under_load_and_every_answer_is_of_a_version_allowed_at_its_time()
    {
        await ServeFirst();
        await _host.Says(Slow);
        var two = await Register(SmallModels.Colours(side: 8));
        await using var callers = new Callers(_host, 4);
        await _host.Point(two);
        await Eventually.True("both versions answer", () => callers.Newest(1000).Select(answer => answer.Version).Distinct().Count() == 2, Stop);
        using var reply = await _host.Http.PostAsJsonAsync("/api/projects/shop/endpoints/colours/release/abort", new { reason = "it looks odd" }, Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var stopped = TimeProvider.System.GetTimestamp();
        var before = callers.Count;
        await Eventually.True("hundreds of answers after it", () => callers.Count > before + 300, Stop);
        var answers = await callers.End();
        Assert.All(answers.Where(answer => answer.Began > stopped), answer => Assert.Equal(1, answer.Version));
        Assert.Equal((1, 3L), ((await Promotions.Current("shop", "colours", stop: Stop))!.Version, (await Promotions.Current("shop", "colours", stop: Stop))!.Epoch));
        Assert.False((await Ended()).ByItself);
        Assert.Equal(HttpStatusCode.Conflict, (await _host.Http.PostAsJsonAsync("/api/projects/shop/endpoints/colours/release/abort", new { reason = "again" }, Stop)).StatusCode);
    }

    [Fact]
    public async Task The_way_back_out_of_a_release_stops_it()
    {
        await ServeFirst();
        await _host.Says(Slow);
        await Begin();
        await Endpoints.Rollback(Who.Steward, "colours", "never mind", Stop);
        Assert.Equal((ReleaseState.Aborted, "never mind"), ((await Newest())!.State, (await Newest())!.Why));
        await _host.Follows(1);
    }

    [Fact]
    public async Task A_release_goes_on_after_a_restart_with_the_same_share_and_all_its_counts()
    {
        await ServeFirst();
        await _host.Says(Slow);
        await Begin();
        var before = await Sides(100);
        await _host.Restart();
        await Eventually.True("the tried version is there again", () => _host.Services.GetRequiredService<Fleet>().Find("colours")?.Trial is not null, Stop);
        Assert.Equal(before, await Sides(100));
        await Releases.Pause(Who.Steward, "colours", null, Stop);
        var step = Assert.Single(await Figures());
        Assert.Equal((200, 30d), (step.Tried.Requests + step.Before.Requests, step.Share));
        Assert.Equal(2 * before.Count(version => version == 2), step.Tried.Requests);
    }

    [Fact]
    public async Task A_newer_promotion_overtakes_a_release_and_the_way_back_skips_what_never_served_everything()
    {
        await ServeFirst();
        await _host.Says(Slow);
        await Begin();
        await _host.Point(await Register(SmallModels.Colours(redBias: -50, side: 8)));
        await Eventually.True("the third is tried", async () => await Newest() is { Version: 3, Base: 1, IsOver: false } && _host.Services.GetRequiredService<Fleet>().Find("colours")!.Trial?.Release.Version == 3, Stop);
        await Releases.Finish(Who.Steward, "colours", "it is urgent", Stop);
        await _host.Follows(3);
        Assert.Equal(1, await Endpoints.WayBack((await Endpoints.Find("colours", Stop))!, Stop));
        await Endpoints.Rollback(Who.Steward, "colours", "no", Stop);
        await _host.Follows(1);
    }

    [Fact]
    public async Task A_version_that_cannot_be_loaded_goes_back_at_once()
    {
        await ServeFirst();
        await _host.Point(await Register(SmallModels.Colours(side: 8, producer: "pytorch")));
        await Eventually.True("it is stopped", async () => (await Newest())?.State is ReleaseState.Aborted, Stop);
        Assert.Contains("only models of Steward's own trainers", (await Newest())!.Why, StringComparison.Ordinal);
        await Eventually.True("the endpoint is sound", async () => (await Endpoints.Find("colours", Stop))!.Epoch == 3 && (await View()).TryGetProperty("trouble", out _) is false, Stop);
    }

    [Fact]
    public async Task Several_servers_give_the_same_share_to_the_same_callers_and_stop_together()
    {
        if (db is null)
            return; // a file of records belongs to one server
        await ServeFirst();
        await _host.Says(Slow);
        await using var second = new Served(Slow, settings => settings with { Db = db });
        await second.InitializeAsync();
        await second.Keep(SmallModels.Colours(redBias: 50, side: 8), SmallModels.Colours(side: 8));
        await second.Restart(); // it had looked for the model before it was there, and would look again in half a minute
        await Begin();
        await Eventually.True("the second server tries it, too", () => second.Services.GetRequiredService<Fleet>().Find("colours")?.Trial is not null, Stop);
        for (var i = 0; i < 40; i++)
            Assert.Equal(await Callers.Ask(_host.Http, $"user-{i}", Stop), await Callers.Ask(second.Http, $"user-{i}", Stop));
        await second.Services.GetRequiredService<IReleases>().Abort(Who.Steward, "colours", "the other one says so", Stop);
        await Eventually.True("both serve the first version alone", () => new[] { _host, second }.All(host => host.Services.GetRequiredService<Fleet>().Find("colours") is { Trial: null, Epoch: 3, CurrentVersion: 1 }), Stop);
        var step = Assert.Single(await Figures());
        Assert.Equal(80, step.Tried.Requests + step.Before.Requests);
    }

    [Fact]
    public async Task A_reader_may_not_steer_and_wrong_names_are_said()
    {
        await ServeFirst();
        using var none = await _host.Http.GetAsync("/api/projects/shop/endpoints/colours/release", Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("release_not_found", await none.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await _host.Says(Slow);
        await Begin();
        var reader = new Who("r", "rae", new Dictionary<string, IReadOnlySet<Role>> { ["shop"] = new HashSet<Role> { Role.Reader } });
        Assert.Equal(ProblemKind.Denied, (await Assert.ThrowsAsync<ProblemException>(() => Releases.Abort(reader, "colours", "no", Stop))).Kind);
        Assert.Contains("The reason is empty", (await Assert.ThrowsAsync<ProblemException>(() => Releases.Abort(Who.Steward, "colours", " ", Stop))).Message, StringComparison.Ordinal);
        Assert.False((await Newest())!.IsOver);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private IReleases Releases => _host.Services.GetRequiredService<IReleases>();

    private IEndpoints Endpoints => _host.Services.GetRequiredService<IEndpoints>();

    private IPromotions Promotions => _host.Services.GetRequiredService<IPromotions>();

    private Task<int> Register(byte[] onnx) => _host.Register(onnx);

    private async Task ServeFirst() => await _host.Promote(await Register(SmallModels.Colours(redBias: 50, side: 8)));

    /// <summary>Promotes a second version and waits until it gets its share.</summary>
    private async Task Begin()
    {
        await _host.Point(await Register(SmallModels.Colours(side: 8)));
        await Eventually.True("the second version is tried", () => _host.Services.GetRequiredService<Fleet>().Find("colours")!.Trial is not null, Stop);
    }

    private Task<Release?> Newest() => Releases.Newest("colours", Stop);

    private async Task<List<StepFigures>> Figures() => await Releases.Figures((await Newest())!, Stop);

    private Task<JsonElement> View() => _host.Http.GetFromJsonAsync<JsonElement>("/api/projects/shop/endpoints/colours", Stop);

    private async Task<ReleaseEnded> Ended()
    {
        var heard = _host.Services.GetRequiredService<Heard>().All;
        await Eventually.True("the end is told", () => !heard.IsEmpty, Stop);
        return Assert.Single(heard);
    }

    private Task<List<string>> Audited() => _host.Services.GetRequiredService<Storage.Db>().All<string>("SELECT action FROM audit_entry WHERE action LIKE 'release.%' ORDER BY number", null, Stop);

    /// <summary>Which version so many callers get.</summary>
    private async Task<List<int>> Sides(int callers)
    {
        var sides = new List<int>();
        for (var i = 0; i < callers; i++)
            sides.Add(await Callers.Ask(_host.Http, $"user-{i}", Stop));
        Assert.InRange(sides.Count(version => version == 2), 10, 50);
        return sides;
    }
}

/// <summary>Hears how releases end, as any other room would.</summary>
internal sealed class Heard : IListen<ReleaseEnded>
{
    public ConcurrentQueue<ReleaseEnded> All { get; } = [];

    public Task Hear(ReleaseEnded happened, CancellationToken stop)
    {
        All.Enqueue(happened);
        return Task.CompletedTask;
    }
}
