using System.Globalization;
using Steward.Events;
using Steward.Models;

namespace Steward.Monitoring;

/// <summary>Chooses the pictures that teach most and asks people to name them.</summary>
internal sealed class AskForLabels(DeedBook book, Evidence evidence, IModels models, IEvents events)
{
    public async Task Do(Deed deed, CancellationToken stop)
    {
        var incident = await book.IncidentOf(deed, stop);
        var candidates = await evidence.Whole(deed, stop);
        var chosen = Choice.Of(candidates, deed.Batch, new Random(Seed(deed)));
        if (chosen.Count == 0)
        {
            await book.End(deed, "labels", $"Nobody is asked for labels: of {Say.Count(candidates.Count, "answer")} no picture was kept (serve.log.pictures).", new { candidates = candidates.Count }, stop: stop);
            return;
        }

        var version = await models.Get(deed.Project, new Reference(incident.Model, deed.Version, null), stop);
        var wanted = new LabelsWanted(deed.Project, deed.Incident, deed.Endpoint, incident.Model, deed.Version, version.Data,
            chosen.ConvertAll(one => new WantedLabel(one.Id, one.Picture!.Value, one.Label, one.Confidence)));
        await book.End(deed, "labels",
            $"People are asked to name {Say.Count(chosen.Count, "picture")} of {candidates.Count}: those {incident.Model}@{deed.Version} doubted most, as different from each other as possible.",
            new { count = chosen.Count, of = candidates.Count, version = deed.Version, data = version.Data, predictions = chosen.ConvertAll(one => one.Id) },
            tx => events.Publish(tx, wanted), stop);
    }

    /// <summary>The same choice after a crash, on any server.</summary>
    private static int Seed(Deed deed) => int.Parse(Digest.Of(deed.Id).Hex.AsSpan(0, 7), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
