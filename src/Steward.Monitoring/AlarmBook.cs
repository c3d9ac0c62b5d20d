using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Something that is not as usual, whoever saw it.</summary>
/// <param name="Key">Tells it from every other in its incident, so that telling twice is telling once.</param>
/// <param name="Summary">The headline of an incident that it opens.</param>
/// <param name="Text">Its line in the timeline.</param>
/// <param name="Since">When the first of the answers behind it was given.</param>
/// <param name="Answers">How many are behind it.</param>
/// <param name="Window">The number of the window or batch; 0 when it is neither.</param>
/// <param name="Detail">The figures behind the text.</param>
/// <param name="Audited">The figures for the audit.</param>
internal sealed record Raised(int Version, string Key, IReadOnlyList<LoopWhen> Kinds, string Summary, string Text, DateTimeOffset Since, int Answers, int Window, object Detail, object Audited);

/// <summary>Brings alarms into their incident: the incident, its timeline, what should be done and who is told, in the caller's transaction.</summary>
internal sealed class AlarmBook(IAudit audit, IEvents events, TimeProvider clock)
{
    /// <summary>Nobody reads ten thousand lines: after these counts of alarms the timeline says how many there have been.</summary>
    private static readonly int[] Told = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <param name="open">The endpoint's open incident, locked; null when there is none.</param>
    /// <returns>The incident, and what is left to tell once all else is written.</returns>
    public async Task<(Incident Incident, Func<Task> Tell)> Raise(Tx tx, ProjectFile file, Endpoint endpoint, Raised alarm, Incident? open)
    {
        var now = clock.GetUtcNow();
        if (open is { QuietAt: { } quiet } && quiet + file.Get<MonitorSection>("monitor").CloseAfter < now)
        {
            await IncidentStore.CloseAsForgotten(tx, open, audit, events, now);
            open = null;
        }

        var incident = open is null ? await New(tx, endpoint, alarm, now) : Again(open, alarm, now);
        if (open is not null)
            await IncidentStore.Change(tx, incident);
        if (alarm.Window == 0 || Told.Contains(incident.Alarms) || incident.Alarms % 10_000 == 0)
            await IncidentStore.Tell(tx, incident, alarm.Key, "alarm", alarm.Text + (incident.Alarms > 3 ? $" It is alarm {incident.Alarms} of this incident." : ""), Who.Steward.Name, now, alarm.Detail);
        await Want(tx, file, alarm, incident, now, first: open is null);
        await audit.Write(tx, Who.Steward, "alarm.raised", endpoint.Project, $"{endpoint.Name}@{alarm.Version}", new { incident = incident.Number, window = alarm.Window, alarms = alarm.Kinds, figures = alarm.Audited });
        if (open is null)
        {
            if (file.Get<MonitorSection>("monitor").Drill)
                await IncidentStore.Tell(tx, incident, Entry.Drill, Entry.Drill, "This is a drill: the project file says so (monitor: drill).", Who.Steward.Name, now);
            await audit.Write(tx, Who.Steward, "incident.opened", endpoint.Project, $"incident {incident.Number}", new { endpoint = endpoint.Name, alarm.Version, incident.Summary });
        }

        return (incident, async () =>
        {
            if (open is null)
                await events.Publish(tx, new IncidentOpened(endpoint.Project, incident.Number, endpoint.Name, alarm.Version, incident.Summary));
            await events.Publish(tx, new AlarmRaised(endpoint.Project, endpoint.Name, alarm.Version, alarm.Window, incident.Number, alarm.Kinds));
        });
    }

    private static async Task<Incident> New(Tx tx, Endpoint endpoint, Raised alarm, DateTimeOffset now)
    {
        var made = new Incident(
            endpoint.Project, await IncidentStore.NextNumber(tx, endpoint.Project), endpoint.Name, endpoint.Model, alarm.Version, IncidentState.Open, alarm.Kinds, alarm.Summary,
            alarm.Since, now, now, 1, alarm.Answers, 1, 0, null, null, null, null);
        await IncidentStore.Add(tx, made);
        return made;
    }

    private static Incident Again(Incident open, Raised alarm, DateTimeOffset now) => open with
    {
        Version = Math.Max(open.Version, alarm.Version),
        State = IncidentState.Open,
        Kinds = [.. open.Kinds.Union(alarm.Kinds).Order()],
        LastAlarmAt = now,
        Alarms = open.Alarms + 1,
        Answers = open.Answers + alarm.Answers,
        Round = open.State is IncidentState.Quiet ? open.Round + 1 : open.Round,
        QuietWindows = 0,
        QuietAt = null,
    };

    /// <summary>Notes what the project file asks for; it is done after this is on the disk.</summary>
    private static async Task Want(Tx tx, ProjectFile file, Raised alarm, Incident incident, DateTimeOffset now, bool first)
    {
        var deeds = file.Deeds(alarm.Kinds);
        if (deeds.Any(deed => deed.BackOrAbstain))
            await DeedStore.Want(tx, Deed.Wanted(incident, DeedKind.BackOrAbstain, alarm.Version, now));
        if (deeds.Select(deed => deed.AskForLabels?.Batch ?? 0).DefaultIfEmpty(0).Max() is > 0 and var batch && !await DeedStore.Asked(tx, incident, alarm.Version))
            await DeedStore.Want(tx, Deed.Wanted(incident, DeedKind.AskForLabels, alarm.Version, now, batch));
        // A stopped release has gone back already: that is a deed, whatever the file says.
        if (first && !deeds.Any(deed => deed.BackOrAbstain || deed.AskForLabels is not null) && !alarm.Kinds.Contains(LoopWhen.CanaryAbort))
            await IncidentStore.Tell(tx, incident, "no_policy", "note", "The project file asks for nothing to be done by itself: see 'loop' in steward.yaml.", Who.Steward.Name, now);
    }
}
