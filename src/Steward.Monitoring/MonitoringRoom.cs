using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>Watches what endpoints answer, and acts by the project file when it is not as usual.</summary>
public sealed class MonitoringRoom : IRoom
{
    public string Purpose => "Watches answers for doubt, drift, their kinds and their mistakes, opens incidents, goes back or abstains, and asks for labels.";

    public IEnumerable<Section> Sections => [Section.Of<MonitorSection>("monitor", "When answers count as unusual.", MonitorSection.Check)];

    public IEnumerable<NavLink> Links => [new("Incidents", "/projects/{project}/incidents", (all, project, stop) => all.GetRequiredService<IIncidents>().Waiting(project, stop)) { Also = "/projects/{project}/monitor" }];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<WindowStore>()
        .AddSingleton<IncidentStore>()
        .AddSingleton<DeedStore>()
        .AddSingleton<References>()
        .AddSingleton<MistakeStore>()
        .AddSingleton<AlarmBook>()
        .AddSingleton<FeedbackJudge>()
        .AddSingleton<VolumeStore>()
        .AddSingleton<VolumeJudge>()
        .AddSingleton<WindowKeeper>()
        .AddSingleton<WindowJudge>()
        .AddSingleton<Evidence>()
        .AddSingleton<DeedBook>()
        .AddSingleton<BackOrAbstain>()
        .AddSingleton<AskForLabels>()
        .AddSingleton<AnswerAgain>()
        .AddSingleton<ILearning, Learning>()
        .AddSingleton<Deeds>()
        .AddSingleton<MonitorReader>()
        .AddSingleton<IncidentReader>()
        .AddSingleton<Incidents>()
        .AddSingleton<IIncidents>(all => all.GetRequiredService<Incidents>())
        .AddSingleton<Watcher>()
        .AddHostedService(all => all.GetRequiredService<Watcher>())
        .Listen<EndpointServes, Hearing>()
        .Listen<VersionRegistered, Hearing>()
        .Listen<LabelsGiven, Hearing>()
        .Listen<AnswerQuestioned, Questioning>()
        .Listen<ReleaseEnded, Hearing>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapMonitor();
        routes.MapIncidents();
    }

    public IEnumerable<Command> Verbs(Server server) => [MonitorVerbs.Tree(server), IncidentVerbs.Tree(server)];
}
