using Steward.Work;

namespace Steward.Agents;

/// <summary>Engines of agents by their labels: <c>agents:onprem</c>, or <c>agents:onprem+gpu</c> where both are wanted.</summary>
internal sealed class AgentEngines(AgentStore agents, AgentWork work, AgentFiles files, AgentLogs logs, AgentBell bell, Settings settings, TimeProvider clock) : IEngineSource
{
    private const string Begins = "agents:";

    /// <summary>None that is the same for every project.</summary>
    public IEnumerable<IExecutor> Engines => [];

    /// <summary>One for each label that an agent has which may still come in.</summary>
    public async Task<IReadOnlyList<string>> Names(string project, CancellationToken stop) => [.. (await agents.All(project, stop))
        .Where(agent => agent.RevokedAt is null && agent.EndsAt > clock.GetUtcNow()).SelectMany(agent => agent.Labels).Distinct().Order(StringComparer.Ordinal).Select(label => Begins + label)];

    public IExecutor? Find(string name, string project)
        => name.StartsWith(Begins, StringComparison.Ordinal) && name[Begins.Length..].Split('+') is var needs
            ? new AgentExecutor(name, project, [.. needs.Select(label => Steward.Names.Check("label", label))], agents, work, files, logs, bell, Path.Combine(Path.GetFullPath(settings.Data), "for-agents"), clock)
            : null;
}
