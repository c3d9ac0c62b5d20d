using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>
/// Judges what people say about answers, so many at a time, in the order they said it. Only what they said by themselves
/// counts: answers that they were asked to name were chosen for being doubtful, and are wrong more often than the rest.
/// </summary>
internal sealed class FeedbackJudge(IRequestLog log, IEndpoints endpoints, References references, MistakeStore store, AlarmBook alarms, Db db, TimeProvider clock)
{
    private const int MostTelling = 6;

    /// <summary>Clocks of several servers differ: what was said later than this may still get an older neighbour.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    public async Task Judge(Project project, Endpoint endpoint, CancellationToken stop)
    {
        var settings = project.File.Get<MonitorSection>("monitor");
        if (!settings.Accuracy.Watch)
            return;
        foreach (var version in await log.Versions(endpoint.Name, stop))
            while (await Next(project, settings, endpoint, version, stop))
                stop.ThrowIfCancellationRequested();
    }

    private async Task<bool> Next(Project project, MonitorSection settings, Endpoint endpoint, int version, CancellationToken stop)
    {
        var before = await store.Last(endpoint.Name, version, settings.Pool, stop);
        var last = before.Count == 0 ? null : before[0];
        var told = await log.Told(endpoint.Name, version, last is null ? null : new(last.To, last.LastId), settings.Accuracy.Window, stop);
        if (told.Count < settings.Accuracy.Window || (told[^1].ToldAt > clock.GetUtcNow() - Settled && (await endpoints.Serving(endpoint.Name, stop)).Count > 1))
            return false;
        var reference = await references.Of(project.Name, endpoint.Model, version, stop);
        var wrong = told.Where(answer => answer.Right is false).ToList();
        var (batches, k, n, limit, p) = Mistakes.Judge(settings, reference.Wrong, reference.Rows, wrong.Count, told.Count, [.. before.TakeWhile(batch => !batch.Alarms).Select(batch => (batch.Wrong, batch.Answers))]);
        var judged = new Mistakes(
            project.Name, endpoint.Name, version, (last?.Number ?? 0) + 1, told.Min(answer => answer.At), told[^1].ToldAt!.Value, told.Count, wrong.Count, batches, k, n, limit, reference.Wrong, reference.Rows, p,
            [.. wrong.Where(answer => answer.Picture is not null).DistinctBy(answer => answer.Picture).Take(MostTelling).Select(answer => answer.Id)], null, clock.GetUtcNow()) { LastId = told[^1].Id };
        await Keep(project, endpoint, judged, stop);
        return true;
    }

    private Task Keep(Project project, Endpoint endpoint, Mistakes judged, CancellationToken stop) => db.Write(async tx =>
    {
        if (!await MistakeStore.Add(tx, judged) || !judged.Alarms)
            return;
        var alarm = new Raised(
            judged.Version, $"feedback:{judged.Version}:{judged.Number}", [LoopWhen.LowAccuracy], $"{judged.PooledWrong} of {judged.PooledAnswers} answers that people spoke about were wrong.",
            $"Feedback about {endpoint.Model}@{judged.Version}: {Phrases.Told(judged)}", judged.From, judged.Answers, judged.Number,
            new { judged.Endpoint, judged.Version, judged.Number, judged.From, judged.To, wrong = judged.PooledWrong, of = judged.PooledAnswers, judged.Limit, judged.ReferenceWrong, judged.ReferenceRows, judged.P, judged.Telling },
            new { wrong = judged.PooledWrong, of = judged.PooledAnswers, limit = judged.Limit });
        var (incident, tell) = await alarms.Raise(tx, project.File, endpoint, alarm, await IncidentStore.Open(tx, endpoint.Name));
        await MistakeStore.Belongs(tx, judged, incident.Number);
        await tell();
    }, stop);
}
