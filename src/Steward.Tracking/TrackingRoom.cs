using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Tracking.Comparing;
using Steward.Tracking.Pages;

namespace Steward.Tracking;

/// <summary>Runs, their parameters, metrics and files, and the pages that compare them.</summary>
public sealed class TrackingRoom : IRoom
{
    public string Purpose => "Remembers every run: what went in, what came out, which was best.";

    public IEnumerable<NavLink> Links => [new("Runs", "/projects/{project}/runs")];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<RunsLive>()
        .AddSingleton<Studies>()
        .AddSingleton<Comparisons>()
        .AddSingleton<CodeComparisons>()
        .AddSingleton<RunWatch>()
        .AddSingleton<IRuns, Runs>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapRuns();
        routes.MapArtifacts();
        routes.MapComparison();
        routes.MapRunParts();
    }

    public IEnumerable<Command> Verbs(Server server) => [RunVerbs.Tree(server)];
}
