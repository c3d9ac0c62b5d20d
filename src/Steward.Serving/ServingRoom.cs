using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Models;
using Steward.Projects;
using Steward.Serving.Alone;
using Steward.Serving.OpenInference;

namespace Steward.Serving;

/// <summary>Endpoints: what answers, with which version, how fast, and what it said.</summary>
public sealed class ServingRoom : IRoom
{
    public string Purpose => "Serves promoted versions over HTTP, swaps them without losing a request and keeps every answer.";

    public IEnumerable<Section> Sections => [Section.Of<ServeSection>("serve", "Under which name the model answers, and its limits.", ServeSection.Check)];

    public IEnumerable<NavLink> Links => [new("Endpoints", "/projects/{project}/endpoints")];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton(_ => new Admission(Environment.ProcessorCount, 256, TimeSpan.FromSeconds(2)))
        .AddSingleton<ServingMetrics>()
        .AddSingleton<EndpointStore>()
        .AddSingleton<PredictionStore>()
        .AddSingleton<ModelSource>()
        .AddSingleton<Fleet>()
        .AddSingleton<Answers>()
        .AddSingleton<PictureAnswers>()
        .AddSingleton<InferHandler>()
        .AddSingleton<FeedbackHandler>()
        .AddSingleton<Rescoring>()
        .AddSingleton<IGate, LatencyGate>()
        .AddSingleton<ReleaseStore>()
        .AddSingleton<ReleaseBook>()
        .AddSingleton<Releases>()
        .AddSingleton<IReleases>(all => all.GetRequiredService<Releases>())
        .AddSingleton<Endpoints>()
        .AddSingleton<IEndpoints>(all => all.GetRequiredService<Endpoints>())
        .AddSingleton<RequestLog>()
        .AddSingleton<IAnswerLog>(all => all.GetRequiredService<RequestLog>())
        .AddSingleton<IRequestLog>(all => all.GetRequiredService<RequestLog>())
        .AddHostedService(all => all.GetRequiredService<RequestLog>())
        .AddSingleton<Forgetting>()
        .AddHostedService(all => all.GetRequiredService<Forgetting>())
        .AddSingleton<Puller>()
        .AddHostedService(all => all.GetRequiredService<Puller>())
        .Listen<Promoted, Hearing>()
        .Listen<ProjectChanged, Hearing>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapOpenInference();
        routes.MapEndpoints();
        routes.MapReleases();
    }

    public IEnumerable<Command> Verbs(Server server) => [.. EndpointVerbs.All(server), ReleaseVerbs.Tree(server), ServeVerb.Tree()];
}
