using Steward.Data;
using Steward.Models;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>
/// The figures of an explanation: the project's own where they are on record, else an example that is marked as one among
/// the sources. How many copies run is on no record yet that outlives a process, so that one is an example.
/// </summary>
internal sealed class OwnFigures(IProjects projects, IModels models, IPromotions promotions, IDataSets data, IEndpoints endpoints, IRequestLog log, IIncidents incidents)
{
    /// <summary>A house or a box of more than this cannot be drawn so that a child can count it.</summary>
    private const int MostDrawn = 6;

    /// <summary>Fewer answers than this say nothing about how often.</summary>
    private const int FewestAnswers = 20, MostAnswers = 1000;

    public async Task<FactBook> Gather(string project, string topic, CancellationToken stop)
    {
        var file = (await projects.Get(project, stop)).File;
        var changed = (await projects.Get(project, stop)).ChangedAt;
        var all = Examples.Of(project, topic);
        var version = await Newest(project, stop);
        if (version is not null)
            all.Number("new.version", version.Version, VersionFacts.Source(version), version.CreatedAt).Name("model", version.Model);
        await Kinds(all, project, version, stop);
        var page = new Source("project", "steward.yaml", $"/projects/{project}/settings");
        switch (topic)
        {
            case "container" when version is not null && version.Artifacts.Count + 1 <= MostDrawn:
                all.Count("things", version.Artifacts.Count + 1, VersionFacts.Source(version), version.CreatedAt);
                break;
            case "supervised" or "unsupervised":
                await Pictures(all, project, stop);
                break;
            case "drift":
                await Limit(all, project, file, page, changed, stop);
                break;
            case "active-learning" when Batch(file) is { } batch:
                all.Count("asked", batch, page, changed);
                break;
            case "canary" when file.Get<ServeSection>("serve").Release is { } release && release.Canary[0] is >= 1 and <= 50:
                all.Share("share", release.Canary[0] / 100, 0, page, changed, "traffic");
                break;
            case "sign-off" when file.Get<SignOffSection>("signoff").Parties.Count is > 0 and <= MostDrawn and var parties:
                all.Count("parties", parties, page, changed);
                break;
            case "overfitting" when version is not null:
                Gap(all, version);
                break;
            case "confidence":
                await Sure(all, project, file, stop);
                break;
        }

        return all.Close();
    }

    /// <summary>The version that serves, else the newest one.</summary>
    private async Task<ModelVersion?> Newest(string project, CancellationToken stop)
    {
        var newest = default(ModelVersion);
        foreach (var model in await models.All(project, stop))
        {
            if (await promotions.Current(project, model.Name, Promotion.Production, stop) is { } serves && await models.Find(project, new Reference(model.Name, serves.Version, null), stop) is { } serving)
                return serving;
            newest = (await models.Versions(project, model.Name, stop)).Append(newest).OfType<ModelVersion>().MaxBy(version => version.CreatedAt);
        }

        return newest;
    }

    /// <summary>What the pictures of the project show. Without any they are fruit.</summary>
    private async Task Kinds(Recorder all, string project, ModelVersion? version, CancellationToken stop)
    {
        var kinds = version is null ? [] : version.Metrics.Keys.Where(key => key.StartsWith("test.recall.", StringComparison.Ordinal)).Select(key => key["test.recall.".Length..]).ToList();
        if (kinds.Count == 0 && await NewestData(project, stop) is { } snapshot)
            kinds = [.. (await data.Items(snapshot, stop)).Where(item => item.IsNamed).Select(item => item.Label).Distinct()];
        if (kinds.Count < 3)
            return;
        foreach (var (kind, place) in kinds.Order(StringComparer.Ordinal).Take(3).Select((kind, i) => (kind, i + 1)))
            all.Name($"kind.{place}", kind);
    }

    private async Task<Snapshot?> NewestData(string project, CancellationToken stop) => (await data.All(project, stop)).MaxBy(one => one.At);

    private async Task Pictures(Recorder all, string project, CancellationToken stop)
    {
        if (await NewestData(project, stop) is not { } snapshot)
            return;
        var items = await data.Items(snapshot, stop);
        var source = new Source("snapshot", snapshot.Reference, $"/projects/{project}/data/{snapshot.DataSet}");
        if (items.Count(item => item.IsNamed) is > 0 and var named)
            all.Count("named", named, source, snapshot.At);
        if (items.Count > 0)
            all.Count("pictures", items.Count, source, snapshot.At);
    }

    /// <summary>The limit under which the newest window was judged, else the size of the windows to come.</summary>
    private async Task Limit(Recorder all, string project, ProjectFile file, Source page, DateTimeOffset changed, CancellationToken stop)
    {
        foreach (var endpoint in await endpoints.All(project, stop))
            if ((await incidents.Judged(endpoint.Name, 1, stop)).FirstOrDefault() is { Unsure: { Limit: { } limit, Windows: 1 } unsure } window)
            {
                var source = new Source("window", $"windows of {endpoint.Name}", $"/projects/{project}/monitor/{endpoint.Name}");
                all.Count("limit", limit, source, window.JudgedAt).Count("window", unsure.Of, source, window.JudgedAt);
                return;
            }

        if (file.Has("monitor") && file.Get<MonitorSection>("monitor").Window is var size && size >= Examples.Limit * 2)
            all.Count("window", size, page, changed);
    }

    private static int? Batch(ProjectFile file) => file.Loop().SelectMany(rule => rule.Then).Select(deed => deed.AskForLabels?.Batch).FirstOrDefault(batch => batch is not null);

    /// <summary>Where a trainer says how it did on what it learned from, both ends of the gap are the project's own.</summary>
    private static void Gap(Recorder all, ModelVersion version)
    {
        if (!version.Metrics.TryGetValue("train.accuracy", out var train) || !version.Metrics.TryGetValue("test.accuracy", out var test))
            return;
        var (source, at) = (VersionFacts.Source(version), version.CheckedAt ?? version.CreatedAt);
        all.Share("train", train, (long)version.Metrics.GetValueOrDefault("train.n"), source, at, "book")
            .Share("test", test, (long)version.Metrics.GetValueOrDefault("test.n"), source, at, "new");
    }

    /// <summary>How often the endpoint was sure, and how often people said that a sure answer was right.</summary>
    private async Task Sure(Recorder all, string project, ProjectFile file, CancellationToken stop)
    {
        var under = file.Get<MonitorSection>("monitor").Confidence.Threshold;
        foreach (var endpoint in await endpoints.All(project, stop))
        {
            var newest = await log.Newest(endpoint.Name, MostAnswers, null, stop);
            if (newest.Count < FewestAnswers)
                continue;
            var source = new Source("endpoint", endpoint.Name, $"/projects/{project}/endpoints/{endpoint.Name}");
            var sure = newest.Where(answer => answer.Confidence >= under).ToList();
            all.Share("sure", (double)sure.Count / newest.Count, newest.Count, source, newest.Max(answer => answer.At), "answers");
            var told = sure.Where(answer => answer is { How: ToldHow.Feedback, Right: not null }).ToList();
            if (told.Count >= FewestAnswers)
                all.Share("right", (double)told.Count(answer => answer.Right is true) / told.Count, told.Count, source, told.Max(answer => answer.At), "sure-told");
            return;
        }
    }
}
