using Microsoft.Extensions.DependencyInjection;
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

    private async Task<WindowView> Run(string command, string engine)
    {
        await plant.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Plant.Project}\npipelines:\n  load:\n    steps:\n      - command: {{run: {command}, run_on: \"{engine}\"}}\n", Who.Steward, Stop);
        var pipelines = plant.Services.GetRequiredService<IPipelines>();
        var window = await pipelines.Run(Who.Steward, Plant.Project, "load", null, null, Stop);
        WindowView? view = null;
        await Eventually.True("the run is over", async () => (view = await pipelines.Window(Plant.Project, "load", window.StartAt, Stop))?.Window.State is WindowState.Succeeded or WindowState.Failed, Stop);
        return view!;
    }
}
