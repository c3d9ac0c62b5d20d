using Steward.Data.Documents;
using Steward.Outside;
using Steward.Testing;
using Steward.Work;

namespace Steward.Pipelines.Tests;

/// <summary>Documents in a database of their own: they are published right after the window has ended, once.</summary>
public sealed class DocumentsElsewhereTests : IAsyncDisposable
{
    private const string Publish = "publish-documents";
    private readonly Dictionary<string, string> _there = TestPostgres.NewDatabase().Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
    private readonly World _world = new(Databases.Sqlite(), new FakeClock(), new Allowed { PrivateAddresses = true });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IDocuments Documents => _world.Get<IDocuments>();

    private FakeClock Clock => (FakeClock)_world.Time;

    [Fact]
    public async Task A_list_is_seen_right_after_the_window_and_told_once_whoever_dies_between()
    {
        await Says(windows: 1);
        Assert.Equal(1, await _world.Work());
        Assert.Empty(await Documents.List("shop", "products", stop: Stop));
        var dies = (await _world.Ledger.Claim([Publish], "one", TimeSpan.FromSeconds(30), Stop))!;
        var late = await _world.Do(dies, Publish);
        Assert.Equal(2, (await Documents.List("shop", "products", stop: Stop)).Count);
        Assert.Empty(_world.Ear.Heard.OfType<DocumentsSwapped>());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await _world.Work(Publish));
        Assert.Equal("lease_lost", (await Assert.ThrowsAsync<ProblemException>(() => _world.Ledger.Complete(dies, late, Stop))).Code);
        Assert.Equal("sales/document 2029-12-31T23:00:00Z silver.orders@1", Assert.Single(_world.Ear.Heard.OfType<DocumentsSwapped>()).MadeBy);
        Assert.Equal([(1, ListState.Current)], (await Documents.Lists("shop", "products", Stop)).Select(list => (list.Number, list.State)));
    }

    [Fact]
    public async Task An_older_list_that_comes_late_does_not_take_the_place_of_a_newer_one()
    {
        await Says(windows: 2);
        Assert.Equal(2, await _world.Work());
        var older = (await _world.Ledger.Claim([Publish], "slow", TimeSpan.FromMinutes(30), Stop))!;
        Assert.Equal(1, await _world.Work(Publish));
        await _world.Ledger.Complete(older, await _world.Do(older, Publish), Stop);
        Assert.Equal(2, (await Documents.Collections("shop", Stop)).Single().Current.Number);
        Assert.Equal(2, Assert.Single(_world.Ear.Heard.OfType<DocumentsSwapped>()).List);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_gets_its_list_later()
    {
        await Says(windows: 1);
        Assert.Equal(1, await _world.Work());
        await Says(windows: 1, port: "1");
        Assert.Equal(1, await _world.Work(Publish));
        Assert.Contains("It is tried again in 5 s.", (await _world.Ledger.Newest("shop", 10, Stop)).Single(task => task.State is WorkState.Failed).Error, StringComparison.Ordinal);
        await Says(windows: 1);
        Assert.Equal(0, await _world.Work(Publish));
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await _world.Work(Publish));
        Assert.Equal(2, (await Documents.List("shop", "products", stop: Stop)).Count);
        Assert.Single(_world.Ear.Heard.OfType<DocumentsSwapped>());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task Says(int windows, string? port = null)
    {
        var sections = $"connections:\n  there: {{kind: postgres, host: {_there["Host"]}, port: {port ?? _there["Port"]}, user: {_there["Username"]}, database: {_there["Database"]}, tls: off}}\ndocuments: {{connection: there}}";
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"{Clock.GetUtcNow().AddHours(-windows):yyyy-MM-ddTHH:mmZ}\", end: \"2030-01-01T00:00Z\"}}}}, steps: [{{document: {{from: silver.orders, collection: products, key: [code]}}}}]}}", sections);
        if (await _world.Get<Data.Tables.ITables>().Find("shop", new(Data.Tables.TableName.Parse("silver.orders")), Stop) is null)
            await _world.Table("silver.orders", "SELECT * FROM (VALUES (1, 'apple'), (2, 'pear')) t (id, code)");
    }
}
