using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Work;

namespace Steward.Agents;

/// <summary>Machines elsewhere that take work by their labels. They only call out: nothing listens on their side.</summary>
public sealed class AgentsRoom : IRoom
{
    public string Purpose => "Machines beside far-away data that call in, take work by their labels and tell how it went; nothing listens there.";

    public IEnumerable<NavLink> Links => [new("Agents", "/projects/{project}/agents")];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<AgentBell>()
        .AddSingleton<AgentStore>()
        .AddSingleton<AgentWork>()
        .AddSingleton<AgentFiles>()
        .AddSingleton<AgentLogs>()
        .AddSingleton<IEngineSource, AgentEngines>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapAgents();
        routes.MapAgentWork();
    }

    public IEnumerable<Command> Verbs(Server server) => [AgentVerbs.Tree(server)];
}

/// <summary>Rings when there is news for an agent, or of one.</summary>
internal sealed class AgentBell
{
    private readonly Bell _bell = new();

    public Task Next => _bell.Next;

    public void Ring() => _bell.Ring();
}
