using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Monitoring;

internal sealed class Incidents(Db db, IncidentStore store, WindowStore windows, IProjects projects, IAudit audit, IEvents events, TimeProvider clock) : IIncidents
{
    public Task<List<Incident>> All(string project, int most, CancellationToken stop) => store.All(project, Math.Clamp(most, 1, 1000), stop);

    public Task<Incident?> Find(string project, int number, CancellationToken stop) => store.Find(project, number, stop);

    public Task<List<Entry>> Timeline(string project, int number, CancellationToken stop) => store.Timeline(project, number, stop);

    public Task<List<Window>> Windows(string project, int number, int most, CancellationToken stop) => windows.OfIncident(project, number, Math.Clamp(most, 1, 1000), stop);

    public Task<List<Window>> Judged(string endpoint, int most, CancellationToken stop) => windows.Newest(endpoint, Math.Clamp(most, 1, 1000), stop);

    public Task<int> Waiting(string project, CancellationToken stop) => store.Waiting(project, stop);

    public async Task<Incident> Close(Who who, string project, int number, string cause, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var why = Names.Text("cause", cause);
        return await db.Write(async tx =>
        {
            var open = await IncidentStore.Find(tx, project, number) ?? throw NotFound(number);
            if (open.IsClosed)
                throw ProblemException.Conflict("incident_closed", $"Incident {number} was closed by {open.ClosedBy}: {open.Cause}", "A new alarm opens a new incident.");
            return await IncidentStore.Close(tx, open, who, why, audit, events, clock.GetUtcNow());
        }, stop);
    }

    /// <summary>Closes what has been quiet for long and nobody explained, and says exactly that.</summary>
    public async Task CloseForgotten(CancellationToken stop)
    {
        foreach (var quiet in await store.Quiet(stop))
            if (await projects.Find(quiet.Project, stop) is { } project && quiet.QuietAt + project.File.Get<MonitorSection>("monitor").CloseAfter < clock.GetUtcNow())
                await db.Write(async tx =>
                {
                    if (await IncidentStore.Find(tx, quiet.Project, quiet.Number) is { State: IncidentState.Quiet } still)
                        await IncidentStore.CloseAsForgotten(tx, still, audit, events, clock.GetUtcNow());
                }, stop);
    }

    public static ProblemException NotFound(int number) => ProblemException.NotFound("incident", $"{number}", "steward incident list shows those of the project.");
}
