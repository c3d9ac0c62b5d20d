using Steward.Projects;
using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>
/// Cuts windows out of the log, each from where the version's last one ended, and judges them. The place in the log and
/// the window are kept in one transaction, so every answer is judged exactly once, also after a kill.
/// </summary>
internal sealed class WindowJudge(IRequestLog log, IEndpoints endpoints, References references, WindowStore windows, IncidentStore incidents, WindowKeeper keeper, TimeProvider clock)
{
    /// <summary>Clocks of several servers differ: a row that is younger than this may still get an older neighbour.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    public async Task Judge(Project project, Endpoint endpoint, CancellationToken stop)
    {
        var settings = project.File.Get<MonitorSection>("monitor");
        foreach (var version in await log.Versions(endpoint.Name, stop))
            while (await Next(project, settings, endpoint, version, stop))
                stop.ThrowIfCancellationRequested();
    }

    /// <summary>Judges the version's next window. False when too little waits.</summary>
    private async Task<bool> Next(Project project, MonitorSection settings, Endpoint endpoint, int version, CancellationToken stop)
    {
        var watch = await windows.Watch(endpoint.Name, version, stop);
        var now = clock.GetUtcNow();
        var tail = await log.Waiting(endpoint.Name, version, watch.Last, settings.Window, stop);
        if (tail.Count == 0 || (tail.Count < settings.Window && tail.Oldest > now - settings.Patience))
            return false;
        var answers = await log.Since(endpoint.Name, version, watch.Last, settings.Window, stop);
        if (answers.Count == 0 || (answers[^1].At > now - Settled && (await endpoints.Serving(endpoint.Name, stop)).Count > 1))
            return false;

        var reference = await references.Of(project.Name, endpoint.Model, version, stop);
        var last = await incidents.Last(endpoint.Name, stop);
        var learns = await Learns(settings, endpoint, version, reference, watch, last, answers[0].At, stop);
        var normal = watch.Normal ?? (learns ? await LearnNormal(settings, endpoint, version, last!, stop) : null);
        var judged = Judging.Of(settings, reference, normal is { } kept ? await references.NewNormal(kept, stop) : null, answers, await Earlier(settings, endpoint, version, stop));
        LoopWhen[] alarms = [.. Judging.Alarms(judged)];
        // Unlike the test split, but sure: of a version that just learned a new world that is no news.
        var news = alarms.Except([LoopWhen.Drift, LoopWhen.ClassShare]).Any();
        var state = alarms.Length > 0 && !news && learns && normal is null ? WindowState.Learning
            : alarms.Length > 0 ? WindowState.Alarm
            : reference.Confidences.Count == 0 && judged.Drift is null && judged.Kinds is null ? WindowState.Unjudged : WindowState.Quiet;
        var window = new Window(
            project.Name, endpoint.Name, version, watch.Windows + 1, answers[0].At, answers[^1].At, answers.Count, state,
            state is WindowState.Alarm ? alarms : [], judged.Unsure, judged.Drift, null, state is WindowState.Learning ? "Sure, but unlike its test split: pictures like these were named by people, and this version learned them." : judged.Note, now)
        {
            Before = watch.Last,
            Last = answers[^1].Mark,
            Kinds = judged.Kinds,
            Telling = state is WindowState.Alarm ? [.. Judging.Telling(reference, judged, answers)] : [],
        };
        await keeper.Keep(project.File, settings, endpoint, window, stop);
        return true;
    }

    /// <summary>The windows before, the newest first, as far back as none was unusual by itself: a burst that is over must not stain what follows.</summary>
    private async Task<List<IReadOnlyList<Prediction>>> Earlier(MonitorSection settings, Endpoint endpoint, int version, CancellationToken stop)
    {
        var earlier = new List<IReadOnlyList<Prediction>>();
        foreach (var one in Enumerable.Reverse(await windows.Last(endpoint.Name, version, settings.Pool - 1, stop)).TakeWhile(one => !one.AlarmsAlone))
            earlier.Add(await log.Of(one, stop));
        return earlier;
    }

    /// <summary>
    /// A version that is newer than an incident, and learned from newer data, brings a test split in which the new world
    /// is still rare. Drift alone is then no news; doubt is.
    /// </summary>
    private async Task<bool> Learns(MonitorSection settings, Endpoint endpoint, int version, VersionReference reference, Watch watch, Incident? last, DateTimeOffset from, CancellationToken stop)
        => watch.Normal is null && last is not null && version > last.Version && (last.ClosedAt is not { } closed || closed + settings.CloseAfter > from)
            && (await references.Of(endpoint.Project, endpoint.Model, last.Version, stop)).Data != reference.Data;

    /// <summary>Takes the version's last windows for what is normal now, once there are enough of them and none alarmed.</summary>
    private async Task<Digest?> LearnNormal(MonitorSection settings, Endpoint endpoint, int version, Incident incident, CancellationToken stop)
    {
        var needed = Math.Max(settings.QuietAfter, (int)Math.Ceiling((double)EmbeddingDrift.FewestReferenceRows / settings.Window));
        var recent = await windows.Last(endpoint.Name, version, needed, stop);
        if (recent.Count < needed || recent.Exists(one => one.State is not (WindowState.Quiet or WindowState.Learning)) || recent[^1].State is not WindowState.Learning)
            return null;
        var answers = await log.Since(endpoint.Name, version, recent[0].Before, Math.Min(1000, recent.Sum(one => one.Answers)), stop);
        var rows = answers.Where(answer => answer.Embedding is { } embedding && Array.TrueForAll(embedding, float.IsFinite)).Select(answer => answer.Embedding!).ToList();
        if (rows.Count < EmbeddingDrift.FewestReferenceRows)
            return null;
        var fit = References.Fit(rows, Digest.Of($"{endpoint.Name}@{version}"));
        var kept = await references.Keep(new(fit, answers.CountBy(answer => answer.Label, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)), stop);
        await keeper.Learned(endpoint, version, incident, kept, rows.Count, stop);
        return kept;
    }
}
