using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Keeps a judged window with all that follows from it, in one transaction: the place in the log, the incident, its timeline, what should be done, and who is told.</summary>
internal sealed class WindowKeeper(Db db, IAudit audit, IEvents events, TimeProvider clock)
{
    /// <summary>Nobody reads ten thousand lines: after these counts of alarms the timeline says how many there have been.</summary>
    private static readonly int[] Told = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>False when another server judged this window first.</summary>
    public Task<bool> Keep(ProjectFile file, MonitorSection settings, Endpoint endpoint, Window window, CancellationToken stop) => db.Write(async tx =>
    {
        if (!await WindowStore.Advance(tx, window))
            return false;
        var open = await IncidentStore.Open(tx, endpoint.Name);
        if (window.State is WindowState.Alarm)
        {
            var (incident, tell) = await Alarm(tx, file, settings, endpoint, window, open);
            await WindowStore.Add(tx, window with { Incident = incident.Number });
            await tell();
            return true;
        }

        await WindowStore.Add(tx, window);
        // A short window, or one of a version that serves no more, says nothing about how it is now.
        if (open is not null && window.Answers >= settings.Window && window.Version == endpoint.LiveVersion && window.State is not WindowState.Unjudged)
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

    private async Task<(Incident Incident, Func<Task> Tell)> Alarm(Tx tx, ProjectFile file, MonitorSection settings, Endpoint endpoint, Window window, Incident? open)
    {
        var now = clock.GetUtcNow();
        if (open is { QuietAt: { } quiet } && quiet + settings.CloseAfter < now)
        {
            await IncidentStore.CloseAsForgotten(tx, open, audit, events, now);
            open = null;
        }

        var incident = open is null ? await New(tx, endpoint, window, now) : Again(open, window, now);
        if (open is not null)
            await IncidentStore.Change(tx, incident);
        if (Told.Contains(incident.Alarms) || incident.Alarms % 10_000 == 0)
            await IncidentStore.Tell(tx, incident, $"alarm:{window.Version}:{window.Number}", "alarm",
                $"Window {window.Number} of {endpoint.Model}@{window.Version}: {Phrases.Figures(window)}" + (incident.Alarms > 3 ? $" It is alarm {incident.Alarms} of this incident." : ""), Who.Steward.Name, now,
                new { window.Endpoint, window.Version, window = window.Number, window.From, window.To, window.Unsure, window.Drift, window.Alarms });
        await Want(tx, file, window, incident, now, first: open is null);
        var subject = $"{endpoint.Name}@{window.Version}";
        await audit.Write(tx, Who.Steward, "alarm.raised", endpoint.Project, subject, new { incident = incident.Number, window = window.Number, alarms = window.Alarms, unsure = window.Unsure.Count, of = window.Unsure.Of, drift = window.Drift?.Score, limit = window.Drift?.Limit });
        if (open is null)
            await audit.Write(tx, Who.Steward, "incident.opened", endpoint.Project, $"incident {incident.Number}", new { endpoint = endpoint.Name, window.Version, incident.Summary });
        return (incident, async () =>
        {
            if (open is null)
                await events.Publish(tx, new IncidentOpened(endpoint.Project, incident.Number, endpoint.Name, window.Version, incident.Summary));
            await events.Publish(tx, new AlarmRaised(endpoint.Project, endpoint.Name, window.Version, window.Number, incident.Number, window.Alarms));
        });
    }

    private static async Task<Incident> New(Tx tx, Endpoint endpoint, Window window, DateTimeOffset now)
    {
        var made = new Incident(
            endpoint.Project, await IncidentStore.NextNumber(tx, endpoint.Project), endpoint.Name, endpoint.Model, window.Version, IncidentState.Open, window.Alarms, Phrases.Summary(window),
            window.From, now, now, 1, window.Answers, 1, 0, null, null, null, null);
        await IncidentStore.Add(tx, made);
        return made;
    }

    private static Incident Again(Incident open, Window window, DateTimeOffset now) => open with
    {
        Version = Math.Max(open.Version, window.Version),
        State = IncidentState.Open,
        Kinds = [.. open.Kinds.Union(window.Alarms).Order()],
        LastAlarmAt = now,
        Alarms = open.Alarms + 1,
        Answers = open.Answers + window.Answers,
        Round = open.State is IncidentState.Quiet ? open.Round + 1 : open.Round,
        QuietWindows = 0,
        QuietAt = null,
    };

    /// <summary>Notes what the project file asks for; it is done after this is on the disk.</summary>
    private static async Task Want(Tx tx, ProjectFile file, Window window, Incident incident, DateTimeOffset now, bool first)
    {
        var deeds = file.Deeds(window.Alarms);
        if (deeds.Any(deed => deed.BackOrAbstain))
            await DeedStore.Want(tx, Deed.Wanted(incident, DeedKind.BackOrAbstain, window.Version, now));
        if (deeds.Select(deed => deed.AskForLabels?.Batch ?? 0).DefaultIfEmpty(0).Max() is > 0 and var batch && !await DeedStore.Asked(tx, incident, window.Version))
            await DeedStore.Want(tx, Deed.Wanted(incident, DeedKind.AskForLabels, window.Version, now, batch));
        if (first && !deeds.Any(deed => deed.BackOrAbstain || deed.AskForLabels is not null))
            await IncidentStore.Tell(tx, incident, "no_policy", "note", "The project file asks for nothing to be done by itself: see 'loop' in steward.yaml.", Who.Steward.Name, now);
    }

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
