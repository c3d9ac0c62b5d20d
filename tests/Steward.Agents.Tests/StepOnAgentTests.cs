using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Connections;
using Steward.Identity;
using Steward.Pipelines;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Agents.Tests;

/// <summary>What a pipeline has to do beside far-away data, an agent does.</summary>
public sealed class StepOnAgentTests(Plant plant) : IClassFixture<Plant>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_runs_on_the_agent_that_has_its_label()
    {
        var agent = await plant.Agent("mill", ["steel"]);
        var view = await Run("[sh, -c, 'echo at $STEWARD_PIPELINE']", "agents:steel");
        Assert.Equal((WindowState.Succeeded, null), (view.Window.State, view.Window.Why));
        Assert.Contains("0: succeeded", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_named()
        => Assert.Contains("There is no engine 'hpc'", (await Run("[echo, x]", "hpc")).Window.Why, StringComparison.Ordinal);

    [Fact]
    public async Task Files_of_a_bucket_and_of_a_far_machine_come_into_one_table()
    {
        Environment.SetEnvironmentVariable("STEWARD_SECRET_PLANT_BUCKET", "S3RVER");
        var far = TestFolder.New();
        await File.WriteAllTextAsync(Path.Combine(far, "mill.csv"), "id,weight\n1,2.5\n2,much\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(far, "press.csv"), "id,weight\n3,4.25\n", Stop);
        await plant.Agent("furnace", ["hot"]);
        await Says($$"""
            connections:
              lake: {kind: s3, url: "{{NodeServer.S3("sales").Url}}", bucket: sales, access_key: S3RVER, secret_key: "secret://plant-bucket", checksums: false}
            pipelines:
              load:
                steps:
                  - copy: {id: bucket, from: "lake:/day/*.csv", to: "inbox:/day/"}
                  - command: {id: far, run: [sh, -c, "cp {{far}}/*.csv . && echo both"], run_on: "agents:hot", brings: "inbox:/day/"}
                  - csv: {id: read, read: "inbox:/day/*.csv", to: bronze.weights, needs: [bucket, far], stop_if_bad: "> 50%", columns: {id: BIGINT, weight: DOUBLE} }
            """);
        await using (var lake = await plant.Services.GetRequiredService<IConnections>().Files(Plant.Project, "lake", Stop))
            await lake.Put("day/shop.csv", "id,weight\n4,1.5\n"u8.ToArray(), Stop);
        var view = await Run();
        Assert.Equal((WindowState.Succeeded, null), (view.Window.State, view.Window.Why));
        Assert.Equal("2 files, 40 B, to inbox:/day/. It said: both", Words(view, "far"));
        Assert.Equal("4 rows of 3 files: 3 kept, 1 set aside, the first in day/mill.csv line 3: 'much' is not a number.", Words(view, "read"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_carried_is_named_and_nothing_is_brought()
    {
        await plant.Agent("kiln", ["clay"]);
        await Says(Command("[sh, -c, 'echo 1 > good.csv; echo 2 > \"not good.csv\"']", "agents:clay", ", brings: 'inbox:/kiln/'"));
        var view = await Run();
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.Contains("it left 'not good.csv', and files that are brought have names of letters, digits, dashes, underscores and dots", view.Window.Why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(plant.Settings.Data, "inbox", Plant.Project, "kiln")));
    }

    [Fact]
    public async Task A_command_that_fails_says_why_whatever_it_left()
    {
        await plant.Agent("oven", ["fire"]);
        await Says(Command("[sh, -c, 'echo 2 > \"not good.csv\"; echo too cold; exit 3']", "agents:fire", ", brings: 'inbox:/oven/'"));
        Assert.Contains("ended with 3. It said: too cold", (await Run()).Window.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_files_than_can_be_carried_are_refused_and_none_is_brought()
    {
        await plant.Agent("saw", ["wood"]);
        await Says(Command("[sh, -c, 'for i in $(seq 1001); do echo $i > $i.csv; done']", "agents:wood", ", brings: 'inbox:/saw/'"));
        Assert.Contains("at most 1,000 files", (await Run()).Window.Why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(plant.Settings.Data, "inbox", Plant.Project, "saw")));
    }

    [Fact]
    public async Task What_a_command_leaves_on_this_machine_is_brought_too_and_takes_the_place_of_what_was_there()
    {
        var inbox = Path.Combine(plant.Settings.Data, "inbox", Plant.Project, "made");
        foreach (var said in (string[])["first", "second"])
        {
            await Says(Command($"[sh, -c, 'echo {said} > said.txt; echo draft > .draft; ln -s /etc/passwd link']", null, ", brings: 'inbox:/made/'"));
            var view = await Run();
            Assert.Equal((WindowState.Succeeded, null), (view.Window.State, view.Window.Why));
            Assert.Equal(["said.txt"], Directory.EnumerateFiles(inbox).Select(Path.GetFileName));
            Assert.Equal(said + "\n", await File.ReadAllTextAsync(Path.Combine(inbox, "said.txt"), Stop));
        }
    }

    private async Task<WindowView> Run(string command, string engine)
    {
        await Says(Command(command, engine));
        return await Run();
    }

    private static string Command(string command, string? engine, string more = "")
        => $"pipelines:\n  load:\n    steps:\n      - command: {{run: {command}{(engine is null ? "" : $", run_on: \"{engine}\"")}{more}}}\n";

    private Task Says(string plan) => plant.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Plant.Project}\n{plan}", Who.Steward, Stop);

    private static string? Words(WindowView view, string step) => view.Steps.Single(one => one.Step == step).Words;

    private async Task<WindowView> Run()
    {
        var pipelines = plant.Services.GetRequiredService<IPipelines>();
        var window = await pipelines.Run(Who.Steward, Plant.Project, "load", null, null, Stop);
        WindowView? view = null;
        await Eventually.True("the run is over", async () => (view = await pipelines.Window(Plant.Project, "load", window.StartAt, Stop))?.Window.State is WindowState.Succeeded or WindowState.Failed, Stop);
        return view!;
    }
}
