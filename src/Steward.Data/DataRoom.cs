using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Data.Engine;
using Steward.Data.Files;
using Steward.Data.Pages;
using Steward.Data.Tables;
using Steward.Projects;
using Steward.Work;

namespace Steward.Data;

/// <summary>Data sets and tables, their snapshots, and the pages that show them.</summary>
public sealed class DataRoom : IRoom
{
    public string Purpose => "Keeps data sets and tables as snapshots that never change and store only what is new.";

    public IEnumerable<Section> Sections => [DataSection.Of()];

    public IEnumerable<NavLink> Links => [new("Data", "/projects/{project}/data"), new("Tables", "/projects/{project}/tables")];

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
        .AddSingleton<Expiry>()
        .AddHostedService<Housekeeping>()
        .AddSingleton<Tables.Tables>()
        .AddSingleton<ITables>(all => all.GetRequiredService<Tables.Tables>())
        .AddSingleton<TableEngine>()
        .AddSingleton<ITableEngine>(all => all.GetRequiredService<TableEngine>())
        .AddSingleton<IFiles, Files.Files>()
        .AddSingleton<TableDesk>()
        .AddSingleton<Profiles>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapData();
        routes.MapDrafts();
        routes.MapPictures();
        routes.MapDataParts();
        routes.MapTables();
        routes.MapTableParts();
    }

    public IEnumerable<Command> Verbs(Server server) => [DataVerbs.Tree(server), TableVerbs.Tree(server)];
}
