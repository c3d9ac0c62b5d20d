using System.Globalization;
using Steward.Events;
using Steward.Models;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>Chooses the pictures that teach most and asks people to name them.</summary>
internal sealed class AskForLabels(DeedStore store, DeedBook book, Evidence evidence, IRequestLog log, IModels models, IEvents events)
{
    public async Task Do(Deed deed, CancellationToken stop)
    {
        var incident = await book.IncidentOf(deed, stop);
        var candidates = await evidence.Whole(deed, stop);
        var asked = (await store.LastDone(deed.Endpoint, DeedKind.AskForLabels, stop))?.DoneAt ?? DateTimeOffset.UnixEpoch;
        var wrong = await log.Wrong(deed.Endpoint, deed.Version, asked, deed.Batch, stop);
        var chosen = Choice.Of(candidates, wrong, deed.Batch, new Random(Seed(deed)));
        if (chosen.Count == 0)
        {
            await book.End(deed, "labels", $"Nobody is asked for labels: of {Say.Count(candidates.Count, "answer")} no picture was kept (serve.log.pictures).", new { candidates = candidates.Count }, stop: stop);
            return;
        }

        var version = await models.Get(deed.Project, new Reference(incident.Model, deed.Version, null), stop);
        var wanted = new LabelsWanted(deed.Project, deed.Incident, deed.Endpoint, incident.Model, deed.Version, version.Data,
            chosen.ConvertAll(one => new WantedLabel(one.Id, one.Picture!.Value, one.Label, one.Confidence)));
        await book.End(deed, "labels",
            Words(incident, deed, chosen, candidates.Count, wrong),
            new { count = chosen.Count, of = candidates.Count, version = deed.Version, data = version.Data, predictions = chosen.ConvertAll(one => one.Id) },
            tx => events.Publish(tx, wanted), stop);
    }

    private static string Words(Incident incident, Deed deed, List<Prediction> chosen, int candidates, List<Prediction> wrong)
    {
        var said = chosen.Select(one => one.Id).Intersect(wrong.Select(one => one.Id)).Count();
        var doubted = $"those {incident.Model}@{deed.Version} doubted most, as different from each other as possible";
        return $"People are asked to name {Say.Count(chosen.Count, "picture")} of {candidates}: {(said == 0 ? doubted : $"{said} that somebody said were wrong{(said == chosen.Count ? "" : $", and {doubted}")}")}.";
    }

    /// <summary>The same choice after a crash, on any server.</summary>
    private static int Seed(Deed deed) => int.Parse(Digest.Of(deed.Id).Hex.AsSpan(0, 7), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
