using Microsoft.Extensions.Logging;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Makes the stories of releases and incidents by itself, as they happen: what changed gives the next edition.</summary>
internal sealed partial class Hearing(IStories stories, IIncidents incidents, IEndpoints endpoints, IPromotions promotions, ILogger<Hearing> log)
    : IListen<SignOffAsked>, IListen<SignOffDecided>, IListen<EndpointServes>, IListen<ReleaseEnded>, IListen<IncidentOpened>, IListen<IncidentClosed>, IListen<LabelsGiven>
{
    public Task Hear(SignOffAsked happened, CancellationToken stop) => Make(happened.Project, "release", $"{happened.Model}@{happened.Version}", stop);

    public Task Hear(SignOffDecided happened, CancellationToken stop) => Make(happened.Project, "release", $"{happened.Model}@{happened.Version}", stop);

    public Task Hear(ReleaseEnded happened, CancellationToken stop) => Make(happened.Project, "release", $"{happened.Model}@{happened.Version}", stop);

    public async Task Hear(EndpointServes happened, CancellationToken stop)
    {
        if (await endpoints.Find(happened.Endpoint, stop) is { } endpoint)
        {
            if (await stories.Find(happened.Project, "release", $"{endpoint.Model}@{happened.Version}", null, stop) is not null)
                await Make(happened.Project, "release", $"{endpoint.Model}@{happened.Version}", stop);
            // Whoever took it back, by hand or not: the version that had to go has that to tell.
            if ((await promotions.History(happened.Project, endpoint.Model, Promotion.Production, 1000, stop)).Find(move => move.Epoch == happened.Epoch) is { Kind: MoveKind.Back, From: { } gone })
                await Make(happened.Project, "release", $"{endpoint.Model}@{gone}", stop);
        }

        foreach (var open in (await incidents.All(happened.Project, 100, stop)).Where(one => one.Endpoint == happened.Endpoint && !one.IsClosed))
            await Make(happened.Project, "incident", $"{open.Number}", stop);
    }

    public Task Hear(IncidentOpened happened, CancellationToken stop) => Make(happened.Project, "incident", $"{happened.Incident}", stop);

    public Task Hear(IncidentClosed happened, CancellationToken stop) => Make(happened.Project, "incident", $"{happened.Incident}", stop);

    public Task Hear(LabelsGiven happened, CancellationToken stop) => happened.Incident > 0 ? Make(happened.Project, "incident", $"{happened.Incident}", stop) : Task.CompletedTask;

    /// <summary>A story that cannot be told yet is no trouble: it is tried again when more is on record.</summary>
    private async Task Make(string project, string kind, string subject, CancellationToken stop)
    {
        try
        {
            await stories.Make(Who.Steward, project, kind, subject, stop);
        }
        catch (ProblemException untold) when (untold.Kind is ProblemKind.Conflict or ProblemKind.NotFound)
        {
            Untold(kind, subject, untold.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The story {Kind}/{Subject} is not told yet: {Why}")]
    private partial void Untold(string kind, string subject, string why);
}
