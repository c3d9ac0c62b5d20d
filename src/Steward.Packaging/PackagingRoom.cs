using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Projects;

namespace Steward.Packaging;

/// <summary>What a model needs around it, said exactly: environments with their locks and conflicts.</summary>
public sealed class PackagingRoom : IRoom
{
    public string Purpose => "Environments that explain themselves: locks, conflicts in plain words, Dockerfiles.";

    public IEnumerable<Section> Sections => [EnvironmentSection.Section];

    public void Furnish(IServiceCollection services)
    {
    }

    public void Open(IEndpointRouteBuilder routes)
    {
    }

    public IEnumerable<Command> Verbs(Server server) => [EnvVerbs.Tree(server)];
}
