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
        await db.Write(tx => PredictionStore.Tell(tx, one.Id, true, "durian", ToldHow.Feedback, one.At.AddHours(1)), Stop);
        await db.Write(tx => PredictionStore.Tell(tx, one.Id, false, "rambutan", ToldHow.Labels, one.At.AddHours(2)), Stop);
        var found = await _store.Find(one.Id, Stop);
        Assert.Equal((false, "rambutan", ToldHow.Feedback, one.At.AddHours(1)), (found!.Right, found.Truth, found.How, found.ToldAt));
    }

    [Fact]
    public async Task What_was_told_is_read_on_in_the_order_of_telling_and_counted_by_how_it_came()
    {
        await _store.Add([.. Enumerable.Range(0, 20).Select(n => Sample(n) with { Picture = Digest.Of($"{n}") })], Stop);
        foreach (var n in new[] { 7, 3, 12, 5 })
            await db.Write(tx => PredictionStore.Tell(tx, Sample(n).Id, n > 5, null, ToldHow.Feedback, Later(n == 7 ? 0 : n)), Stop);
        await db.Write(tx => PredictionStore.Tell(tx, Sample(1).Id, false, "kiwi", ToldHow.Labels, Later(99)), Stop);
        var first = await _store.Told("fruit", 1, null, 2, Stop);
        Assert.Equal([Sample(7).Id, Sample(3).Id], first.Select(one => one.Id));
        Assert.Equal([Sample(5).Id, Sample(12).Id], (await _store.Told("fruit", 1, first[^1].ToldMark, 9, Stop)).Select(one => one.Id));
        Assert.Empty(await _store.Told("fruit", 2, null, 9, Stop));
        Assert.Equal([new(ToldHow.Feedback, 4, 2), new(ToldHow.Labels, 1, 0)], await _store.ToldCounts("fruit", 1, Stop));
        Assert.Equal([Sample(1).Id, Sample(5).Id], (await _store.Wrong("fruit", 1, Later(3), 9, Stop)).Select(one => one.Id));
    }

    [Fact]
    public async Task Answers_are_listed_by_what_they_said_how_sure_and_what_people_said()
    {
        await _store.Add([.. Enumerable.Range(0, 12).Select(n => Sample(n) with { Label = n % 2 == 0 ? "kiwi" : "lime", Confidence = n / 12.0, Version = 1 + (n / 6) })], Stop);
        await db.Write(tx => PredictionStore.Tell(tx, Sample(2).Id, false, null, ToldHow.Feedback, Later(0)), Stop);
        await db.Write(tx => PredictionStore.Tell(tx, Sample(4).Id, true, null, ToldHow.Feedback, Later(0)), Stop);
        async Task<IEnumerable<int>> Listed(LogFilter filter) => (await _store.Newest("fruit", 100, filter, Stop)).Select(one => int.Parse(one.Id, null));
        Assert.Equal([10, 8, 6, 4, 2, 0], await Listed(new(Label: "kiwi")));
        Assert.Equal([5, 4, 3, 2, 1, 0], await Listed(new(Version: 1)));
        Assert.Equal([2, 1, 0], await Listed(new(Under: 0.25)));
        Assert.Equal([2], await Listed(new(Said: LogSaid.Wrong)));
        Assert.Equal([4], await Listed(new(Said: LogSaid.Right)));
        Assert.Equal(10, (await Listed(new(Said: LogSaid.Nothing))).Count());
        Assert.Equal([11, 10], await Listed(new(Since: Sample(10).At)));
        Assert.Equal([3, 1], await Listed(new("lime", 1, 0.4, LogSaid.Nothing, Sample(0).At)));
    }

    [Fact]
    public async Task What_is_too_old_goes_and_everything_else_stays()
    {
        await _store.Add([.. Enumerable.Range(0, 20).Select(Sample)], Stop);
        await _store.Add([Sample(99) with { Endpoint = "other", At = Sample(0).At }], Stop);
        Assert.Equal(4, await db.Write(tx => PredictionStore.Remove(tx, "fruit", Sample(10).At, 4), Stop));
        Assert.Equal(6, await db.Write(tx => PredictionStore.Remove(tx, "fruit", Sample(10).At, 100), Stop));
        Assert.Equal(Enumerable.Range(10, 10).Select(n => Sample(n).Id), (await _store.Since("fruit", null, 100, Stop)).Select(one => one.Id));
        Assert.Single(await _store.Since("other", null, 100, Stop));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static DateTimeOffset Later(int minutes) => new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes);

    /// <summary>Two answers share each time, so that the id must decide.</summary>
    private static Prediction Sample(int n) => new(
        $"{n:D32}", "p", "fruit", 1, new DateTimeOffset(2026, 1, 1, 12, n / 2, 0, TimeSpan.Zero), "durian", 0.75, null, 0.5, null, null, 900, false);
}
