using Steward.Audit;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Counts the requests of each endpoint over windows by the clock, once they are over, and alarms when there are too few or too many.</summary>
internal sealed class VolumeJudge(IRequestLog log, VolumeStore store, AlarmBook alarms, IAudit audit, Db db, TimeProvider clock)
{
    /// <summary>After a long time away only so many windows are judged: nobody needs the rest.</summary>
    private const int MostLate = 48;

    /// <summary>Answers are written a moment after they were given, and clocks of several servers differ.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    public async Task Judge(Project project, Endpoint endpoint, CancellationToken stop)
    {
        var settings = project.File.Get<MonitorSection>("monitor");
        var (volume, now) = (settings.Volume, clock.GetUtcNow());
        var from = await store.From(endpoint.Name, stop);
        if (!volume.Watches || endpoint.LiveVersion is not { } version)
        {
            if (from is not null)
                await store.Forget(endpoint.Name, stop);
            return;
        }

        if (from is not { } next)
        {
            // The window that is under way was not watched whole.
            await store.Begin(project.Name, endpoint.Name, Up(now, volume.Window), stop);
            return;
        }

        next = Up(next > now - (MostLate * volume.Window) ? next : now - (MostLate * volume.Window), volume.Window);
        for (; next + volume.Window + Settled <= now; next += volume.Window)
        {
            var to = next + volume.Window;
            var judged = new Volume(project.Name, endpoint.Name, next, to, await log.Count(endpoint.Name, next, to, stop), volume.AtLeast, volume.AtMost, null, now);
            await Keep(project.File, settings, endpoint, version, judged, stop);
        }
    }

    private Task Keep(ProjectFile file, MonitorSection settings, Endpoint endpoint, int version, Volume judged, CancellationToken stop) => db.Write(async tx =>
    {
        if (!await VolumeStore.Add(tx, judged))
            return;
        var open = await IncidentStore.Open(tx, endpoint.Name);
        if (!judged.Alarms)
        {
            if (open is { State: IncidentState.Open } && open.IsOfVolume)
                await Calm(tx, settings, open, judged);
            return;
        }

        var alarm = new Raised(
            version, $"volume:{judged.From.ToUnixTimeSeconds()}", [LoopWhen.Volume], judged.Words, $"From {judged.From:yyyy-MM-dd HH:mm} to {judged.To:yyyy-MM-dd HH:mm} UTC {char.ToLowerInvariant(judged.Words[0])}{judged.Words[1..]}",
            judged.From, (int)Math.Min(int.MaxValue, judged.Requests), judged.Number,
            new { judged.Endpoint, version, judged.From, judged.To, judged.Requests, judged.AtLeast, judged.AtMost },
            new { requests = judged.Requests, atLeast = judged.AtLeast, atMost = judged.AtMost });
        var (incident, tell) = await alarms.Raise(tx, file, endpoint, alarm, open);
        await VolumeStore.Belongs(tx, judged, incident.Number);
        await tell();
    }, stop);

    private async Task Calm(Tx tx, MonitorSection settings, Incident open, Volume judged)
    {
        var now = clock.GetUtcNow();
        var calm = open with { QuietWindows = open.QuietWindows + 1 };
        if (calm.QuietWindows >= settings.QuietAfter)
        {
            calm = calm with { State = IncidentState.Quiet, QuietAt = now };
            await IncidentStore.Tell(tx, calm, $"quiet:{calm.Round}", "quiet",
                $"Quiet again: {Say.Count(calm.QuietWindows, "window")} in a row with as many requests as expected, {Say.Count(judged.Requests, "request")} in the last. Somebody should say what it was.", Who.Steward.Name, now, new { windows = calm.QuietWindows, judged.Requests });
            await audit.Write(tx, Who.Steward, "incident.quiet", open.Project, $"incident {calm.Number}", new { windows = calm.QuietWindows });
        }

        await IncidentStore.Change(tx, calm);
    }

    private static DateTimeOffset Up(DateTimeOffset at, TimeSpan window) => new((at.UtcTicks + window.Ticks - 1) / window.Ticks * window.Ticks, TimeSpan.Zero);
}
