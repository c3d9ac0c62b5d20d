using Steward.Work;

namespace Steward.Agents;

/// <summary>Engines of agents by their labels: <c>agents:onprem</c>, or <c>agents:onprem+gpu</c> where both are wanted.</summary>
internal sealed class AgentEngines(AgentStore agents, AgentWork work, AgentLogs logs, AgentBell bell, TimeProvider clock) : IEngineSource
{
    private const string Begins = "agents:";

    /// <summary>None that is the same for every project.</summary>
    public IEnumerable<IExecutor> Engines => [];

    public IExecutor? Find(string name, string project)
        => name.StartsWith(Begins, StringComparison.Ordinal) && name[Begins.Length..].Split('+') is var needs
            ? new AgentExecutor(name, project, [.. needs.Select(label => Names.Check("label", label))], agents, work, logs, bell, clock)
            : null;
}
