using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Cli;
using Steward.Data;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training.Tests;

/// <summary>From a version back to its exact code, data and environment.</summary>
public sealed class LineageTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private const string Script = """
        import json, os, urllib.request
        url = f"{os.environ['STEWARD_URL']}/api/projects/{os.environ['STEWARD_PROJECT']}/runs/{os.environ['STEWARD_RUN']}/"
        def send(method, path, body): urllib.request.urlopen(urllib.request.Request(url + path, data=body, method=method, headers={"Content-Type": "application/json"})).read()
        print("learns from", os.environ["STEWARD_DATA"])
        send("POST", "log", json.dumps({"metrics": [{"key": "valid.f1_macro", "value": 0.5}]}).encode())
        send("PUT", "artifacts/model.onnx", open("colours.onnx", "rb").read())
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_version_leads_to_its_commit_and_data_and_the_tags_of_the_work_tree_equal_the_registry()
    {
        var folder = await Folder("tied");
        var first = folder.Head;
        await Run("tied", folder);
        await server.Pictures("tied", 20);
        await folder.Write("train.py", Script + "\n# tried by hand\n");
        await folder.Write("steward.lock", "{\"steward_lock\": 1}");
        await Run("tied", folder);
        var last = folder.Commit();
        await Run("tied", folder);

        var versions = await Versions("tied", 3);
        Assert.Equal([first, first, last], versions.Select(one => one.Lineage!.Commit));
        Assert.Equal([false, true, false], versions.Select(one => one.Lineage!.Dirty));
        Assert.Equal(["pictures@1", "pictures@2", "pictures@2"], versions.Select(one => one.Data));
        foreach (var version in versions)
            Assert.Equal((await server.Services.GetRequiredService<IDataSets>().Find("tied", "pictures", int.Parse(version.Data[^1..], null), Stop))!.Manifest, version.Lineage!.Data);
        Assert.Contains("+# tried by hand", await Text(versions[1].Artifacts["code.diff"]), StringComparison.Ordinal);
        Assert.Equal((versions[1].Artifacts["code.diff"], versions[1].Artifacts["steward.lock"]), (versions[1].Lineage!.Changes, versions[1].Lineage!.Environment));

        Assert.Equal(3, await Tags("tied", folder));
        Assert.Equal(0, await Tags("tied", folder, "--write"));
        Assert.Equal(0, await Tags("tied", folder));
        Assert.Equal(versions.Select(one => $"{one.Name} {one.Lineage!.Commit}"), folder.Git("tag", "--list", "--format=%(refname:strip=2) %(*objectname)").Split('\n'));
        Assert.Contains(versions[1].Lineage!.Data!.Value.Hex, folder.Git("tag", "-l", "-n99", "tied@2"), StringComparison.Ordinal);
        folder.Git("tag", "-f", "tied@3", first);
        Assert.Equal(3, await Tags("tied", folder, "--write"));
        Assert.Equal(first, folder.Git("rev-parse", "tied@3^{commit}"));
        folder.Git("tag", "-d", "tied@3");
        folder.Git("tag", "tied@9");
        Assert.Equal(3, await Tags("tied", folder));
    }

    [Fact]
    public async Task The_page_and_the_interface_of_a_version_show_what_it_was_made_from()
    {
        var folder = await Folder("shown");
        await folder.Write("train.py", Script + "\n# changed\n");
        await Run("shown", folder);
        var version = Assert.Single(await Versions("shown", 1));
        var told = (await server.Http.GetFromJsonAsync<JsonElement>("/api/projects/shown/models/shown/versions/1", Stop)).GetProperty("lineage");
        Assert.Equal((folder.Head, "main", version.Lineage!.Changes!.Value.Hex), (told.GetProperty("commit").GetString(), told.GetProperty("branch").GetString(), told.GetProperty("changes").GetString()));
        foreach (var page in (string[])["/projects/shown/models/shown/1", $"/projects/shown/runs/{version.Run}"])
        {
            var html = await server.Http.GetStringAsync(page, Stop);
            Assert.Contains(folder.Head, html, StringComparison.Ordinal);
            Assert.Contains($"/runs/{version.Run}/artifacts/code.diff", html, StringComparison.Ordinal);
            Assert.Contains(version.Lineage.Data!.Value.Hex, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_built_in_training_keeps_the_work_tree_that_it_was_asked_for_in()
    {
        await server.Project("inside");
        await server.Pictures("inside", 160);
        var asked = new Checkout(new('c', 40), "main", true) { Changes = "diff --git a/x b/x\n" };
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/inside/train", new { quick = true, checkout = asked }, Json.Options, Stop);
        var task = (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        await Eventually.True("it is done", async () => (await server.Task("inside", task.Id)).State is WorkState.Done, Stop);
        var version = Assert.Single(await Versions("inside", 1));
        Assert.Equal((asked.Commit, 1, asked.Changes), (version.Lineage!.Commit, version.Lineage.ProjectFile, await Text(version.Artifacts["code.diff"])));
        Assert.Contains("\"libraries\"", await Text(version.Lineage.Environment!.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_mlflow_client_says_of_its_commit_is_the_same_fact()
    {
        await server.Project("flow");
        var (commit, other) = (new string('a', 40), new string('b', 40));
        var run = await server.Runs.Start(Editor, new("flow", "flow") { Tags = new Dictionary<string, string> { ["mlflow.source.git.commit"] = commit, ["mlflow.source.git.branch"] = "main" } }, Stop);
        Assert.Equal((commit, commit, "main"), (run.Code, run.Lineage!.Commit, run.Lineage.Branch));
        var late = await server.Runs.Start(Editor, new("flow", "flow"), Stop);
        await server.Runs.Tags(Editor, late.Id, new Dictionary<string, string> { ["mlflow.source.git.commit"] = commit }, Stop);
        await server.Runs.Tags(Editor, late.Id, new Dictionary<string, string> { ["mlflow.source.git.commit"] = other }, Stop);
        Assert.Equal(commit, (await server.Runs.Find(late.Id, Stop))!.Lineage!.Commit);
        var odd = await server.Runs.Start(Editor, new("flow", "flow") { Tags = new Dictionary<string, string> { ["mlflow.source.git.commit"] = "--upload-pack=x" } }, Stop);
        Assert.Null(odd.Lineage!.Commit);
    }

    [Theory]
    [InlineData("main; rm", null)]
    [InlineData("0123456789012345678901234567890123456789", "a\nb")]
    public async Task A_work_tree_that_cannot_be_is_refused(string commit, string? branch)
    {
        await server.Project("refused");
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/refused/runs", new { checkout = new { commit, branch, dirty = false } }, Stop);
        Assert.Contains("checkout_invalid", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<GitFolder> Folder(string project)
    {
        await server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {project}\ntrain: {{run: /usr/bin/python3 train.py}}\n", Editor, Stop);
        await server.Pictures(project, 10);
        var folder = await GitFolder.With("train.py", Script);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "colours.onnx"), SmallModels.Colours(side: 8), Stop);
        folder.Commit();
        return folder;
    }

    private async Task Run(string project, GitFolder folder)
    {
        using var cli = Cli(project);
        var plan = await cli.Get<TrainSection>($"/api/projects/{project}/train", Stop);
        await new CommandTraining(cli, project, plan, folder.Path).Run(new Dictionary<string, string>(), null, _ => { }, Stop);
    }

    private async Task<int> Tags(string project, GitFolder folder, params string[] more)
    {
        using var cli = Cli(project);
        var verbs = new System.CommandLine.RootCommand();
        foreach (var verb in new ModelsRoom().Verbs(cli))
            verbs.Add(verb);
        verbs.Add(Show.AsJson);
        return await verbs.Parse(["model", "tags", project, "--folder", folder.Path, .. more]).InvokeAsync(cancellationToken: Stop);
    }

    private Server Cli(string project) => new(_ => Task.FromResult(new HttpClient { BaseAddress = new Uri(server.Url) })) { Project = () => project };

    /// <summary>Oldest first.</summary>
    private async Task<List<ModelVersion>> Versions(string project, int count)
    {
        await Eventually.True("the versions are there", async () => (await server.Models.Versions(project, project, Stop)).Count == count, Stop);
        return [.. (await server.Models.Versions(project, project, Stop)).OrderBy(one => one.Version)];
    }

    private async Task<string> Text(Digest blob) => Encoding.UTF8.GetString(await server.Services.GetRequiredService<IBlobs>().Read(blob, Stop));
}
