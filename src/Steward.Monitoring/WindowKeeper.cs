using Steward.Audit;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Keeps a judged window with all that follows from it, in one transaction: the place in the log, the incident, its timeline, what should be done, and who is told.</summary>
internal sealed class WindowKeeper(Db db, AlarmBook alarms, IAudit audit, TimeProvider clock)
{
    /// <summary>False when another server judged this window first.</summary>
    public Task<bool> Keep(ProjectFile file, MonitorSection settings, Endpoint endpoint, Window window, CancellationToken stop) => db.Write(async tx =>
    {
        if (!await WindowStore.Advance(tx, window))
            return false;
        var open = await IncidentStore.Open(tx, endpoint.Name);
        if (window.State is WindowState.Alarm)
        {
            var (incident, tell) = await alarms.Raise(tx, file, endpoint, Alarm(endpoint, window), open);
            await WindowStore.Add(tx, window with { Incident = incident.Number });
            await tell();
            return true;
        }

        await WindowStore.Add(tx, window);
        // A short window, or one of a version that serves no more, says nothing about how it is now.
        if (open is { IsOfVolume: false } && window.Answers >= settings.Window && window.Version == endpoint.LiveVersion && window.State is not WindowState.Unjudged)
            await Calm(tx, settings, endpoint, window, open);
        return true;
    }, stop);

    /// <summary>From now on drift of a version is measured against its own first windows, too.</summary>
    public Task Learned(Endpoint endpoint, int version, Incident incident, Digest normal, int rows, CancellationToken stop) => db.Write(async tx =>
    {
        await WindowStore.SetNormal(tx, endpoint.Name, version, normal);
        await IncidentStore.Tell(tx, incident, $"normal:{version}", "normal",
            $"The first {rows} answers of {endpoint.Model}@{version} were sure, but unlike its test split, in which the new pictures are still rare. From here on drift is measured against these answers, too.",
            Who.Steward.Name, clock.GetUtcNow(), new { version, rows });
        await audit.Write(tx, Who.Steward, "monitor.normal_learned", endpoint.Project, $"{endpoint.Name}@{version}", new { rows, reference = normal.Hex });
    }, stop);

    private static Raised Alarm(Endpoint endpoint, Window window) => new(
        window.Version, $"alarm:{window.Version}:{window.Number}", window.Alarms, Phrases.Summary(window), $"Window {window.Number} of {endpoint.Model}@{window.Version}: {Phrases.Figures(window)}",
        window.From, window.Answers, window.Number,
        new { window.Endpoint, window.Version, window = window.Number, window.From, window.To, window.Unsure, window.Drift, window.Kinds, window.Alarms, window.Telling },
        new { unsure = window.Unsure.Count, of = window.Unsure.Of, drift = window.Drift?.Score, limit = window.Drift?.Limit, kind = window.Kinds?.Kind, kindCount = window.Kinds?.Count });

    private async Task Calm(Tx tx, MonitorSection settings, Endpoint endpoint, Window window, Incident open)
    {
        var now = clock.GetUtcNow();
        var calm = open with { QuietWindows = open.QuietWindows + 1 };
        if (calm.State is IncidentState.Open && calm.QuietWindows >= settings.QuietAfter)
        {
            calm = calm with { State = IncidentState.Quiet, QuietAt = now };
            await IncidentStore.Tell(tx, calm, $"quiet:{calm.Round}", "quiet",
                $"Quiet again: {Say.Count(calm.QuietWindows, "window")} of {endpoint.Model}@{window.Version} in a row without an alarm. {Phrases.Doubts(window.Unsure)} Somebody should say what it was.",
                Who.Steward.Name, now, new { window.Version, window = window.Number, windows = calm.QuietWindows });
            await audit.Write(tx, Who.Steward, "incident.quiet", endpoint.Project, $"incident {calm.Number}", new { version = window.Version, windows = calm.QuietWindows });
            await DeedStore.Want(tx, Deed.Wanted(calm, DeedKind.AnswerAgain, window.Version, now));
        }

        await IncidentStore.Change(tx, calm);
    }
}
