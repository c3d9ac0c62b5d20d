using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Work;

namespace Steward.Engines;

/// <summary>Engines beyond this machine's processes, each behind the same contract.</summary>
public sealed class EnginesRoom : IRoom
{
    public string Purpose => "Runs the same work on more machines: slurm, kubernetes, databricks.";

    public void Furnish(IServiceCollection services) => services.AddSingleton<PinFile>().AddSingleton<IEngineSource, NamedEngines>();

    public void Open(IEndpointRouteBuilder routes) => routes.MapEngines();

    public IEnumerable<Command> Verbs(Server server) => [EngineVerbs.Tree(server)];
}
