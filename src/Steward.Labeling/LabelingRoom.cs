using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Labeling.Heaps;
using Steward.Monitoring;
using Steward.Work;

namespace Steward.Labeling;

/// <summary>Asks people what is on pictures, and brings their answers into the data set.</summary>
public sealed class LabelingRoom : IRoom
{
    public string Purpose => "Asks people to name pictures, one key each, and makes a snapshot of their answers.";

    public IEnumerable<NavLink> Links => [new("Labels", "/projects/{project}/labels", (all, project, stop) => all.GetRequiredService<IQueues>().Waiting(project, stop)) { Also = "/projects/{project}/heaps" }];

    public IEnumerable<IChild> Children => [new HeapChild()];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<QueueStore>()
        .AddSingleton<Repeats>()
        .AddSingleton<Closer>()
        .AddHostedService(all => all.GetRequiredService<Closer>())
        .AddSingleton<IQueues, Queues>()
        .AddSingleton<SortingStore>()
        .AddSingleton<SortingCloser>()
        .AddHostedService(all => all.GetRequiredService<SortingCloser>())
        .AddSingleton<Sortings>()
        .AddSingleton<IWorkHandler, HeapHandler>()
        .Listen<LabelsWanted, Hearing>()
        .Listen<NameWanted, Hearing>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapLabels();
        routes.MapHeaps();
    }

    public IEnumerable<Command> Verbs(Server server) => [.. LabelVerbs.All(server), HeapVerbs.Tree(server)];
}
