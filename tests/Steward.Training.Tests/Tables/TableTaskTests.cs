using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training.Tests.Tables;

/// <summary>Training on a table as a task of a whole server: from a snapshot to a study, a version, and answers by column.</summary>
public sealed class TableTaskTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static readonly string[] Cities = ["", "Oslo", "Rome", "Bonn", "Nice"];

    private const string Orders = """
        SELECT i AS order_id, CASE WHEN i % 20 = 0 THEN NULL ELSE 5 + (i * 7919 % 4001) / 100.0 END AS price, (i * 31 % 8) + 1 AS amount,
               CASE i * 17 % 5 WHEN 0 THEN NULL WHEN 1 THEN 'Oslo' WHEN 2 THEN 'Rome' WHEN 3 THEN 'Bonn' ELSE 'Nice' END AS city,
               TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS ordered, (i * 7 % 3 = 0) AS gift,
               coalesce(5 + (i * 7919 % 4001) / 100.0, 20) * ((i * 31 % 8) + 1) + CASE i * 17 % 5 WHEN 2 THEN 40 ELSE 0 END + (i * 104729 % 97) / 10.0 AS revenue,
               CASE WHEN (i * 31 % 8) >= 4 THEN 'large' ELSE 'small' END AS size
          FROM range(1200) t(i)
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_study_of_a_table_ends_in_a_version_that_answers_by_column()
    {
        await Project("revenue", "{task: regression, from: silver.orders, target: revenue, features: auto, ignore: [size], key: order_id, time: ordered, algorithms: [linear, lightgbm: {trees: 40}]}",
            """
            gates:
              - {metric: test.rmse, better_than: mean, confidence: 0.95}
              - {metric: test.r2, op: ">=", value: 0.8}
            serve: {endpoint: revenue}
            """);
        await server.Table("revenue", Orders);
        var task = await server.Trained("revenue");
        Assert.True(task.State is WorkState.Done, task.Error);

        var study = Assert.Single(await server.Runs.Newest("revenue", stop: Stop));
        Assert.Equal((RunStatus.Finished, "silver.orders@1", "valid.rmse", "minimize"), (study.Status, study.Data, study.Tags["primary"], study.Tags["direction"]));
        var tunes = await server.Runs.Children(study.Id, Stop);
        Assert.Equal(["linear", "lightgbm"], tunes.Select(tune => tune.Name));
        Assert.All(tunes, tune => Assert.Equal(240, tune.Metrics["test.n"]));
        Assert.Equal(["card.json", "evaluation.json", "model.onnx", "packages.json", "reference.json", "scores.json"], (await server.Runs.ArtifactsOf(tunes[0].Id, Stop)).Select(file => file.Name));

        await Eventually.True("the best tune is registered and checked", async () => await server.Models.Find("revenue", new("revenue", 1, null), Stop) is { Stage: Stage.Approved or Stage.GateFailed }, Stop);
        var version = await server.Models.Get("revenue", new("revenue", 1, null), Stop);
        Assert.Equal(tunes.MinBy(tune => tune.Metrics["valid.rmse"])!.Id, version.Run);
        Assert.True(version.Stage is Stage.Approved, version.Stage.ToString());

        await server.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, "revenue", "revenue", 1, stop: Stop);
        var items = (await server.Artifact(tunes.Single(tune => tune.Id == version.Run), "evaluation.json")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(240, items.Count);
        int[] ids = [.. items.Take(40).Select(item => int.Parse(item.GetProperty("key").GetString()!, CultureInfo.InvariantCulture))];
        JsonElement reply = default;
        await Eventually.True("the endpoint answers", async () =>
        {
            using var answer = await server.Http.PostAsync("/v2/models/revenue/infer", new StringContent(ByColumn(ids)), Stop);
            reply = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(Stop) : default;
            Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode is 404 or 503, await answer.Content.ReadAsStringAsync(Stop));
            return answer.IsSuccessStatusCode;
        }, Stop);
        var output = reply.GetProperty("outputs")[0];
        Assert.Equal(("prediction", "FP64"), (output.GetProperty("name").GetString(), output.GetProperty("datatype").GetString()));
        double[] answers = [.. items.Take(40).Select(item => item.GetProperty("answer").GetDouble())];
        Assert.Equal(answers, output.GetProperty("data").EnumerateArray().Select(told => told.GetDouble()));

        // The same rows as a file, by the verb that people type.
        var folder = TestFolder.New();
        var (from, to) = (Path.Combine(folder, "in.csv"), Path.Combine(folder, "out.csv"));
        await File.WriteAllLinesAsync(from, ["order_id,price,amount,city,ordered,gift", .. ids.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{(i % 20 == 0 ? "" : (5 + (i * 7919 % 4001 / 100.0)).ToString("R", CultureInfo.InvariantCulture))},{(i * 31 % 8) + 1},{Cities[i * 17 % 5]},{new DateTime(2026, 1, 1).AddHours(i):yyyy-MM-dd HH:mm:ss},{(i * 7 % 3 == 0 ? "true" : "false")}"))], Stop);
        using var cli = new Server(_ => Task.FromResult(new HttpClient { BaseAddress = new Uri(server.Url) })) { Project = () => "revenue" };
        Assert.Equal(0, await BatchVerb.Tree(cli).Parse(["revenue@1", from, to]).InvokeAsync(cancellationToken: Stop));
        Assert.Equal(answers.Select((answer, i) => $"{ids[i]} {answer.ToString("R", CultureInfo.InvariantCulture)} revenue@1"), File.ReadLines(to).Skip(1).Select(line => line.Split(',')).Select(fields => $"{fields[0]} {fields[6]} {fields[7]}"));
    }

    /// <summary>Rows of <see cref="Orders"/> as callers send them: a column each; NaN and "" where nothing is known.</summary>
    private static string ByColumn(int[] ids)
    {
        string Column(string name, string type, Func<int, string> value) => $$"""{"name": "{{name}}", "datatype": "{{type}}", "shape": [{{ids.Length}}], "data": [{{string.Join(", ", ids.Select(value))}}]}""";
        return $$"""
            {"inputs": [{{Column("price", "FP64", i => i % 20 == 0 ? "NaN" : (5 + (i * 7919 % 4001 / 100.0)).ToString("R", CultureInfo.InvariantCulture))}},
                        {{Column("amount", "FP64", i => $"{(i * 31 % 8) + 1}")}}, {{Column("city", "BYTES", i => $"\"{Cities[i * 17 % 5]}\"")}},
                        {{Column("ordered", "INT64", i => $"{TimeColumn.Of(new DateTime(2026, 1, 1).AddHours(i))}")}}, {{Column("gift", "FP64", i => i * 7 % 3 == 0 ? "1" : "0")}}]}
            """;
    }

    [Fact]
    public async Task Classes_of_a_table_are_gated_logged_and_served_as_those_of_pictures()
    {
        await Project("sizes", "{task: classification, from: silver.orders, target: size, features: [price, city, ordered, gift, revenue], repeats: 2, algorithms: [linear, fasttree: {trees: 20}]}", "gates: [{metric: test.accuracy, better_than: commonest}, {slice: kind, metric: test.f1, op: \">=\", value: 0.5}]");
        await server.Table("sizes", Orders);
        var task = await server.Trained("sizes");
        Assert.True(task.State is WorkState.Done, task.Error);
        var tune = (await server.Runs.Children(Assert.Single(await server.Runs.Newest("sizes", stop: Stop)).Id, Stop))[1];
        Assert.InRange(tune.Metrics["test.f1.large"], tune.Metrics["test.f1.large.low"], tune.Metrics["test.f1.large.high"]);
        Assert.True(tune.Metrics.ContainsKey("valid.f1_macro.sd"));
        Assert.Equal([1, 2], (await server.Runs.MetricsOf(tune.Id, "by_seed.f1_macro", Stop)).Select(point => point.Step));
        var reference = await server.Artifact(tune, "reference.json");
        Assert.Equal(240, reference.GetProperty("embeddings").GetArrayLength());
        Assert.Equal(reference.GetProperty("dimensions").GetInt32(), reference.GetProperty("embeddings")[0].GetArrayLength());
        await Eventually.True("the best tune is registered and checked", async () => await server.Models.Find("sizes", new("sizes", 1, null), Stop) is { Stage: Stage.Approved or Stage.GateFailed }, Stop);
        var gates = (await server.Models.Get("sizes", new("sizes", 1, null), Stop)).Gates;
        Assert.Equal(["baseline", "slice"], gates.Select(gate => gate.Gate));
        Assert.Contains("240 items", gates[0].Spread, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leak_fails_the_task_in_words_and_ends_its_runs()
    {
        await Project("leaky", "{task: regression, from: silver.orders, target: revenue}");
        await server.Table("leaky", Orders.Replace("AS revenue,", "AS revenue, (i * 31 % 8) AS copy,", StringComparison.Ordinal).Replace("SELECT i AS order_id", "SELECT *, round(revenue * 1.2, 2) AS with_tax FROM (SELECT i AS order_id", StringComparison.Ordinal) + ")");
        var task = await server.Trained("leaky");
        Assert.Equal((WorkState.Failed, "leak_suspected"), (task.State, task.ErrorCode));
        Assert.Contains("'with_tax'", task.Error, StringComparison.Ordinal);
        Assert.All(await server.Runs.Newest("leaky", children: true, stop: Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    [Fact]
    public async Task Without_the_table_there_is_nothing_to_learn_from()
    {
        await Project("nothing", "{task: regression, from: silver.orders, target: revenue}");
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/nothing/train", new { }, Stop);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Contains("silver.orders", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private Task<Project> Project(string name, string train, string more = "") => server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {name}\ntrain: {train}\n{more}\n", Editor, Stop);
}
