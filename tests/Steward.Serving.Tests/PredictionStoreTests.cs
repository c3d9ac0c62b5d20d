using Steward.Storage;
using Steward.Testing;

namespace Steward.Serving.Tests;

public class PredictionStoreOnSqliteTests() : PredictionStoreTests(Databases.Sqlite());
public class PredictionStoreOnPostgresTests() : PredictionStoreTests(Databases.Postgres());

/// <summary>The same promises on both engines.</summary>
public abstract class PredictionStoreTests(Db db) : IAsyncLifetime
{
    private readonly PredictionStore _store = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_found_again_as_it_was()
    {
        var one = Sample(1) with { Embedding = [0.5f, -2, 0.25f], Picture = Digest.Of("p"), Second = "lychee", Abstained = true };
        await _store.Add([one], Stop);
        var found = (await _store.Find(one.Id, Stop))!;
        Assert.Equal(one.Embedding, found.Embedding);
        Assert.Equal(one with { Embedding = null }, found with { Embedding = null });
    }

    [Fact]
    public async Task Reading_on_from_the_last_row_meets_every_row_once()
    {
        await _store.Add([.. Enumerable.Range(0, 25).Select(Sample)], Stop);
        await _store.Add([Sample(99) with { Endpoint = "other" }], Stop);
        var (seen, mark) = (new List<string>(), (LogMark?)null);
        while (await _store.Since("fruit", mark, 10, Stop) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(one => one.Id));
            mark = page[^1].Mark;
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(n => Sample(n).Id), seen);
    }

    [Fact]
    public async Task The_answers_of_one_version_are_read_on_and_counted_by_themselves()
    {
        await _store.Add([.. Enumerable.Range(0, 20).Select(n => Sample(n) with { Version = n % 3 == 0 ? 4 : 2 })], Stop);
        await _store.Add([Sample(99) with { Endpoint = "other", Version = 9 }], Stop);
        Assert.Equal([2, 4], await _store.Versions("fruit", Stop));
        Assert.Empty(await _store.Versions("nobody", Stop));
        var first = await _store.Since("fruit", 4, null, 3, Stop);
        Assert.Equal([Sample(0).Id, Sample(3).Id, Sample(6).Id], first.Select(one => one.Id));
        var tail = await _store.Waiting("fruit", 4, first[^1].Mark, 100, Stop);
        Assert.Equal(new(4, Sample(9).At), tail);
        Assert.Equal(2, (await _store.Waiting("fruit", 4, first[^1].Mark, 2, Stop)).Count);
        Assert.Equal(new(0, null), await _store.Waiting("fruit", 7, null, 100, Stop));
    }

    [Fact]
    public async Task What_a_person_says_stays_with_the_answer()
    {
        var one = Sample(1);
        await _store.Add([one], Stop);
        await db.Write(tx => PredictionStore.Tell(tx, one.Id, false, "rambutan"), Stop);
        var found = await _store.Find(one.Id, Stop);
        Assert.Equal((false, "rambutan"), (found!.Right, found.Truth));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Two answers share each time, so that the id must decide.</summary>
    private static Prediction Sample(int n) => new(
        $"{n:D32}", "p", "fruit", 1, new DateTimeOffset(2026, 1, 1, 12, n / 2, 0, TimeSpan.Zero), "durian", 0.75, null, 0.5, null, null, 900, false);
}
