using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Engines.Tests.Doubles;
using Steward.Host.Templates.Fruit;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>A study whose tunes are tasks of an engine ends as one that this server trains.</summary>
public sealed class TrainOnEnginesTests(TrainingServer server) : IClassFixture<TrainingServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("process")]
    [InlineData("hpc")]
    [InlineData("gpu")]
    [InlineData("lake")]
    public async Task A_study_on_an_engine_gives_the_same_models_to_the_bit(string engine)
    {
        var here = await server.Here.Value;
        var there = await server.Trained("fruit", engine);
        Assert.Equal((RunStatus.Finished, engine), (there.Status, there.Tags["on"]));
        var (ours, theirs) = (await server.Runs.Children(here.Id, Stop), await server.Runs.Children(there.Id, Stop));
        Assert.Equal(["one", "two"], theirs.Select(tune => tune.Name));
        foreach (var (mine, other) in ours.Zip(theirs))
        {
            Assert.Equal(mine.Metrics, other.Metrics);
            Assert.Equal((await server.Runs.MetricsOf(mine.Id, "train.loss", Stop)).Select(point => (point.Step, point.Value)), (await server.Runs.MetricsOf(other.Id, "train.loss", Stop)).Select(point => (point.Step, point.Value)));
            Assert.Equal((await server.Runs.ArtifactsOf(mine.Id, Stop)).Select(file => (file.Name, file.Blob)), (await server.Runs.ArtifactsOf(other.Id, Stop)).Select(file => (file.Name, file.Blob)));
        }

        var versions = new List<ModelVersion>();
        await Eventually.True("both are registered", async () => (versions = [.. await server.Models.Versions("fruit", "fruit", Stop)]).Count(version => version.Run == Best(ours) || version.Run == Best(theirs)) == 2, Stop);
        Assert.Single(versions.Where(version => version.Run == Best(ours) || version.Run == Best(theirs)).Select(version => version.Onnx).Distinct());
    }

    [Theory]
    [InlineData("hpc")]
    [InlineData("gpu")]
    public async Task A_broken_picture_is_named_from_wherever_it_was_found(string engine)
    {
        var project = "broken-" + engine;
        await server.Project(project);
        await server.Pictures(project, odd: "no picture"u8.ToArray());
        var task = await server.Train(project, engine);
        Assert.Equal(WorkState.Failed, task.State);
        Assert.Contains("'odd/one.png' cannot be learned from", task.Error, StringComparison.Ordinal);
        Assert.All(await server.Runs.Newest(project, children: true, stop: Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    [Fact]
    public async Task What_a_killed_server_left_running_is_ended_before_it_is_tried_again()
    {
        var engine = server.Services.GetRequiredService<IExecutors>().Get("hpc");
        var old = engine.Folder("train");
        var job = await engine.Submit(new JobSpec("old", ["sleep", "1000"]), Stop);
        await File.WriteAllTextAsync(Path.Combine(old.Path, "placed.json"), Json.Write(new { key = "a-task", job }), Stop);
        using var other = engine.Folder("train");
        await File.WriteAllTextAsync(Path.Combine(other.Path, "placed.json"), "{\"key\": \"a-ta", Stop);

        using var folder = engine.Folder("train");
        var failed = await Assert.ThrowsAsync<ProblemException>(() => server.Services.GetRequiredService<IChildHosts>().Run(engine, "no-such-child", folder, new("a-task", 1, "tune", new(), new Dictionary<string, string>()), (_, _) => Task.CompletedTask, Stop));
        Assert.Equal("child_failed", failed.Code);
        Assert.Contains("On the engine 'hpc' tune 1 of 1 failed", failed.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Cancelled, (await engine.Observe(job, Stop))!.Tasks[0].State);
        Assert.False(Directory.Exists(old.Path));
        Assert.True(Directory.Exists(other.Path));
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_said_before_anything_begins()
    {
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/fruit/train", new { on = "hcp" }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        var said = await reply.Content.ReadAsStringAsync(Stop);
        Assert.Contains("engine_not_found", said, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'hpc'?", System.Text.RegularExpressions.Regex.Unescape(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engines_are_listed_for_everyone_and_tested_by_those_who_run_the_server()
    {
        Assert.Equal([("process", "process"), ("hpc", "slurm"), ("gpu", "kubernetes"), ("lake", "databricks")], (await server.Http.GetFromJsonAsync<List<EngineView>>("/api/engines", Json.Options, Stop))!.Select(one => (one.Name, one.Kind)));
        using var reply = await server.Http.PostAsync("/api/engines/process/test", null, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    private static string Best(IEnumerable<Run> tunes) => tunes.MaxBy(tune => tune.Metrics["valid.f1_macro"])!.Id;
}

/// <summary>A server with an <c>engines.yaml</c>, a project and its pictures.</summary>
public sealed class TrainingServer : TestHost
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });
    private static readonly string File = Path.Combine(TestFolder.New(), "engines.yaml");
    private readonly Lazy<Task<Run>> _here;
    private DoubleCluster _cluster = null!;
    private DoubleWorkspace _workspace = null!;

    public TrainingServer() : base(settings => settings with { Engines = File }) => _here = new(() => Trained("fruit", null));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What this server makes of the project by itself.</summary>
    public Lazy<Task<Run>> Here => _here;

    public IRuns Runs => Services.GetRequiredService<IRuns>();

    public IModels Models => Services.GetRequiredService<IModels>();

    public override async ValueTask InitializeAsync()
    {
        _cluster = await DoubleCluster.Start();
        _workspace = await DoubleWorkspace.Start();
        Environment.SetEnvironmentVariable("STEWARD_SECRET_LAKE", DoubleWorkspace.Token);
        Environment.SetEnvironmentVariable("STEWARD_ALLOW", "127.0.0.0/8");
        var slurm = TestSlurm.Cluster;
        await System.IO.File.WriteAllTextAsync(File, $$"""
            hpc:
              slurm: {conf: {{slurm.Conf}}, folder: {{slurm.Shared}}}
            gpu:
              kubernetes: {kubeconfig: {{_cluster.Kubeconfig}}, namespace: {{DoubleCluster.Namespace}}, image: steward, program: {{Path.Combine(AppContext.BaseDirectory, "steward")}}, claim: {{DoubleCluster.Shared}}, folder: {{_cluster.Folder}}}
            lake:
              databricks: {workspace: '{{_workspace.Address}}', token: 'secret://lake', volume: {{DoubleWorkspace.Volume}}, folder: {{_workspace.Folder}}, program: {{Path.Combine(AppContext.BaseDirectory, "steward")}}}
            """);
        await base.InitializeAsync();
        await Project("fruit");
        await Pictures("fruit");
    }

    public Task<Project> Project(string name) => Services.GetRequiredService<IProjects>().Put($$"""
        steward: 1
        project: {{name}}
        train: {filters: 16, tunes: [{name: one, l2: 0.1, epochs: 2}, {name: two, l2: 1, epochs: 2}]}
        """, Editor, Stop);

    public async Task Pictures(string project, byte[]? odd = null)
    {
        var pictures = FruitPictures.Many(5, FruitPictures.KnownStyles, 0, 160);
        var blobs = await Services.GetRequiredService<IBlobs>().PutMany([.. pictures.Select(picture => (ReadOnlyMemory<byte>)picture.Png)], Stop);
        List<Item> items = [.. pictures.Select((picture, i) => new Item($"{picture.Label}/{i:0000}.png", blobs[i].Digest, picture.Label, (i / FruitPictures.Kinds.Count % 10) switch { < 6 => Split.Train, < 8 => Split.Valid, _ => Split.Test }, picture.Style))];
        if (odd is not null)
            items.Add(new("odd/one.png", (await Services.GetRequiredService<IBlobs>().Put(odd, Stop)).Digest, items[0].Label, Split.Train, "import"));
        await Services.GetRequiredService<IDataSets>().Add(Editor, project, "pictures", new(Reason.Import, items), Stop);
    }

    public async Task<TaskView> Train(string project, string? on)
    {
        using var reply = await Http.PostAsJsonAsync($"/api/projects/{project}/train", new { on }, Stop);
        var task = (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        await Eventually.True("the training is over", async () => (task = (await Http.GetFromJsonAsync<TaskView>($"/api/projects/{project}/tasks/{task.Id}", Json.Options, Stop))!).IsOver, Stop);
        return task;
    }

    public async Task<Run> Trained(string project, string? on)
    {
        var task = await Train(project, on);
        Assert.True(task.State is WorkState.Done, task.Error);
        return (await Runs.Newest(project, stop: Stop)).First(run => run.Tags.GetValueOrDefault("task") == task.Id);
    }
}
