using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>The answers behind an alarm: of the windows that alarmed, and of those before that alarmed only together with them.</summary>
internal sealed class Evidence(WindowStore windows, IRequestLog log)
{
    private const int MostWindows = 10;

    /// <summary>What raised the first alarm of a version in an incident; its newest answers when no window did.</summary>
    public async Task<List<Prediction>> First(Deed deed, CancellationToken stop)
        => await Alarmed(deed, stop) is [var first, ..] ? await Read(deed, first.Number - first.Span + 1, first.Number, stop) : await Newest(deed, stop);

    /// <summary>Everything up to now, the newest windows when there are many.</summary>
    public async Task<List<Prediction>> Whole(Deed deed, CancellationToken stop)
        => await Alarmed(deed, stop) is [var first, ..] alarmed
            ? await Read(deed, Math.Max(first.Number - first.Span + 1, alarmed[^1].Number - MostWindows + 1), alarmed[^1].Number, stop)
            : await Newest(deed, stop);

    private async Task<List<Window>> Alarmed(Deed deed, CancellationToken stop)
        => (await windows.OfIncident(deed.Project, deed.Incident, 1000, stop)).FindAll(window => window.Version == deed.Version);

    private async Task<List<Prediction>> Newest(Deed deed, CancellationToken stop)
        => await log.Newest(deed.Endpoint, 1000, new(Version: deed.Version), stop);

    private async Task<List<Prediction>> Read(Deed deed, int from, int to, CancellationToken stop)
    {
        var all = new List<Prediction>();
        foreach (var window in await windows.Between(deed.Endpoint, deed.Version, from, to, stop))
            all.AddRange(await log.Of(window, stop));
        return all;
    }
}

internal static class WindowAnswers
{
    /// <summary>The answers of a window. What was removed from the log meanwhile is missing, and nothing stands in for it.</summary>
    public static async Task<List<Prediction>> Of(this IRequestLog log, Window window, CancellationToken stop)
        => [.. (await log.Since(window.Endpoint, window.Version, window.Before, window.Answers, stop)).TakeWhile(answer => answer.At <= window.Last.At)];
}
