using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Writes into open incidents what happens to their model meanwhile.</summary>
internal sealed class Hearing(Db db, IncidentStore incidents, AlarmBook alarms, IEndpoints endpoints, IRequestLog log, IProjects projects, IModels models, TimeProvider clock)
    : IListen<EndpointServes>, IListen<VersionRegistered>, IListen<LabelsGiven>, IListen<ReleaseEnded>
{
    public async Task Hear(EndpointServes happened, CancellationToken stop)
    {
        if (await endpoints.Find(happened.Endpoint, stop) is { } endpoint && await incidents.Open(happened.Endpoint, stop) is { } open)
            await Tell(open, $"serves:{happened.Epoch}", "serves", $"{endpoint.Model}@{happened.Version} serves from now on.", new { happened.Version, happened.Epoch }, stop);
    }

    public async Task Hear(VersionRegistered happened, CancellationToken stop)
    {
        foreach (var open in (await incidents.All(happened.Project, 100, stop)).Where(one => !one.IsClosed && one.Model == happened.Model && happened.Version > one.Version))
        {
            var made = await models.Find(happened.Project, new Reference(happened.Model, happened.Version, null), stop);
            await Tell(open, $"made:{happened.Version}", "made", $"{happened.Model}@{happened.Version} was made{(made is null ? "" : $" from {made.Data}")}.", new { happened.Version, data = made?.Data }, stop);
        }
    }

    public async Task Hear(LabelsGiven happened, CancellationToken stop)
    {
        await log.Named(Who.Steward, happened.Project, [.. happened.Named.Select(one => new Named(one.Prediction, one.Label))], stop);
        if (await incidents.Find(happened.Project, happened.Incident, stop) is { } on)
            await Tell(on, $"named:{happened.Data}", "named", $"People named {happened.Answered} of {Say.Count(happened.Items, "picture")}; their answers are in {happened.Data}.", new { happened.Data, happened.Answered, happened.Items }, stop);
    }

    /// <summary>A release that its own figures stopped is an incident: somebody should say why. Others belong to the story of one that is open.</summary>
    public async Task Hear(ReleaseEnded happened, CancellationToken stop)
    {
        if (await endpoints.Find(happened.Endpoint, stop) is not { } endpoint || await projects.Find(happened.Project, stop) is not { } project)
            return;
        var key = $"release:{happened.Epoch}";
        if (happened is { Finished: false, ByItself: true })
            await db.Write(async tx =>
            {
                // An event may come twice; which incident heard it first does not matter.
                if (await IncidentStore.HasTold(tx, happened.Project, happened.Endpoint, key))
                    return;
                var alarm = new Raised(happened.Version, key, [LoopWhen.CanaryAbort], $"The release of {happened.Model}@{happened.Version} stopped itself at {Phrases.Percent(happened.Share / 100)} of the requests.",
                    $"{happened.Why} So it went back at once: {happened.Model}@{happened.Base} serves everything.", happened.Since, (int)happened.Answers, 0,
                    new { happened.Version, happened.Base, happened.Share, happened.Answers, happened.Why }, new { happened.Share, happened.Answers, happened.Why });
                await (await alarms.Raise(tx, project.File, endpoint, alarm, await IncidentStore.Open(tx, endpoint.Name))).Tell();
            }, stop);
        else if (await incidents.Open(happened.Endpoint, stop) is { } open)
            await Tell(open, key, "serves", happened.Finished ? $"The release of {happened.Model}@{happened.Version} is finished: it serves everything." : $"The release of {happened.Model}@{happened.Version} was stopped: {happened.Why}", new { happened.Version, happened.Share }, stop);
    }

    private Task Tell(Incident open, string key, string kind, string text, object detail, CancellationToken stop)
        => db.Write(tx => IncidentStore.Tell(tx, open, key, kind, text, Who.Steward.Name, clock.GetUtcNow(), detail), stop);
}
