using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Host.Templates.Fruit;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training.Tests;

/// <summary>Training as a task of a whole server: from a snapshot to a study, and from the study to a version.</summary>
public sealed class TrainTaskTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_study_of_tunes_ends_in_a_registered_version()
    {
        await server.Project("made");
        await server.Pictures("made", 160);
        var task = await server.Trained("made");
        Assert.True(task.State is WorkState.Done, task.Error);

        var study = Assert.Single(await server.Runs.Newest("made", stop: Stop));
        Assert.Equal((RunStatus.Finished, "pictures@1", "valid.f1_macro"), (study.Status, study.Data, study.Tags["primary"]));
        var tunes = await server.Runs.Children(study.Id, Stop);
        Assert.Equal(["one", "two"], tunes.Select(tune => tune.Name));
        Assert.All(tunes, tune => Assert.Equal((RunStatus.Finished, "32"), (tune.Status, tune.Metrics["test.n"].ToString(System.Globalization.CultureInfo.InvariantCulture))));
        foreach (var tune in tunes)
        {
            Assert.Equal(["card.json", "evaluation.json", "model.onnx", "packages.json", "reference.json", "slices.json"], (await server.Runs.ArtifactsOf(tune.Id, Stop)).Select(file => file.Name));
            Assert.Equal([1, 2], (await server.Runs.MetricsOf(tune.Id, "train.loss", Stop)).Select(point => point.Step));
            Assert.InRange(tune.Metrics["train.accuracy"], tune.Metrics["test.accuracy"] - 0.1, 1);
            Assert.True(tune.Metrics["test.f1_macro.low"] <= tune.Metrics["test.f1_macro"] && tune.Metrics["test.f1_macro"] <= tune.Metrics["test.f1_macro.high"]);
        }

        await Eventually.True("the best tune is registered", async () => await server.Models.Find("made", new("made", 1, null), Stop) is not null, Stop);
        var version = await server.Models.Get("made", new("made", 1, null), Stop);
        Assert.Equal(tunes.MaxBy(tune => tune.Metrics["valid.f1_macro"])!.Id, version.Run);
        Assert.Equal(study.Code, version.Code);
        // What overfitting is, is explained with this version's own two ends of the gap.
        var told = await server.Http.GetFromJsonAsync<JsonElement>("/api/projects/made/explain/overfitting", Stop);
        foreach (var (fact, metric) in ((string, string)[])[("train", "train.accuracy"), ("test", "test.accuracy")])
        {
            var source = told.GetProperty("sources").EnumerateArray().Single(one => one.GetProperty("id").GetString() == fact);
            Assert.Equal((version.Metrics[metric], "version"), (source.GetProperty("value").GetDouble(), source.GetProperty("source").GetProperty("kind").GetString()));
        }
    }

    [Fact]
    public async Task A_tune_says_how_good_it_is_kind_by_kind_and_picture_by_picture()
    {
        await server.Project("judged");
        await server.Pictures("judged", 160);
        Assert.True((await server.Trained("judged")).State is WorkState.Done);
        var study = Assert.Single(await server.Runs.Newest("judged", stop: Stop));
        var tune = (await server.Runs.Children(study.Id, Stop))[0];
        var evaluation = await server.Artifact(tune, "evaluation.json");
        var reference = await server.Artifact(tune, "reference.json");

        var items = evaluation.GetProperty("items").EnumerateArray().ToList();
        string Of(JsonElement item, string name) => item.GetProperty(name).GetString()!;
        Assert.Equal(reference.GetProperty("keys").EnumerateArray().Select(key => key.GetString()), items.Select(item => Of(item, "key")));
        Assert.Equal(reference.GetProperty("answers").EnumerateArray().Select(answer => answer.GetString()), items.Select(item => Of(item, "answer")));
        // These keys begin with the kind that the picture shows.
        Assert.All(items, item => Assert.Equal(Of(item, "key").Split('/')[0], Of(item, "truth")));
        Assert.Equal(items.Count(item => Of(item, "truth") == Of(item, "answer")) / 32.0, tune.Metrics["test.accuracy"], 1e-12);
        foreach (var (kind, k) in FruitPictures.Kinds.Select((kind, k) => (kind, k)))
        {
            var row = evaluation.GetProperty("confusion")[k].EnumerateArray().Select(cell => cell.GetInt32()).ToList();
            Assert.Equal(FruitPictures.Kinds.Select(answer => items.Count(item => Of(item, "truth") == kind && Of(item, "answer") == answer)), row);
            Assert.Equal(row.Sum(), tune.Metrics["test.n." + kind]);
            Assert.Equal(row[k] / (double)row.Sum(), tune.Metrics["test.recall." + kind], 1e-12);
            Assert.InRange(tune.Metrics["test.f1." + kind], tune.Metrics[$"test.f1.{kind}.low"], tune.Metrics[$"test.f1.{kind}.high"]);
        }

        // The styles of drawing are slices without a word.
        var slices = (await server.Artifact(tune, "slices.json")).GetProperty("slices").EnumerateArray().ToList();
        Assert.Equal(FruitPictures.KnownStyles.Select(style => style.ToString()).Order(StringComparer.Ordinal), slices.Where(slice => Of(slice, "by") == "source").Select(slice => Of(slice, "value")).Order(StringComparer.Ordinal));
        Assert.Equal(32, slices.Where(slice => Of(slice, "by") == "source").Sum(slice => slice.GetProperty("n").GetInt32()));

        await Eventually.True("it is registered", async () => await server.Models.Find("judged", new("judged", 1, null), Stop) is not null, Stop);
        Assert.Contains("evaluation.json", (await server.Models.Get("judged", new("judged", 1, null), Stop)).Artifacts.Keys);
    }

    [Fact]
    public async Task A_broken_picture_fails_the_task_with_its_name()
    {
        await server.Project("broken");
        await server.Pictures("broken", 160, odd: "no picture"u8.ToArray());
        var task = await server.Trained("broken");
        Assert.Equal(WorkState.Failed, task.State);
        Assert.Contains("'odd/one.png' cannot be learned from", task.Error, StringComparison.Ordinal);
        Assert.All(await server.Runs.Newest("broken", children: true, stop: Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    [Fact]
    public async Task Without_pictures_there_is_nothing_to_train_on()
    {
        await server.Project("bare");
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/bare/train", new { }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Contains("steward data add pictures", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_training_leaves_cancelled_runs_and_no_version()
    {
        await server.Project("stopped", filters: 512);
        await server.Pictures("stopped", 1600);
        var task = await server.Train("stopped");
        await Eventually.True("the training is under way", async () => (await server.Task("stopped", task.Id)).Progress > 0.1, Stop);
        using var reply = await server.Http.PostAsync($"/api/projects/stopped/tasks/{task.Id}/cancel", null, Stop);
        Assert.True(reply.IsSuccessStatusCode);
        await Eventually.True("the task is cancelled", async () => (await server.Task("stopped", task.Id)).State is WorkState.Cancelled, Stop);
        await Eventually.True("its runs say so", async () => (await server.Runs.Newest("stopped", children: true, stop: Stop)).All(run => run.Status is RunStatus.Cancelled), Stop);
        Assert.Empty(await server.Models.All("stopped", Stop));
    }

    [Fact]
    public async Task New_labels_train_again_once_when_the_loop_says_so()
    {
        await server.Project("looped", loop: "loop:\n  - {when: drift, then: [retrain]}");
        await server.Pictures("looped", 160);
        await server.Pictures("looped", 168, reason: Reason.Labels);
        await Eventually.True("the labels started a training", async () => (await server.Tasks("looped")).Count == 1, Stop);
        var task = Assert.Single(await server.Tasks("looped"));
        Assert.Equal("new labels", task.Payload.GetProperty("reason").GetString());
        await Eventually.True("it is done", async () => (await server.Task("looped", task.Id)).IsOver, Stop);
        Assert.Equal("pictures@2", Assert.Single(await server.Runs.Newest("looped", stop: Stop)).Data);
    }
}

/// <summary>A server with what the tests ask of it.</summary>
public sealed class TestServer() : TestHost
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public IRuns Runs => Services.GetRequiredService<IRuns>();

    public IModels Models => Services.GetRequiredService<IModels>();

    public async Task<JsonElement> Artifact(Run run, string name)
    {
        var file = (await Runs.ArtifactsOf(run.Id, Stop)).Single(one => one.Name == name);
        return JsonDocument.Parse(await Services.GetRequiredService<IBlobs>().Read(file.Blob, Stop)).RootElement;
    }

    public Task<Project> Project(string name, int filters = 16, string loop = "") => Services.GetRequiredService<IProjects>().Put($$"""
        steward: 1
        project: {{name}}
        train: {filters: {{filters}}, tunes: [{name: one, l2: 0.1, epochs: 2}, {name: two, l2: 1, epochs: 2}]}
        {{loop}}
        """, Editor, Stop);

    /// <summary>Adds drawn pictures: of each ten 6 to train, 2 to valid, 2 to test.</summary>
    public async Task Pictures(string project, int count, byte[]? odd = null, Reason reason = Reason.Import)
    {
        var pictures = FruitPictures.Many(5, FruitPictures.KnownStyles, 0, count);
        var blobs = await Services.GetRequiredService<IBlobs>().PutMany([.. pictures.Select(picture => (ReadOnlyMemory<byte>)picture.Png)], Stop);
        List<Item> items = [.. pictures.Select((picture, i) => new Item($"{picture.Label}/{i:0000}.png", blobs[i].Digest, picture.Label, (i / FruitPictures.Kinds.Count % 10) switch { < 6 => Split.Train, < 8 => Split.Valid, _ => Split.Test }, picture.Style))];
        if (odd is not null)
            items.Add(new("odd/one.png", (await Services.GetRequiredService<IBlobs>().Put(odd, Stop)).Digest, items[0].Label, Split.Train, "import"));
        await Services.GetRequiredService<IDataSets>().Add(Editor, project, "pictures", new(reason, items), Stop);
    }

    /// <summary>Makes <c>silver.orders</c>.</summary>
    public async Task Table(string project, string sql)
    {
        var (tables, engine) = (Services.GetRequiredService<ITables>(), Services.GetRequiredService<ITableEngine>());
        await using var reading = await tables.Open(project, [], Stop);
        var made = await engine.Make(reading, new MakeOrder(sql, Ours: true), Stop);
        await tables.Commit(Editor, new TableChange(project, TableName.Parse("silver.orders"), ChangeKind.ReplaceAll, 0, made.Files), Stop);
    }

    public async Task<TaskView> Train(string project)
    {
        using var reply = await Http.PostAsJsonAsync($"/api/projects/{project}/train", new { }, Stop);
        Assert.Equal(HttpStatusCode.Accepted, reply.StatusCode);
        return (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
    }

    public async Task<TaskView> Trained(string project)
    {
        var task = await Train(project);
        await Eventually.True("the training is over", async () => (task = await Task(project, task.Id)).IsOver, Stop);
        return task;
    }

    public async Task<TaskView> Task(string project, string id) => (await Http.GetFromJsonAsync<TaskView>($"/api/projects/{project}/tasks/{id}", Json.Options, Stop))!;

    public async Task<List<TaskView>> Tasks(string project) => (await Http.GetFromJsonAsync<List<TaskView>>($"/api/projects/{project}/tasks", Json.Options, Stop))!;
}
