using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Data.Documents;
using Steward.Data.Engine;
using Steward.Data.Files;
using Steward.Data.Pages;
using Steward.Data.Stars;
using Steward.Data.Tables;
using Steward.Projects;
using Steward.Work;

namespace Steward.Data;

/// <summary>Data sets and tables, their snapshots, and the pages that show them.</summary>
public sealed class DataRoom : IRoom
{
    public string Purpose => "Keeps data sets and tables as snapshots that never change and store only what is new.";

    public IEnumerable<Section> Sections => [DataSection.Of(), ConnectionRules.Section, DocumentsPlan.Section];

    public IEnumerable<NavLink> Links => [new("Data", "/projects/{project}/data"), new("Tables", "/projects/{project}/tables"), new("Connections", "/projects/{project}/connections"), new("Documents", "/projects/{project}/documents")];

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
        .AddSingleton<IStars, Stars.Stars>()
        .AddSingleton<TableDesk>()
        .AddSingleton<Imports>()
        .AddSingleton<IWorkHandler>(all => all.GetRequiredService<Imports>())
        .AddSingleton<Profiles>()
        .AddSingleton<ConnectionStore>()
        .AddSingleton<Connector>()
        .AddSingleton<IConnections>(all => all.GetRequiredService<Connector>())
        .AddSingleton<CopyJournal>()
        .AddSingleton(new CopyPatience())
        .AddSingleton<ICopies, Copies>()
        .AddSingleton<IWorkHandler, CopyHandler>()
        .AddSingleton(new DocumentKeeping())
        .AddSingleton<Documents.Documents>()
        .AddSingleton<IDocuments>(all => all.GetRequiredService<Documents.Documents>())
        .AddSingleton<IWorkHandler, PublishHandler>()
        .AddHostedService<DocumentKeeper>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapData();
        routes.MapDrafts();
        routes.MapPictures();
        routes.MapDataParts();
        routes.MapTables();
        routes.MapTableParts();
        routes.MapConnections();
        routes.MapCopies();
        routes.MapDocuments();
    }

    public IEnumerable<Command> Verbs(Server server) => [DataVerbs.Tree(server), TableVerbs.Tree(server), ConnectVerbs.Tree(server), CopyVerb.Tree(server), DocumentVerbs.Tree(server)];
}
