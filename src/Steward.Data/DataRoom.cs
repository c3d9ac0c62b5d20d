using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Data.Pages;
using Steward.Projects;

namespace Steward.Data;

/// <summary>Data sets, their snapshots, and the pages that show them.</summary>
public sealed class DataRoom : IRoom
{
    public string Purpose => "Keeps data sets as snapshots that never change and store only what is new.";

    public IEnumerable<Section> Sections => [DataSection.Of()];

    public IEnumerable<NavLink> Links => [new("Data", "/projects/{project}/data")];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<SnapshotStore>()
        .AddSingleton<Manifests>()
        .AddSingleton<IDataSets, DataSets>()
        .AddSingleton<Summaries>()
        .AddSingleton<PrintStore>()
        .AddSingleton<Prints>()
        .AddSingleton<DataChecks>()
        .AddSingleton<DraftStore>()
        .AddSingleton<Drafts>()
        .AddSingleton<PictureBatch>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapData();
        routes.MapDrafts();
        routes.MapPictures();
        routes.MapDataParts();
    }

    public IEnumerable<Command> Verbs(Server server) => [DataVerbs.Tree(server)];
}
