using Steward.Storage;
using Steward.Testing;

namespace Steward.Serving.Tests;

public class ReleaseStoreOnSqliteTests() : ReleaseStoreTests(Databases.Sqlite());
public class ReleaseStoreOnPostgresTests() : ReleaseStoreTests(Databases.Postgres());

/// <summary>The same promises on both engines.</summary>
public abstract class ReleaseStoreTests(Db db) : IAsyncLifetime
{
    private readonly ReleaseStore _store = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_begins_once_and_only_while_nobody_serves_its_promotion()
    {
        Assert.True(await Start(One));
        Assert.False(await Start(One));
        Assert.False(await Start(One with { Epoch = 5, BaseEpoch = 4 }));
        var found = (await _store.Find("colours", 2, Stop))!;
        Assert.Equal(One.Plan.Shares, found.Plan.Shares);
        Assert.Equal(One with { Plan = found.Plan }, found);
    }

    [Fact]
    public async Task Only_the_first_of_several_changes_happens()
    {
        await Start(One);
        var next = One with { Step = 1, StepAt = One.StepAt.AddMinutes(11) };
        var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => db.Write(tx => ReleaseStore.Change(tx, One, next), Stop)));
        Assert.Single(won, one => one);
        Assert.True(await db.Write(tx => ReleaseStore.Change(tx, next, next with { State = ReleaseState.Aborted, EndedAt = next.StepAt, Why = "slow", By = "mia" }), Stop));
        var found = (await _store.Newest("colours", Stop))!;
        Assert.Equal((ReleaseState.Aborted, 1, "slow", "mia", 0d), (found.State, found.Step, found.Why, found.By, found.Share));
        Assert.Empty(await _store.Older("colours", 9, Stop));
    }

    [Fact]
    public async Task What_several_processes_count_adds_up()
    {
        await Start(One);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _store.Add(One, 2, ReleaseJudgingTests.Counts(10, 1, 2, 3), Stop)));
        await _store.Add(One, 1, ReleaseJudgingTests.Counts(5), Stop);
        var figures = await _store.Figures("colours", 2, Stop);
        var tried = figures[(0, 2)];
        Assert.Equal((40, 40, 4, 8, 12), (tried.Requests, tried.Answers, tried.Failed, tried.Unsure, Durations.Above(tried.Bins, 60)));
        Assert.Equal(5, figures[(0, 1)].Requests);
    }

    public async ValueTask InitializeAsync() => await new EndpointStore(db, TimeProvider.System).Ensure("colours", "shop", "colours", Stop);

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static Release One => ReleaseJudgingTests.Some() with { BaseEpoch = 0 };

    private Task<bool> Start(Release release) => db.Write(tx => ReleaseStore.Start(tx, release), Stop);
}
