using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Models;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Tells what happened as a comic in which every number is on record.</summary>
public sealed class StoriesRoom : IRoom
{
    public string Purpose => "Tells releases, incidents and trainings as comics whose every number is on record.";

    public IEnumerable<Section> Sections => [StorySection.Section];

    public IEnumerable<NavLink> Links => [new("Stories", "/projects/{project}/stories")];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<ReleaseFacts>()
        .AddSingleton<IncidentFacts>()
        .AddSingleton<RunFacts>()
        .AddSingleton<DataFacts>()
        .AddSingleton<WeekFacts>()
        .AddSingleton<DeploymentFacts>()
        .AddSingleton<StoryKinds>()
        .AddSingleton<StoryStore>()
        .AddSingleton<Stories>()
        .AddSingleton<IStories>(all => all.GetRequiredService<Stories>())
        .AddSingleton<StoryReader>()
        .AddSingleton<DrawnPictures>()
        .AddSingleton<IBeside, ReleaseBeside>()
        .AddSingleton<IBundlePart, ReleasePart>()
        .AddQuizzes()
        .AddSingleton<OwnFigures>()
        .AddSingleton<Topics>()
        .AddSingleton<RealPictures>()
        .AddSingleton<NamingStore>()
        .AddSingleton<Naming>()
        .AddSingleton<Explaining>()
        .Listen<SignOffAsked, Hearing>()
        .Listen<SignOffDecided, Hearing>()
        .Listen<EndpointServes, Hearing>()
        .Listen<ReleaseEnded, Hearing>()
        .Listen<IncidentOpened, Hearing>()
        .Listen<IncidentClosed, Hearing>()
        .Listen<LabelsGiven, Hearing>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapStories();
        routes.MapQuizzes();
        routes.MapExplanations();
        routes.MapNaming();
    }

    public IEnumerable<Command> Verbs(Server server) => [StoryVerbs.Tree(server).With(QuizVerbs.All(server)), ExplainVerb.Of(server)];
}
