using Steward.Core.Tests;
using Steward.Work;

namespace Steward.Agents.Tests;

/// <summary>Agents keep what every engine promises.</summary>
public sealed class AgentEngineTests(Plant plant) : ExecutorPromises, IClassFixture<Plant>
{
    private static AgentProcess? _agent;

    protected override bool KeepsOrder => false;

    protected override bool SharesFolders => false;

    protected override int Many => 1000;

    protected override async Task<IExecutor> Engine()
    {
        _agent ??= await plant.Agent("plant-7", ["onprem"], "--at-once", "4");
        return plant.Engine("onprem");
    }

    /// <summary>The machine goes; the next one that works under the agent's name takes its tasks back.</summary>
    protected override async Task LoseMachine(JobTask task, int process)
    {
        _agent!.Kill();
        _agent = await plant.Agent("plant-7", ["onprem"], "--at-once", "4");
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
