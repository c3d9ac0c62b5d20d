using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Data.Engine;
using Steward.Data.Pages;
using Steward.Data.Stars;
using Steward.Data.Tables;
using Steward.Projects;
using Steward.Work;

namespace Steward.Data;

/// <summary>Data sets, their snapshots, and the pages that show them.</summary>
public sealed class DataRoom : IRoom
{
    public string Purpose => "Keeps data sets as snapshots that never change and store only what is new.";

    public IEnumerable<Section> Sections => [DataSection.Of()];

    public IEnumerable<NavLink> Links => [new("Data", "/projects/{project}/data")];

    public IEnumerable<IChild> Children => [new QueryChild()];

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
        .AddSingleton<PictureBatch>()
        .AddSingleton<TableStore>()
        .AddSingleton<TableCommit>()
        .AddSingleton<Inspector>()
        .AddSingleton<Expiry>()
        .AddHostedService<Housekeeping>()
        .AddSingleton<Tables.Tables>()
        .AddSingleton<ITables>(all => all.GetRequiredService<Tables.Tables>())
        .AddSingleton<ITableEngine, TableEngine>()
        .AddSingleton<IStars, Stars.Stars>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapData();
        routes.MapDrafts();
        routes.MapPictures();
        routes.MapDataParts();
    }

    public IEnumerable<Command> Verbs(Server server) => [DataVerbs.Tree(server)];
}
