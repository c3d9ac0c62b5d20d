using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.Kubernetes;
using Steward.Packaging.Tests.Images;
using Steward.Storage;

namespace Steward.Packaging.Tests.Kubernetes;

/// <summary>What a person types to write manifests of a version and to compare them, against a server that built its image.</summary>
public sealed class WriteVerbTests(WriteVerbTests.Port port) : IClassFixture<WriteVerbTests.Port>
{
    private const string Repository = "registry.example.com/ml/colours";

    /// <summary>A server with two versions, their images, and the first of them serving.</summary>
    public sealed class Port : IAsyncLifetime
    {
        public Harbour Harbour { get; } = new();

        public string First { get; private set; } = "";

        public string Second { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await Harbour.InitializeAsync();
            await Harbour.Version(1);
            await Harbour.Version(2);
            First = (await Harbour.Build("colours@1")).Digest.ToString();
            Second = (await Harbour.Build("colours@2")).Digest.ToString();
            await Harbour.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, Harbour.Project, "colours", 1, stop: TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => Harbour.DisposeAsync();
    }

    private readonly Tools _tools = new();

    [Fact]
    public async Task What_is_written_is_right_by_the_image_that_was_built_and_the_same_twice()
    {
        Write("colours@1");
        var written = Files();
        Assert.Contains($"image: {Repository}@{port.First}\n", written["deployment.yaml"], StringComparison.Ordinal);
        Assert.Equal(["RUNBOOK.md", "configmap.yaml", "deployment.yaml", "horizontalpodautoscaler.yaml", "kustomization.yaml", "networkpolicy.yaml", "poddisruptionbudget.yaml", "service.yaml", "serviceaccount.yaml"], written.Keys);
        Assert.Contains("nothing wrong.", _tools.Run("steward", "k8s", "check", "k8s"), StringComparison.Ordinal);
        Assert.Contains("k8s is as it was.", Write("colours@1"), StringComparison.Ordinal);
        Assert.Equal(written, Files());
        var last = (await port.Harbour.Services.GetRequiredService<IManifests>().All(Harbour.Project, "colours", 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((1, $"{Repository}@{port.First}", 2, 10, 512.0 * 1024 * 1024, 1.0), (last.Version, last.Image, last.Facts.Least, last.Facts.Most, last.Facts.MemoryBytes, last.Facts.CpuCores));
    }

    [Fact]
    public void A_field_that_somebody_changed_is_told_in_plain_words_and_never_written_over_unasked()
    {
        Write("colours@1");
        Assert.Contains("What lies there is what would be written", Diff("colours@1", 0), StringComparison.Ordinal);
        Change("deployment.yaml", "memory: 512Mi", "memory: 0.5Gi");
        Change("service.yaml", "port: 80\n", "port: 8080\n");
        var said = Diff("colours@1", 3);
        Assert.Contains("Service colours: spec.ports[0].port is 8080 and would be 80.", said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var (exit, refused) = _tools.Try("steward", "k8s", "write", "colours@1", "--image", Repository, "--url", port.Harbour.Url);
        Assert.Equal(3, exit);
        Assert.Contains("was changed by somebody since Steward wrote it", refused.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("port: 8080", Files()["service.yaml"], StringComparison.Ordinal);
        Write("colours@1", "--force");
        Diff("colours@1", 0);
    }

    [Fact]
    public void Another_version_differs_in_what_it_is_and_in_nothing_else()
    {
        Write("colours@1");
        var differences = JsonNode.Parse(Diff("colours@2", 3, "--json"))!["differences"]!.AsArray();
        Assert.All(differences, one => Assert.Matches(@"image$|version|steward/|\[""app\.kubernetes\.io/version", one!["path"]!.GetValue<string>()));
        Assert.Contains(differences, one => one!["wanted"]!.GetValue<string>().Contains(port.Second[..19], StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_overlay_added_is_told_as_added_and_can_be_ignored()
    {
        Write("colours@1");
        Change("deployment.yaml", "  revisionHistoryLimit: 5\n", "  revisionHistoryLimit: 5\n  paused: true\n");
        File.WriteAllText(_tools.At("k8s/extra.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n");
        Assert.Contains("Deployment colours: spec.paused was added: true.", Diff("colours@1", 3), StringComparison.Ordinal);
        Assert.Contains("ConfigMap extra is somebody's own.", Diff("colours@1", 0, "--ignore-added"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_form_that_is_no_longer_written_go_and_those_of_a_person_stay()
    {
        Write("colours@2", "--form", "canary", "--share", "25");
        File.WriteAllText(_tools.At("k8s/extra.yaml"), "a: 1\n");
        Assert.Contains(port.First, Files()["deployment.yaml"], StringComparison.Ordinal);
        Assert.Contains(port.Second, Files()["deployment-canary.yaml"], StringComparison.Ordinal);
        Assert.Contains("Taken away: deployment-canary.yaml.", Write("colours@2", "--form", "deployment"), StringComparison.Ordinal);
        Assert.Equal("a: 1\n", Files()["extra.yaml"]);
        Write("colours@2", "--form", "kserve");
        Assert.Contains("kind: InferenceService", Files()["inferenceservice.yaml"], StringComparison.Ordinal);
        Assert.False(Files().ContainsKey("deployment.yaml"));
    }

    [Theory]
    [InlineData("image_nowhere", "colours@1")]
    [InlineData("model_version_not_found", "colours@9", "--image", Repository)]
    [InlineData("image_invalid", "colours@1", "--image", "registry.example.com/ml/colours:1")]
    [InlineData("image_invalid", "colours@1", "--image", "$(id)")]
    [InlineData("image_invalid", "colours@1", "--image", Repository, "--model-volume", "x y")]
    [InlineData("same_version", "colours@1", "--image", Repository, "--form", "canary")]
    [InlineData("share_invalid", "colours@2", "--image", Repository, "--form", "canary", "--share", "100")]
    public void What_cannot_be_written_is_said_and_nothing_is(string code, params string[] asked)
    {
        var (exit, said) = _tools.Try("steward", ["k8s", "write", .. asked, "--json", "--url", port.Harbour.Url]);
        Assert.NotEqual(0, exit);
        Assert.Contains($"\"{code}\"", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tools.At("k8s")));
    }

    [Fact]
    public async Task A_version_without_an_image_is_told_how_to_get_one()
    {
        await port.Harbour.Version(3, model: "bare");
        var (_, said) = _tools.Try("steward", "k8s", "write", "bare@1", "--image", Repository, "--json", "--url", port.Harbour.Url);
        Assert.Contains("steward image build bare@1", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runbook_names_the_way_back_and_who_agreed()
    {
        Write("colours@2");
        var runbook = Files()["RUNBOOK.md"];
        Assert.All((string[])[PodPlan.Ready, PodPlan.Live, "colours@1 served before", "steward rollback colours", "Nobody was asked about this version.", "kubectl rollout undo deployment/colours", port.Second, "512Mi"],
            fact => Assert.Contains(fact, runbook, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steward_serve_answers_what_the_probes_ask_when_it_is_started_as_the_manifest_says()
    {
        _tools.Run("steward", "image", "build", "colours@1", "--to", "folder:root", "--url", port.Harbour.Url);
        Write("colours@1");
        var deployment = Files()["deployment.yaml"];
        var free = Tools.FreePort();
        var arguments = deployment.Split("args:\n")[1].Split('\n').TakeWhile(line => line.TrimStart().StartsWith('-')).Select(line => line.Trim()[2..].Trim('"')).ToList();
        using var served = _tools.Start("steward", [.. arguments.Select(word => word switch { "/model" => _tools.At("root/model"), "0.0.0.0" => "127.0.0.1", "8080" => $"{free}", _ => word })]);
        try
        {
            using var http = new HttpClient();
            await Steward.Testing.Eventually.Answers(http, $"http://127.0.0.1:{free}{PodPlan.Ready}", () => served.HasExited, TestContext.Current.CancellationToken);
            foreach (var path in deployment.Split('\n').Where(line => line.Contains("path: /", StringComparison.Ordinal)).Select(line => line.Split("path: ")[1]).Distinct())
                Assert.True((await http.GetAsync($"http://127.0.0.1:{free}{path}", TestContext.Current.CancellationToken)).IsSuccessStatusCode, path);
        }
        finally
        {
            served.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Writing_is_audited_and_told_and_the_list_shows_it()
    {
        var stop = TestContext.Current.CancellationToken;
        Write("colours@1");
        var list = (await port.Harbour.Http.GetFromJsonAsync<JsonArray>($"/api/projects/{Harbour.Project}/manifests?model=colours&limit=1", stop))!;
        Assert.Equal("colours", Assert.Single(list)!["name"]!.GetValue<string>());
        var db = port.Harbour.Services.GetRequiredService<Db>();
        Assert.Contains("colours@1", await db.All<string>("SELECT subject FROM audit_entry WHERE action = 'manifests.written'", null, stop));
        Assert.Contains(await db.All<string>("SELECT body FROM event WHERE name = 'packaging.manifests_written'", null, stop), body => body.Contains(port.First, StringComparison.Ordinal));
    }

    private string Write(string model, params string[] more) => _tools.Run("steward", ["k8s", "write", model, "--image", Repository, "--url", port.Harbour.Url, .. more]);

    private string Diff(string model, int exit, params string[] more)
    {
        var (code, said) = _tools.Try("steward", ["k8s", "diff", model, "k8s", "--image", Repository, "--form", "deployment", "--url", port.Harbour.Url, .. more]);
        Assert.True(code == exit, $"{code}: {said}");
        return said;
    }

    private SortedDictionary<string, string> Files() => new(Directory.EnumerateFiles(_tools.At("k8s")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText), StringComparer.Ordinal);

    private void Change(string name, string from, string to)
    {
        var text = Files()[name];
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(_tools.At($"k8s/{name}"), text.Replace(from, to, StringComparison.Ordinal));
    }
}
