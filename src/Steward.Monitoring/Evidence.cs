using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>The answers behind an alarm: of the windows that alarmed, and of those before that alarmed only together with them.</summary>
internal sealed class Evidence(WindowStore windows, IRequestLog log)
{
    private const int MostWindows = 10;

    /// <summary>What raised the first alarm of a version in an incident.</summary>
    public async Task<List<Prediction>> First(Deed deed, CancellationToken stop)
    {
        var first = (await Alarmed(deed, stop))[0];
        return await Read(deed, first.Number - first.Span + 1, first.Number, stop);
    }

    /// <summary>Everything up to now, the newest windows when there are many.</summary>
    public async Task<List<Prediction>> Whole(Deed deed, CancellationToken stop)
    {
        var alarmed = await Alarmed(deed, stop);
        return await Read(deed, Math.Max(alarmed[0].Number - alarmed[0].Span + 1, alarmed[^1].Number - MostWindows + 1), alarmed[^1].Number, stop);
    }

    private async Task<List<Window>> Alarmed(Deed deed, CancellationToken stop)
        => (await windows.OfIncident(deed.Project, deed.Incident, 1000, stop)).FindAll(window => window.Version == deed.Version);

    private async Task<List<Prediction>> Read(Deed deed, int from, int to, CancellationToken stop)
    {
        var all = new List<Prediction>();
        foreach (var window in await windows.Between(deed.Endpoint, deed.Version, from, to, stop))
            all.AddRange(await log.Since(deed.Endpoint, deed.Version, window.Before, window.Answers, stop));
        return all;
    }
}
