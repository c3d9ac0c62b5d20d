using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Documents;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Models;
using Steward.Onnx;
using Steward.Pipelines;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Engines.Tests;

/// <summary>A pipeline asks a registered model about a table: the answers are a table or documents, and say which version gave them.</summary>
[Collection(ClusterOfTheirOwn.Name)]
public sealed class ScoreStepTests(BatchServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("process")]
    [InlineData("hpc")]
    public async Task Answers_become_rows_of_the_window_with_the_version_that_gave_them(string engine)
    {
        var (pipeline, to) = ($"rows-{engine}", $"gold.worth_{engine}");
        await Says($$"""
              {{pipeline}}:
                trigger: {tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2026-01-01T01:00Z"} }
                steps:
                  - {sql: {id: customers, query: "SELECT i AS customer_id, (i * 10)::DOUBLE AS x, CASE WHEN i = 1 THEN 'Oslo' END AS city, '2026-01-01' AS day FROM range(3) t(i)", writes: dw.customers} }
                  - {score: {id: ask, model: worth@1, from: dw.Customers, of_window: true, key: [customer_id], to: {{to}}, run_on: {{engine}} } }
            """);
        var view = await Run(pipeline);
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal("worth@1 was asked about 3 rows of dw.customers: 3 rows into " + to + ".", view.Steps.Single(step => step.Step == "ask").Words);
        Assert.Equal(new() { ["read"] = 3, ["answered"] = 3, ["setAside"] = 0, ["written"] = 3 }, Figures(view, "ask"));
        Assert.Equal([("0", "0", "worth@1"), ("1", "40", "worth@1"), ("2", "60", "worth@1")], (await Ask(to, $"SELECT customer_id, round(prediction)::INT, model FROM {to} ORDER BY customer_id")).Select(row => (row[0], row[1], row[2])));
        var tables = server.Services.GetRequiredService<ITables>();
        var origins = await tables.Origins((await tables.Find("shop", new(TableName.Parse(to)), Stop))!, Stop);
        Assert.Contains(new ColumnOrigin("customer_id", "dw.customers@1", "customer_id"), origins.Select(one => one with { From = one.From.Split('@')[0] + "@1" }));
        Assert.Contains(new ColumnOrigin("prediction", "worth@1", "prediction"), origins);
        Assert.Contains(origins, origin => origin.Column == "prediction" && origin.FromColumn == "city");

        // Run again, the window leaves what it would have left alone.
        await Run(pipeline, view.Window);
        Assert.Equal(["3"], (await Ask(to, $"SELECT count(*) FROM {to}"))[0]);
    }

    [Fact]
    public async Task A_list_for_each_customer_is_swapped_whole_and_names_the_version_behind_the_alias()
    {
        await server.Register("lists", Lists("cap", "hat", "pen", "mug"));
        await server.Register("lists", Lists("mug", "pen", "hat", "cap"));
        var promotions = server.Services.GetRequiredService<IPromotions>();
        await promotions.Promote(Who.Steward, "shop", "lists", 1, stop: Stop);
        await Says("""
              offers:
                trigger: {tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2026-01-01T01:00Z"} }
                steps:
                  - {sql: {id: customers, query: "SELECT unnest(['anna', 'bert', 'new']) AS customer_id", writes: dw.people} }
                  - {score: {id: docs, model: lists@production, from: dw.people, of_window: true, key: [customer_id], collection: offers, ttl: 36h, top: 2} }
                  - {score: {id: rows, model: lists@production, from: dw.people, of_window: true, key: [customer_id], to: gold.offers, top: 3, needs: [customers]} }
            """);
        var view = await Run("offers");
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal(3, Figures(view, "rows")["read"]);
        var documents = server.Services.GetRequiredService<IDocuments>();
        var anna = (await documents.Get("shop", "offers", "anna", stop: Stop))!;
        Assert.Equal("lists@1", anna.MadeBy);
        Assert.InRange(anna.ExpiresAt!.Value - anna.StoredAt, TimeSpan.FromHours(36) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(36) + TimeSpan.FromSeconds(1));
        var body = JsonSerializer.Deserialize<JsonElement>(anna.Body);
        Assert.Equal(("lists@1", "cap,hat"), (body.GetProperty("model").GetString(), string.Join(',', body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("product").GetString()))));
        Assert.Equal([1f, 0.5f], body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("score").GetSingle()));
        Assert.Equal(["anna 1 cap 1.0 lists@1", "anna 2 hat 0.5 lists@1", "anna 3 pen 0.25 lists@1"], (await Ask("gold.offers", "SELECT customer_id, place, item, score, model FROM gold.offers WHERE customer_id = 'anna' ORDER BY place")).Select(row => string.Join(' ', row)));

        // Another version behind the alias is another input: nothing is taken as before, and the whole list changes at once.
        await promotions.Promote(Who.Steward, "shop", "lists", 2, stop: Stop);
        view = await Run("offers", view.Window);
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal(["lists@2", "lists@2", "lists@2"], (await documents.List("shop", "offers", stop: Stop)).Select(one => one.MadeBy));
        Assert.Equal([["9", "lists@2"]], await Ask("gold.offers", "SELECT count(*), min(model) FROM gold.offers"));
        Assert.Equal([ListState.Current, ListState.Former], (await documents.Lists("shop", "offers", Stop)).Select(list => list.State));
    }

    [Fact]
    public async Task What_fails_later_in_the_window_leaves_the_list_and_the_table_that_readers_see()
    {
        await Says("""
              later:
                trigger: {tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2026-01-01T01:00Z"} }
                steps:
                  - {sql: {id: customers, query: "SELECT 1 AS customer_id, 2.0::DOUBLE AS x, 'Oslo' AS city, '2026-01-01' AS day", writes: dw.later} }
                  - {score: {id: docs, model: worth@1, from: dw.later, key: [customer_id], collection: later} }
                  - {score: {id: rows, model: worth@1, from: dw.later, key: [customer_id], to: gold.later} }
                  - {check: {reads: [gold.later], reconcile: [{left: SELECT count(*) FROM gold.later, right: SELECT 2}]} }
            """);
        var view = await Run("later");
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.Null(await server.Services.GetRequiredService<IDocuments>().Get("shop", "later", "1", stop: Stop));
        Assert.Null(await server.Services.GetRequiredService<ITables>().Find("shop", new(TableName.Parse("gold.later")), Stop));
    }

    [Theory]
    [InlineData("model: worth@1, from: dw.empty, key: [id], to: gold.empty", "SELECT 1 AS id WHERE false", "'x', 'city', 'day' are wanted")]
    [InlineData("model: worth@9, from: dw.empty, key: [id], to: gold.empty", "SELECT 1 AS id", "There is no model version 'worth@9' here.")]
    [InlineData("model: worth@1, from: dw.empty, key: [who], to: gold.empty", "SELECT 1 AS id", "has no column 'who'")]
    [InlineData("model: worth@1, from: dw.empty, key: [id], to: gold.empty, top: 3", "SELECT 1 AS id", "only a recommender gives")]
    [InlineData("model: worth@1, from: dw.empty, key: [id], to: gold.empty, run_on: nowhere", "SELECT 1 AS id", "There is no engine 'nowhere'")]
    public async Task What_does_not_suit_fails_the_window_in_words(string score, string query, string why)
    {
        var pipeline = "odd-" + Names.NewId();
        await Says($$"""
              {{pipeline}}:
                trigger: {tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2026-01-01T01:00Z"} }
                steps: [{sql: {query: "{{query}}", writes: dw.empty} }, {score: { {{score}} } }]
            """);
        var view = await Run(pipeline);
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.Contains(why, view.Window.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_without_rows_gives_a_table_without_rows()
    {
        await Says("""
              none:
                trigger: {tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2026-01-01T01:00Z"} }
                steps:
                  - {sql: {query: "SELECT 1 AS id, 2.0::DOUBLE AS x, 'Oslo' AS city, '2026-01-01' AS day WHERE false", writes: dw.none} }
                  - {score: {model: worth@1, from: dw.none, key: [id], to: gold.none} }
            """);
        var view = await Run("none");
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal(["0"], (await Ask("gold.none", "SELECT count(*) FROM gold.none"))[0]);
    }

    private async Task Says(string pipelines) => await server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: shop\npipelines:\n{pipelines}\n".ReplaceLineEndings("\n"), BatchServer.Editor, Stop);

    private async Task<WindowView> Run(string pipeline, Window? again = null)
    {
        var pipelines = server.Services.GetRequiredService<IPipelines>();
        if (again is not null)
            await pipelines.Ask(BatchServer.Editor, "shop", pipeline, new(Origin.Rerun, again.StartAt, again.EndAt), Stop);
        Window? window = null;
        await Eventually.True("the window is over", async () => (window = (await pipelines.Windows("shop", pipeline, stop: Stop)).FirstOrDefault()) is { State: WindowState.Succeeded or WindowState.Failed } && window.Runs > (again?.Runs ?? 0), Stop);
        return (await pipelines.Window("shop", pipeline, window!.StartAt, Stop))!;
    }

    private static Dictionary<string, long> Figures(WindowView view, string step) => JsonSerializer.Deserialize<JsonElement>(view.Steps.Single(one => one.Step == step).Made!).GetProperty("figures").Deserialize<Dictionary<string, long>>()!;

    private async Task<IReadOnlyList<IReadOnlyList<string?>>> Ask(string table, string sql)
    {
        await using var reading = await server.Services.GetRequiredService<ITables>().Open("shop", [TableReference.Parse(table)], Stop);
        return (await server.Services.GetRequiredService<ITableEngine>().Query(reading, sql, new() { Ours = true }, Stop)).Rows;
    }

    /// <summary>The same four things in the same order for everybody, with the scores 1, 0.5, 0.25 and 0.125.</summary>
    private static byte[] Lists(params string[] items)
    {
        var graph = new OnnxGraph("lists");
        var code = graph.Codes(graph.Input("customer_id", ElementType.String, "N"), ["anna", "bert"], [0, 1], 2);
        var (values, places) = graph.TopK(graph.Gather(graph.Constant(OnnxTensor.Of([.. Enumerable.Repeat(new[] { 1f, 0.5f, 0.25f, 0.125f }, 3).SelectMany(row => row)], 3, 4)), code), 4);
        graph.Output("items", graph.Gather(graph.Constant(OnnxTensor.Texts(items)), places), ElementType.String, "N", 4);
        graph.Output("scores", values, ElementType.Float, "N", 4);
        return graph.ToModel(new OnnxModelHead { Producer = "steward", Metadata = new Dictionary<string, string> { ["task"] = "recommendation" } });
    }
}
