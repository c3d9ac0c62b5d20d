using Steward.Identity;
using Steward.Models;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

public sealed class PromotedOnSqliteTests() : PromotedTests(Databases.Sqlite());

public sealed class PromotedOnPostgresTests() : PromotedTests(Databases.Postgres());

/// <summary>Pipelines that run when an alias of a model moves: one window for each promotion.</summary>
public abstract class PromotedTests(Db db) : IAsyncDisposable
{
    private const string Publish = "publish: {trigger: {promoted: {model: offers}}, steps: [{command: {run: [append]}}]}";
    private readonly World _world = new(Appending.In(db), new Appending());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_promotion_makes_one_window_forward_and_back_however_often_it_is_told()
    {
        var other = _world.Server();
        await _world.Says(Publish);
        await _world.Look();
        await Tell(new Promoted("shop", "offers", "production", 4, 7, "approved by shop-lead"));
        await Tell(new Promoted("shop", "offers", "production", 4, 7, "approved by shop-lead"), other);
        Assert.Equal(1, await Later(other));
        var first = Assert.Single(await _world.Windows("publish"));
        Assert.Equal(new MovedAlias("offers", "production", 4, 7, "approved by shop-lead"), (await _world.Pipelines.Window("shop", "publish", first.StartAt, Stop))!.Promotion);
        Assert.Equal(0, await Later());
        await Tell(new Promoted("shop", "offers", "production", 3, 8, "back: unsure answers"));
        await Tell(new Promoted("shop", "offers", "production", 5, 9, "approved"));
        Assert.Equal(2, await Later());
        var all = await _world.Windows("publish");
        Assert.Equal("SSS", await _world.States("publish"));
        var versions = await Task.WhenAll(all.Select(async window => (await _world.Pipelines.Window("shop", "publish", window.StartAt, Stop))!.Promotion!.Version));
        Assert.Equal([4, 3, 5], versions);
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.Equal(pair.First.EndAt, pair.Second.StartAt));
        Assert.Equal(3, (await Appending.Rows(db)).Count);
    }

    [Fact]
    public async Task Other_models_other_aliases_and_other_projects_make_nothing_run()
    {
        await _world.Says(Publish);
        await _world.Look();
        await Tell(new Promoted("shop", "forecast", "production", 4, 1, ""));
        await Tell(new Promoted("shop", "offers", "challenger", 4, 1, ""));
        await Tell(new Promoted("elsewhere", "offers", "production", 4, 1, ""));
        Assert.Equal(0, await Later());
    }

    [Fact]
    public async Task Paused_a_pipeline_makes_up_for_every_promotion_when_it_goes_on()
    {
        await _world.Says(Publish);
        await _world.Look();
        await _world.Pipelines.Pause(Who.Open, "shop", "publish", true, Stop);
        await Tell(new Promoted("shop", "offers", "production", 4, 7, ""));
        await Tell(new Promoted("shop", "offers", "production", 5, 8, ""));
        Assert.Equal(0, await Later());
        await _world.Pipelines.Pause(Who.Open, "shop", "publish", false, Stop);
        Assert.Equal(2, await Later());
        Assert.Equal("when offers gets another version as production", (await _world.Pipelines.Get("shop", "publish", Stop)).Trigger);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>As the registry writes it and this room reads it.</summary>
    private Task Tell(Promoted happened, int server = 0)
    {
        Assert.Equal(Promoted.Name, AliasMoved.Name);
        return _world.Get<Promotions>(server).Hear(Json.Read<AliasMoved>(Json.Write(happened)), Stop);
    }

    private Task<int> Later(int server = 0)
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        return _world.Work(server);
    }
}
