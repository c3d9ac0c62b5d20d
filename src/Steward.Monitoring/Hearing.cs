using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Writes into open incidents what happens to their model meanwhile.</summary>
internal sealed class Hearing(Db db, IncidentStore incidents, IEndpoints endpoints, IModels models, TimeProvider clock) : IListen<EndpointServes>, IListen<VersionRegistered>, IListen<LabelsGiven>
{
    public async Task Hear(EndpointServes happened, CancellationToken stop)
    {
        if (await endpoints.Find(happened.Endpoint, stop) is { } endpoint && await incidents.Open(happened.Endpoint, stop) is { } open)
            await Tell(open, $"serves:{happened.Epoch}", "serves", $"{endpoint.Model}@{happened.Version} serves since now.", new { happened.Version, happened.Epoch }, stop);
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
        if (await incidents.Find(happened.Project, happened.Incident, stop) is { } on)
            await Tell(on, $"named:{happened.Data}", "named", $"People named {happened.Answered} of {Say.Count(happened.Items, "picture")}; their answers are in {happened.Data}.", new { happened.Data, happened.Answered, happened.Items }, stop);
    }

    private Task Tell(Incident open, string key, string kind, string text, object detail, CancellationToken stop)
        => db.Write(tx => IncidentStore.Tell(tx, open, key, kind, text, Who.Steward.Name, clock.GetUtcNow(), detail), stop);
}
