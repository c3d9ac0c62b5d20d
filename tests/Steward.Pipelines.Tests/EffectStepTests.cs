using System.Text.Json;
using Steward.Data.Documents;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Training;
using Steward.Work;

namespace Steward.Pipelines.Tests;

public sealed class EffectStepsOnSqliteTests() : EffectStepTests(Databases.Sqlite());

public sealed class EffectStepsOnPostgresTests() : EffectStepTests(Databases.Postgres());

/// <summary>Documents published and trainings ordered with the end of a window: once, with the tables they were made from.</summary>
public abstract class EffectStepTests(Db db) : IAsyncDisposable
{
    private const string Train = "train: {task: regression, from: dw.history, target: price, algorithms: [mean]}";
    private const string Steps = """
        steps:
              - write: {id: history, from: silver.orders, to: dw.history}
              - write: {id: product, from: silver.orders, to: dw.product, mode: replace_all}
              - document: {id: publish, from: dw.Product, collection: products, key: [code], ttl: 36h}
              - train: {}
        """;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly World _world = new(db);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IDocuments Documents => _world.Get<IDocuments>();

    [Fact]
    public async Task A_table_becomes_a_list_of_documents_that_name_the_pipeline_the_window_and_the_snapshot()
    {
        await Sales(1);
        Assert.Equal(1, await _world.Work());
        await Succeeded();
        var apple = (await Documents.Get("shop", "products", "apple", stop: Stop))!;
        Assert.Equal("sales/publish 2029-12-31T23:00:00Z dw.product@1", apple.MadeBy);
        Assert.Equal(_world.Clock.GetUtcNow().AddHours(36), apple.ExpiresAt);
        var body = Json.Read<JsonElement>(apple.Body);
        Assert.Equal((1, "apple", "Äpfel \"5\"", 1.25m, "2026-03-01"), (body.GetProperty("id").GetInt32(), body.GetProperty("code").GetString(), body.GetProperty("title").GetString(), body.GetProperty("price").GetDecimal(), body.GetProperty("since").GetString()));
        Assert.Equal(JsonValueKind.Null, Json.Read<JsonElement>((await Documents.Get("shop", "products", "pear", stop: Stop))!.Body).GetProperty("title").ValueKind);
        var step = (await View()).Steps.Single(one => one.Step == "publish");
        Assert.Equal(("2 documents of dw.product@1 in list 1 of products.", 2L), (step.Words, step.RowsMade));
        Assert.Equal(["dw.product"], (await _world.Pipelines.Get("shop", "sales", Stop)).Steps.Single(one => one.Id == "publish").Reads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Whatever_dies_and_whoever_wakes_each_window_publishes_one_list_and_orders_one_training(int atOnce)
    {
        const int windows = 12;
        var random = new Random(5);
        await Sales(windows, $"max_concurrency: {atOnce}, retry: {{count: 9, every: 1s}}, ");
        List<(Claim Claim, Func<Tx, Task<object?>> Effect)> zombies = [];
        var (deaths, fenced, looks) = (0, 0, 0);
        while ((await _world.Pipelines.Get("shop", "sales", Stop)).Counts.GetValueOrDefault("succeeded") < windows)
        {
            Assert.True(looks++ < 300, string.Join(' ', (await _world.Windows()).Select(window => $"{window.State} {window.Why}")));
            await _world.Look();
            while (await _world.Claim($"w{random.Next(5)}", Lease) is { } claim)
                switch (random.Next(5))
                {
                    case 0: // dies before it did anything
                        deaths++;
                        break;
                    case 1: // dies after all the work, or sleeps and wakes later
                        zombies.Add((claim, await _world.Do(claim)));
                        break;
                    default:
                        try
                        {
                            await _world.Ledger.Complete(claim, await _world.Do(claim), Stop);
                        }
                        catch (ProblemException late) when (late.Code is "table_conflict")
                        {
                            await _world.Ledger.Fail(claim, late.Message, again: false, late.Code, Stop);
                        }

                        break;
                }

            _world.Clock.Advance(Lease * random.NextDouble() * 1.5);
            foreach (var woken in zombies.Where(_ => random.Next(3) == 0).ToList())
            {
                zombies.Remove(woken);
                try
                {
                    await _world.Ledger.Complete(woken.Claim, woken.Effect, Stop);
                }
                catch (ProblemException late) when (late.Code is "lease_lost" or "window_taken" or "table_conflict")
                {
                    fenced++;
                }
            }
        }

        Assert.True(deaths > 1 && fenced > 1, $"{deaths} died, {fenced} woke too late: too few to prove anything.");
        var swapped = _world.Ear.Heard.OfType<DocumentsSwapped>().ToList();
        // Of windows that run at once, a list that was begun earlier does not take the place of a later one.
        Assert.InRange(swapped.Count, atOnce == 1 ? windows : 1, windows);
        Assert.Equal(swapped.Count, swapped.DistinctBy(one => one.MadeBy.Split(' ')[1]).Count());
        Assert.Equal(swapped.Select(one => one.List).Order(), swapped.Select(one => one.List));
        var lists = await Documents.Lists("shop", "products", Stop);
        Assert.Equal(swapped.Count, lists.Count(list => list.State is ListState.Current or ListState.Former));
        Assert.Equal(2, (await Documents.List("shop", "products", stop: Stop)).Count);
        var trainings = await Trainings();
        Assert.True(windows == trainings.Count, string.Join('\n', trainings.Select(one => one.Payload + one.Key)) + string.Join('\n', (await View()).Steps.Select(one => one.Words)) + Json.Write(await _world.Get<ITables>().All("shop", Stop)));
        Assert.Equal(Enumerable.Range(1, windows), trainings.Select(one => Json.Read<TrainOrder>(one.Payload).Version).Order());
    }

    [Fact]
    public async Task A_list_that_was_begun_by_a_run_that_died_is_dropped()
    {
        await Sales(1);
        await _world.Look();
        var zombie = (await _world.Claim("one", Lease))!;
        var late = await _world.Do(zombie);
        Assert.Equal(ListState.Filling, Assert.Single(await Documents.Lists("shop", "products", Stop)).State);
        _world.Clock.Advance(Lease * 2);
        Assert.Equal(1, await _world.Work());
        Assert.Equal([(2, ListState.Current)], (await Documents.Lists("shop", "products", Stop)).Select(list => (list.Number, list.State)));
        Assert.Equal("lease_lost", (await Assert.ThrowsAsync<ProblemException>(() => _world.Ledger.Complete(zombie, late, Stop))).Code);
        Assert.Single(_world.Ear.Heard.OfType<DocumentsSwapped>());
    }

    [Fact]
    public async Task A_training_learns_from_the_tables_as_the_window_leaves_them_and_the_same_rows_are_not_learned_from_again()
    {
        await Sales(2);
        Assert.Equal(2, await _world.Work());
        await Succeeded();
        var trainings = await Trainings();
        Assert.Equal(["dw.history@1 for sales 2029-12-31 22:00", "dw.history@2 for sales 2029-12-31 23:00"], trainings.Select(one => Json.Read<TrainOrder>(one.Payload)).Select(one => $"{one.Data}@{one.Version} for {one.Reason}"));
        var step = (await View()).Steps.Single(one => one.Step == "train");
        Assert.Equal((trainings[1].Id, "Ordered regression from dw.history@2 by mean for the model shop."), (step.Task, step.Words));
        await _world.Pipelines.Ask(Who.Open, "shop", "sales", new(Origin.Rerun, null, null), Stop);
        Assert.Equal(2, await _world.Work());
        await Succeeded();
        Assert.Equal(4, (await _world.Get<ITables>().Find("shop", new(TableName.Parse("dw.history")), Stop))!.Version);
        Assert.Equal(trainings.Select(one => one.Id), (await Trainings()).Select(one => one.Id));
        Assert.Equal(trainings[1].Id, (await View()).Steps.Single(one => one.Step == "train").Task);
    }

    [Fact]
    public async Task The_plan_says_what_would_be_published_and_ordered()
    {
        await Sales(1);
        var steps = (await _world.Pipelines.Get("shop", "sales", Stop)).Steps;
        Assert.Equal(["publishes dw.product as the documents of products, by code", "orders regression from dw.history by mean for the model shop, once for the same rows"], steps.TakeLast(2).Select(step => step.Does));
    }

    [Theory]
    [InlineData("document: {from: silver.orders, collection: products, key: [price]}", "document: Two rows of silver.orders have the same key (price): 2.00.")]
    [InlineData("document: {from: silver.orders, collection: products, key: [title]}", "document: A row of silver.orders has no value in the key (title).")]
    [InlineData("document: {from: silver.orders, collection: products, key: [cod]}", "document: silver.orders has no column 'cod'.")]
    [InlineData("document: {from: silver.other, collection: products, key: [code]}", "document: There is no table 'silver.other' here.")]
    public async Task What_cannot_be_published_is_said_and_leaves_no_list(string step, string said)
    {
        await _world.Table("silver.orders", Orders + ", (3, 'plum', 'Plum', 2.00, NULL)) t (id, code, title, price, since)");
        await _world.Says($"sales: {{trigger: {Trigger(1)}, steps: [{{{step}}}]}}");
        await _world.Work();
        Assert.StartsWith(said, (await _world.Windows())[0].Why, StringComparison.Ordinal);
        Assert.Empty(await Documents.Lists("shop", "products", Stop));
    }

    [Fact]
    public async Task A_step_that_looks_at_a_table_before_the_run_writes_it_is_refused()
    {
        await _world.Table("silver.orders", Orders + ") t (id, code, title, price, since)");
        await _world.Table("dw.product", Orders + ") t (id, code, title, price, since)");
        await _world.Says($"sales: {{trigger: {Trigger(1)}, steps: [{{document: {{from: dw.product, collection: products, key: [code]}}}}, {{write: {{from: silver.orders, to: dw.product, mode: replace_all}}}}]}}");
        await _world.Look();
        var claim = (await _world.Claim())!;
        var effect = await _world.Do(claim);
        Assert.Equal("read_too_early", (await Assert.ThrowsAsync<ProblemException>(() => _world.Ledger.Complete(claim, effect, Stop))).Code);
        Assert.Empty(await Documents.List("shop", "products", stop: Stop));
    }

    [Theory]
    [InlineData("{train: {wait: true}}", "a run cannot wait for a training")]
    [InlineData("{document: {from: dw.product, collection: a/b, key: [code]}}", "cannot be the name of a collection")]
    [InlineData("{document: {from: dw.product, collection: products}}", "key names 1 to 20 columns")]
    [InlineData("{document: {from: dw.product, collection: products, key: [code], ttl: 0s}}", "1 s to 10 years are possible")]
    [InlineData("{document: {from: dw.product, collection: products, key: [code]}}, {document: {id: again, from: dw.sales, collection: products, key: [id]}}", "'documents/products' is written by the steps document and again")]
    public async Task What_cannot_be_a_step_is_refused_with_the_project_file(string steps, string said)
        => Assert.Contains(said, (await Assert.ThrowsAnyAsync<ProblemException>(() => _world.Says($"sales: {{trigger: {Trigger(1)}, steps: [{steps}]}}"))).Message, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private const string Orders = "SELECT * FROM (VALUES (1, 'apple', 'Äpfel \"5\"', 1.25, DATE '2026-03-01'), (2, 'pear', NULL, 2.00, NULL)";

    private static string Trigger(int windows, string more = "") => $"{{tumbling: {{every: 1h, start: \"{new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(-windows):yyyy-MM-ddTHH:mmZ}\", {more}end: \"2030-01-01T00:00Z\"}}}}";

    private async Task Sales(int windows, string more = "")
    {
        await _world.Table("silver.orders", Orders + ") t (id, code, title, price, since)");
        await _world.Says($"sales:\n    trigger: {Trigger(windows, more)}\n    {Steps}", Train);
    }

    private async Task Succeeded() => Assert.True((await _world.States()).All(state => state == 'S'), string.Join(' ', (await _world.Windows()).Select(window => window.Why)));

    private async Task<WindowView> View() => (await _world.Pipelines.Window("shop", "sales", (await _world.Windows())[^1].StartAt, Stop))!;

    private async Task<List<WorkTask>> Trainings() => [.. (await _world.Ledger.Newest("shop", 1000, Stop)).Where(task => task.Kind == TrainOrder.Kind).OrderBy(task => task.Id, StringComparer.Ordinal)];
}
