using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Projects;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>Runs steps for windows of time, on a schedule, when files arrive, or by hand: each window once, whatever dies.</summary>
public sealed class PipelinesRoom : IRoom
{
    public string Purpose => "Runs steps for windows of time, on schedules, when files arrive or by hand: each window takes effect once.";

    public IEnumerable<Section> Sections => [PipelineSection.Of()];

    public IEnumerable<NavLink> Links => [new("Pipelines", "/projects/{project}/pipelines", (all, project, stop) => all.GetRequiredService<AlarmStore>().Waiting(project, stop))];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<PipelineSignals>()
        .AddSingleton<WindowStore>()
        .AddSingleton<RunStore>()
        .AddSingleton<AlarmStore>()
        .AddSingleton<Endings>()
        .AddSingleton<Starter>()
        .AddSingleton<Mirror>()
        .AddSingleton<Inbox>()
        .AddSingleton<Arrivals>()
        .AddSingleton<Alarms>()
        .AddSingleton<IPipelines, Pipelines>()
        .AddSingleton<Scheduler>()
        .AddHostedService(all => all.GetRequiredService<Scheduler>())
        .AddSingleton<Places>()
        .AddSingleton<TableElsewhere>()
        .AddSingleton<IStep, CopyStep>()
        .AddSingleton<IStep, CsvStep>()
        .AddSingleton<IStep, SqlStep>()
        .AddSingleton<IStep, WriteStep>()
        .AddSingleton<IStep, TableStep>()
        .AddSingleton<IStep, DimStep>()
        .AddSingleton<IStep, FactStep>()
        .AddSingleton<IStep, CheckStep>()
        .AddSingleton<IStep, DocumentStep>()
        .AddSingleton<IStep, TrainStep>()
        .AddSingleton<IStep, CommandStep>()
        .AddSingleton<IStep, WebhookStep>()
        .AddSingleton<IStep, DatabricksStep>()
        .AddSingleton<IStep, ScoreStep>()
        .AddSingleton<IWorkHandler, WindowHandler>()
        .Listen<ProjectChanged, Plans>()
        .Listen<AliasMoved, Promotions>();

    public void Open(IEndpointRouteBuilder routes) => routes.MapPipelines();

    public IEnumerable<Command> Verbs(Server server) => [PipelineVerbs.Tree(server)];
}
