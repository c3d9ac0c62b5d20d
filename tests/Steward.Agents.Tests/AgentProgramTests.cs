using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Agents.Running;
using Steward.Engines;
using Steward.Identity;
using Steward.Testing;
using Steward.Work;

namespace Steward.Agents.Tests;

/// <summary>The program as its operator meets it.</summary>
public sealed class AgentProgramTests(Plant plant) : IClassFixture<Plant>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cat", "The agent does not allow 'cat'; it allows echo.")]
    [InlineData("/bin/echo", "The agent does not allow '/bin/echo'; it allows echo.")]
    public async Task A_program_that_was_not_allowed_there_is_not_run(string program, string why)
    {
        await using var agent = new AgentProcess(plant.Url, await plant.Token("narrow", "narrow"), ["--allow", "echo"]);
        var job = await plant.Engine("narrow").Submit(new("job", [program, "/etc/passwd"]), Stop);
        var task = Assert.Single((await plant.Engine("narrow").Wait(job, Stop)).Tasks);
        Assert.Equal((JobState.Failed, why, null), (task.State, task.Reason, task.ExitCode));
    }

    [Fact]
    public async Task A_folder_that_was_not_allowed_there_is_not_entered()
    {
        await using var agent = new AgentProcess(plant.Url, await plant.Token("narrow", "narrow"), ["--allow", "pwd", "--folder", TestFolder.New()]);
        var job = await plant.Engine("narrow").Submit(new("job", ["pwd"]) { Folder = "/etc" }, Stop);
        Assert.Equal("The agent does not allow work in that folder.", Assert.Single((await plant.Engine("narrow").Wait(job, Stop)).Tasks).Reason);
    }

    [Fact]
    public async Task An_agent_that_is_stopped_gives_its_tasks_back()
    {
        var first = await plant.Agent("one", ["hands"]);
        var job = await plant.Engine("hands").Submit(new("job", ["sh", "-c", "echo here; sleep 1000"]) { Requeue = 1 }, Stop);
        await Eventually.True("it runs", async () => (await plant.Engine("hands").Observe(job, Stop))!.Tasks[0].State is JobState.Running, Stop);
        first.Interrupt();
        Assert.Equal(130, await first.Ended());
        await Eventually.True("it waits for another", async () => (await plant.Engine("hands").Observe(job, Stop))!.Tasks[0].State is JobState.Waiting, Stop);
        await plant.Engine("hands").Cancel(job, Stop);
    }

    [Fact]
    public async Task A_revoked_agent_ends_and_says_why()
    {
        var agent = await plant.Agent("gone");
        await plant.Services.GetRequiredService<AgentStore>().Revoke(Who.Steward, Plant.Project, "gone", Stop);
        Assert.Equal(6, await agent.Ended());
        Assert.Matches("not valid|no longer", agent.Said);
    }

    [Fact]
    public async Task A_second_process_of_one_agent_ends_the_first()
    {
        var token = await plant.Token("twin");
        await using var first = new AgentProcess(plant.Url, token, ["--allow", "any"]);
        await first.Here();
        await using var second = new AgentProcess(plant.Url, token, ["--allow", "any"]);
        Assert.Equal(3, await first.Ended());
        Assert.Contains("Another process works as agent 'twin' now.", first.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_cut_on_its_way_goes_on_where_it_was()
    {
        using var link = new AgentLink(new() { Server = plant.Url, Token = await plant.Token("cut", "cut"), Data = TestFolder.New() });
        await link.Begin(1, Stop);
        var engine = plant.Engine("cut");
        using var folder = engine.Folder("given");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "in-0.txt"), new string('a', 300_000) + new string('b', 300_000), Stop);
        await engine.Submit(new("job", ["true"]) { Folder = folder.Path }, Stop);
        var given = Assert.Single((await link.Take(1, [], Stop)).Tasks);
        var part = Path.Combine(TestFolder.New(), "part");
        // What is there already is not asked for again: these bytes are none of the file's.
        await File.WriteAllTextAsync(part, new string('z', 300_000), Stop);
        await link.Fetch(given.Key, Assert.Single(given.Files!), part, Stop);
        Assert.Equal(new string('z', 300_000) + new string('b', 300_000), await File.ReadAllTextAsync(part, Stop));
        // And so they are found out.
        using var luggage = new TaskLuggage(link, new() { Server = plant.Url, Token = "", Data = TestFolder.New() }, new Persistence(new AgentVoice(TextWriter.Null, TimeProvider.System)));
        using var unpacked = await luggage.Unpack(given, Stop);
        Assert.Equal(["in-0.txt"], Directory.GetFiles(unpacked.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_engines_of_a_project_are_its_agents_by_label_and_are_tested_through_one()
    {
        await plant.Agent("tested", ["probe"]);
        Assert.Contains(new EngineView("agents:probe", "agent"), (await plant.Http.GetFromJsonAsync<List<EngineView>>($"/api/projects/{Plant.Project}/engines", Json.Options, Stop))!);
        using var admin = await plant.Admin();
        using var reply = await admin.PostAsync($"/api/projects/{Plant.Project}/engines/agents:probe/test", null, Stop);
        var report = (await reply.Content.ReadFromJsonAsync<EngineReport>(Json.Options, Stop))!;
        Assert.True(report.Works, report.Problem);
        Assert.Equal(("agent", "tested"), (report.Kind, report.Machine));
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsync($"/api/projects/{Plant.Project}/engines/process/test", null, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await plant.Http.PostAsync($"/api/projects/{Plant.Project}/engines/agents:probe/test", null, Stop)).StatusCode);
    }

    [Fact]
    public async Task An_agents_token_opens_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = new(plant.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await plant.Token("curious"));
        foreach (var address in (string[])["", "/file", "/agents", "/tasks", "/runs/compare"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/api/projects/{Plant.Project}{address}", Stop)).StatusCode);
        Assert.NotEqual(HttpStatusCode.Created, (await http.PostAsJsonAsync($"/api/projects/{Plant.Project}/agents", new { name = "child" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsJsonAsync("/api/tokens", new { name = "more" }, Stop)).StatusCode);
    }

    [Fact]
    public async Task What_is_too_much_or_makes_no_sense_is_refused()
    {
        using var http = new HttpClient { BaseAddress = new(plant.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await plant.Token("loud"));
        foreach (var (deed, body) in ((string, string)[])[("take", "{}"), ("tell", "{\"session\":\"x\"}"), ("tell", "{\"session\":\"x\",\"reports\":[null]}"), ("tell", "{\"session\":\"x\",\"reports\":[{\"key\":{\"job\":\"j\",\"number\":0,\"fence\":1},\"from\":-1,\"lines\":[]}]}"),
            ("tell", $"{{\"session\":\"x\",\"reports\":[{string.Join(',', Enumerable.Repeat("{\"key\":{\"job\":\"j\",\"number\":0,\"fence\":1},\"from\":0,\"lines\":[]}", 201))}]}}")])
        {
            using var reply = await http.PostAsync($"/api/projects/{Plant.Project}/agent-work/{deed}", new StringContent(body, new MediaTypeHeaderValue("application/json")), Stop);
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        }
    }

    [Theory]
    [InlineData("--url http://steward.example --allow any", "https only")]
    [InlineData("--url ftp://127.0.0.1 --allow any", "https only")]
    [InlineData("--url http://127.0.0.1:1", "No program is allowed")]
    [InlineData("--url http://127.0.0.1:1 --allow any --tls-ca /etc/passwd", "holds no certificate")]
    [InlineData("--url http://127.0.0.1:1 --allow any --folder /nowhere", "no folder")]
    [InlineData("--url http://127.0.0.1:1 --allow any --proxy here", "not the address of a proxy")]
    public async Task What_is_said_wrongly_is_told_before_anything_is_called(string words, string why)
    {
        var all = words.Split(' ');
        await using var agent = new AgentProcess(all[1], "stw_x", all[2..]);
        Assert.NotEqual(0, await agent.Ended());
        Assert.Contains(why, agent.Said, StringComparison.Ordinal);
    }
}
