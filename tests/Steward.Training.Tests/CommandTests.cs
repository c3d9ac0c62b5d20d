using System.Net.Http.Headers;
using System.Net.Http.Json;
using Steward.Cli;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Microsoft.Extensions.DependencyInjection;

namespace Steward.Training.Tests;

/// <summary>A training by a command of the project's own, in Python and in R here.</summary>
public sealed class CommandTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private const string Script = """
        import json, os, sys, urllib.request
        def send(method, path, body, kind="application/json"):
            request = urllib.request.Request(f"{os.environ['STEWARD_URL']}/api/projects/{os.environ['STEWARD_PROJECT']}/runs/{os.environ['STEWARD_RUN']}/{path}", data=body, method=method, headers={"Content-Type": kind})
            if "STEWARD_TOKEN" in os.environ: request.add_header("Authorization", "Bearer " + os.environ["STEWARD_TOKEN"])
            urllib.request.urlopen(request).read()
        print("epochs", sys.argv[2], os.environ["PARAM_EPOCHS"], sys.argv[3:], sorted(name for name in os.environ if name.startswith("SECRET")))
        if sys.argv[2] == "0": sys.exit("nothing to learn in no epoch")
        for epoch in range(int(sys.argv[2])):
            send("POST", "log", json.dumps({"metrics": [{"key": "valid.f1_macro", "value": 0.5 + epoch / 10, "step": epoch + 1}]}).encode())
        send("PUT", "artifacts/model.onnx", open("colours.onnx", "rb").read(), "application/octet-stream")
        """;

    private const string Python = "{run: '/usr/bin/python3 train.py --epochs ${epochs} \"two words; rm -rf $HOME\"', params: {epochs: 2}}";

    /// <summary>R as it comes, without a package: one answer of HTTP over a socket.</summary>
    private const string ScriptOfR = """
        send <- function(method, path, body, kind) {
          address <- regmatches(Sys.getenv("STEWARD_URL"), regexec("^http://([^:/]+):([0-9]+)", Sys.getenv("STEWARD_URL")))[[1]]
          server <- socketConnection(address[2], as.integer(address[3]), open = "r+b", blocking = TRUE)
          writeBin(charToRaw(sprintf("%s /api/projects/%s/runs/%s/%s HTTP/1.0\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
            method, Sys.getenv("STEWARD_PROJECT"), Sys.getenv("STEWARD_RUN"), path, address[2], kind, length(body))), server)
          writeBin(body, server)
          answer <- readLines(server, 1)
          close(server)
          if (!grepl(" 20[0-9] ", answer)) stop(answer)
        }
        fit <- lm(mpg ~ wt, mtcars)
        cat("degree", commandArgs(trailingOnly = TRUE), "\n")
        send("POST", "log", charToRaw(sprintf('{"metrics": [{"key": "valid.r2", "value": %.7f, "step": 1}]}', summary(fit)$r.squared)), "application/json")
        send("PUT", "artifacts/model.onnx", readBin("colours.onnx", "raw", file.size("colours.onnx")), "application/octet-stream")
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R_is_a_language_like_another()
    {
        var (lines, study) = await Run("rlang", [], "{run: 'Rscript --vanilla train.R ${degree}', params: {degree: 1}, primary: valid.r2}");
        Assert.Equal("degree 1 ", lines[0]);
        var run = Assert.Single(await server.Runs.Children(study, Stop));
        Assert.Equal((RunStatus.Finished, 0.7528328), (run.Status, run.Metrics["valid.r2"]));
        await Eventually.True("its model is a version", async () => await server.Models.Find("rlang", new("rlang", 1, null), Stop) is not null, Stop);
    }

    [Fact]
    public async Task It_logs_over_http_what_it_learned_and_its_model_becomes_a_version()
    {
        var (lines, study) = await Run("byhand", new Dictionary<string, string> { ["epochs"] = "3" });
        Assert.Equal("epochs 3 3 ['two words; rm -rf $HOME'] []", lines[0]);
        var parent = (await server.Runs.Find(study, Stop))!;
        var run = Assert.Single(await server.Runs.Children(study, Stop));
        Assert.Equal((RunStatus.Finished, RunStatus.Finished, "3", 0.7), (parent.Status, run.Status, run.Params["epochs"], run.Metrics["valid.f1_macro"]));
        await Eventually.True("its model is a version", async () => await server.Models.Find("byhand", new("byhand", 1, null), Stop) is not null, Stop);
    }

    [Fact]
    public async Task Its_failure_is_told_with_its_last_words()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Run("failing", new Dictionary<string, string> { ["epochs"] = "0" }));
        Assert.Equal("command_failed", problem.Code);
        Assert.Contains("nothing to learn in no epoch", problem.Message, StringComparison.Ordinal);
        var study = Assert.Single(await server.Runs.Newest("failing", stop: Stop));
        Assert.Equal(RunStatus.Failed, study.Status);
        Assert.Contains("nothing to learn in no epoch", study.Tags["why"], StringComparison.Ordinal);
        Assert.All(await server.Runs.Children(study.Id, Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    [Fact]
    public async Task A_server_never_runs_it_itself()
    {
        await Project("elsewhere");
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/elsewhere/train", new { }, Stop);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, reply.StatusCode);
        Assert.Contains("trains_by_command", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_is_not_there_is_refused_before_anything_runs()
        => Assert.Equal("param_unknown", (await Assert.ThrowsAsync<ProblemException>(() => Run("unknown", new Dictionary<string, string> { ["epoch"] = "1" }))).Code);

    [Theory]
    [InlineData("python train.py --lr ${lr}", new[] { "python", "train.py", "--lr", "0.1 0.2" })]
    [InlineData("Rscript 'my script.R' \"\" a\"b c\"d", new[] { "Rscript", "my script.R", "", "ab cd" })]
    [InlineData("run --lr=${lr};ls $HOME `id`", new[] { "run", "--lr=0.1 0.2;ls", "$HOME", "`id`" })]
    public void A_command_becomes_an_array_of_arguments(string command, string[] words)
        => Assert.Equal(words, CommandLineOf.Read(command, new Dictionary<string, string> { ["lr"] = "0.1 0.2" }));

    [Theory]
    [InlineData("")]
    [InlineData("python ${missing}")]
    [InlineData("python \"open")]
    public void What_is_no_command_is_refused(string command)
        => Assert.Equal("command_invalid", Assert.Throws<ProblemException>(() => CommandLineOf.Read(command, new Dictionary<string, string>())).Code);

    private Task<Project> Project(string name, string train = Python)
        => server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {name}\ntrain: {train}\n", Editor, Stop);

    private async Task<(List<string> Lines, string Study)> Run(string project, Dictionary<string, string> changed, string train = Python)
    {
        await Project(project, train);
        var folder = TestFolder.New();
        await File.WriteAllTextAsync(Path.Combine(folder, "train.py"), Script, Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "train.R"), ScriptOfR, Stop);
        await File.WriteAllBytesAsync(Path.Combine(folder, "colours.onnx"), SmallModels.Colours(side: 8), Stop);
        using var cli = new Server(_ => Task.FromResult(new HttpClient { BaseAddress = new Uri(server.Url) }));
        var (plan, lines) = (await cli.Get<TrainSection>($"/api/projects/{project}/train", Stop), new List<string>());
        return (lines, await new CommandTraining(cli, project, plan, folder).Run(changed, null, lines.Add, Stop));
    }
}

/// <summary>The token of a command, on a server that asks who one is.</summary>
public sealed class RunTokenTests : IAsyncLifetime
{
    private readonly TestHost _host = new(settings => settings with { Open = false });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_for_one_project_only_and_gone_when_the_command_ends()
    {
        var owner = await SignedIn();
        using var cli = new Server(_ => Task.FromResult(owner));
        HttpClient child;
        await using (var token = await RunToken.Of(cli, "mine", "r1", Stop))
        {
            child = new HttpClient { BaseAddress = new Uri(_host.Url) };
            child.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await child.GetAsync("/api/projects/mine/runs", Stop)).StatusCode);
            Assert.NotEqual(System.Net.HttpStatusCode.OK, (await child.GetAsync("/api/projects/other/runs", Stop)).StatusCode);
            Assert.NotEqual(System.Net.HttpStatusCode.OK, (await child.GetAsync("/api/users", Stop)).StatusCode);
        }
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await child.GetAsync("/api/projects/mine/runs", Stop)).StatusCode);
        child.Dispose();
    }

    /// <summary>The first person of the server, by the link that it prints at its first start.</summary>
    private async Task<HttpClient> SignedIn()
    {
        foreach (var project in (string[])["mine", "other"])
            await _host.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {project}\n", Who.Steward, Stop);
        const string password = "four odd words together";
        var link = (await _host.Services.GetRequiredService<FirstStart>().Link(Stop))!.Split("link=")[1];
        using var welcome = await _host.Http.PostAsJsonAsync("/api/welcome", new { link, user = "ana", password }, Stop);
        welcome.EnsureSuccessStatusCode();
        using var reply = await _host.Http.PostAsJsonAsync("/api/sign-in", new { user = "ana", password }, Stop);
        var secret = (await reply.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop)).GetProperty("secret").GetString();
        var http = new HttpClient { BaseAddress = new Uri(_host.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return http;
    }
}
