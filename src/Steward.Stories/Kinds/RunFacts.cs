using Steward.Models;
using Steward.Tracking;

namespace Steward.Stories;

/// <summary>Reads one training: what it learned from, how it got better, what it scored on pictures it had not seen.</summary>
internal sealed class RunFacts(IRuns runs, IModels models)
{
    private const int MostPoints = 40;

    public async Task<FactBook> Gather(string project, string kind, string? subject, CancellationToken stop)
    {
        var run = await Find(project, subject, stop);
        var study = new Study(run, await runs.Children(run.Id, stop));
        var all = new Recorder(project, kind, run.Id);
        var source = new Source("run", run.Name, $"/projects/{project}/runs/{run.Id}");
        all.Name("run", run.Name).Name("data", run.Data).Moment("started", run.StartedAt, source).Flag("finished", run.Status is RunStatus.Finished);
        if (run.Took is { } took)
            all.Took("took", took, source, run.EndedAt!.Value);
        var best = study.Best ?? run;
        all.Name("best", best.Name);
        Measured.Add(all, "", best.Metrics, best.Data, new("run", best.Name, $"/projects/{project}/runs/{best.Id}"), best.EndedAt ?? best.StartedAt);
        await Curve(all, study, best, project, stop);
        Tunes(all, study, source);
        if (await Made(project, best, stop) is { } version)
            VersionFacts.Add(all, "new", version);
        return all.Close();
    }

    private async Task<Run> Find(string project, string? subject, CancellationToken stop)
    {
        if (subject is not null)
            return await runs.Find(subject, stop) is { } run && run.Project == project
                ? run
                : throw ProblemException.NotFound("run", Names.Shorten(subject), "steward runs list shows those of the project.");
        return (await runs.Newest(project, stop: stop)).Find(run => run.Status is RunStatus.Finished)
            ?? throw ProblemException.NotFound("run", "finished", "Train first: steward run train.");
    }

    /// <summary>How the score on the pictures kept aside went up, walk by walk.</summary>
    private async Task Curve(Recorder all, Study study, Run best, string project, CancellationToken stop)
    {
        if (study.Primary is not { } primary)
            return;
        var source = new Source("run", best.Name, $"/projects/{project}/runs/{best.Id}");
        foreach (var (id, key) in new[] { ("curve", Split(primary.Metric, "accuracy")), ("curve.score", primary.Metric) })
        {
            var points = (await runs.MetricsOf(best.Id, key, stop)).GroupBy(point => point.Step).Select(step => step.Last()).OrderBy(point => point.Step).ToList();
            if (points.Count < 2)
                continue;
            var every = Math.Max(1, points.Count / MostPoints);
            var kept = points.Where((point, i) => i % every == 0 || i == points.Count - 1).ToList();
            all.Line(new FactSeries(id, [.. kept.Select(point => (double)point.Step)], [.. kept.Select(point => point.Value)], id == "curve" ? Unit.Share : Unit.Score, Moments: false, source));
            if (id == "curve")
                all.Count("walks", points.Count, source, best.EndedAt ?? best.StartedAt)
                    .Share("first", points[0].Value, (long)best.Metrics.GetValueOrDefault("valid.n"), source, points[0].At ?? best.StartedAt, "aside")
                    .Share("last", points[^1].Value, (long)best.Metrics.GetValueOrDefault("valid.n"), source, points[^1].At ?? best.StartedAt, "aside");
        }
    }

    private static string Split(string metric, string name) => metric.Contains('.', StringComparison.Ordinal) ? $"{metric[..metric.IndexOf('.', StringComparison.Ordinal)]}.{name}" : name;

    private static void Tunes(Recorder all, Study study, Source source)
    {
        if (study.Tunes.Count == 0 || study.Primary is not { } primary)
            return;
        var ranked = study.Ranked.Where(tune => primary.In(tune) is not null).ToList();
        all.Count("tunes", study.Tunes.Count, source, study.Run.StartedAt).Count("tunes.tried", study.Differing.Count, source, study.Run.StartedAt);
        if (ranked.Count < 2)
            return;
        var aside = Split(primary.Metric, "accuracy");
        var shares = ranked.Where(tune => tune.Metrics.ContainsKey(aside)).ToList();
        all.Line(new FactSeries("field", [.. ranked.Select((_, i) => (double)i)], [.. ranked.Select(tune => primary.In(tune)!.Value)], Unit.Score, Moments: false, source) { Names = [.. ranked.Select(tune => tune.Name)] })
            .Name("second", ranked[1].Name)
            .Score("best.score", primary.In(ranked[0])!.Value, (long)ranked[0].Metrics.GetValueOrDefault("valid.n"), source, study.Run.StartedAt, "aside")
            .Score("second.score", primary.In(ranked[1])!.Value, (long)ranked[1].Metrics.GetValueOrDefault("valid.n"), source, study.Run.StartedAt, "aside")
            .Score("last.score", primary.In(ranked[^1])!.Value, (long)ranked[^1].Metrics.GetValueOrDefault("valid.n"), source, study.Run.StartedAt, "aside")
            .Name("last", ranked[^1].Name);
        if (shares.Count < 2)
            return;
        foreach (var (id, tune) in new[] { ("best.right", ranked[0]), ("second.right", ranked[1]), ("last.right", ranked[^1]) })
            if (tune.Metrics.TryGetValue(aside, out var share))
                all.Share(id, share, (long)tune.Metrics.GetValueOrDefault("valid.n"), source, tune.EndedAt ?? tune.StartedAt, "aside");
    }

    /// <summary>The version that this run became, if any.</summary>
    private async Task<ModelVersion?> Made(string project, Run best, CancellationToken stop)
    {
        foreach (var model in await models.All(project, stop))
            if ((await models.Versions(project, model.Name, stop)).Find(version => version.Run == best.Id) is { } version)
                return version;
        return null;
    }
}
