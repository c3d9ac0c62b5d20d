using Steward.Identity;
using Steward.Models;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Reads what is on record about one version on its way to people: what it learned, how well, where it fails, who agreed, how it went out, and the way back.</summary>
internal sealed class ReleaseFacts(IModels models, ISignOffs signOffs, IPromotions promotions, IEndpoints endpoints, IReleases releases)
{
    public async Task<FactBook> Gather(string project, string? subject, CancellationToken stop)
    {
        var version = await Version(project, subject, stop);
        var all = new Recorder(project, "release", version.Name);
        VersionFacts.Add(all, "new", version);
        await SignOffFacts.Add(all, signOffs, promotions, version, stop);
        if (await Before(version, stop) is { } before)
        {
            VersionFacts.Add(all, "old", before);
            // Shares of other test pictures do not compare.
            all.Flag("same-test", before.Data == version.Data);
        }

        await Trial(all, version, stop);
        await Returned(all, version, stop);
        all.Flag("alone", !all.Has("back.to"));
        return all.Close();
    }

    /// <summary>That it was taken back, unless it came again later: told from the move of the alias alone, whoever moved it.</summary>
    private async Task Returned(Recorder all, ModelVersion version, CancellationToken stop)
    {
        var moves = await promotions.History(version.Project, version.Model, Promotion.Production, 1000, stop);
        if (moves.Find(move => move.Version == version.Version || move.From == version.Version) is not { Kind: MoveKind.Back } back || back.From != version.Version)
            return;
        var source = SignOffFacts.Alias(version, back.Epoch);
        all.Moment("returned", back.At, source).Number("returned.to", back.Version, source, back.At).Number("returned.epoch", back.Epoch, source, back.At).Flag("by-itself", back.By == Who.Steward.Name);
    }

    private async Task<ModelVersion> Version(string project, string? subject, CancellationToken stop)
    {
        if (subject is not null)
            return await models.Get(project, Reference.Parse("model", subject), stop);
        var newest = (await models.All(project, stop)).OrderByDescending(model => model.Newest.CreatedAt).FirstOrDefault();
        return newest is null
            ? throw ProblemException.NotFound("model version", "any", "Train one first: steward run train.")
            : newest.Newest;
    }

    private async Task<ModelVersion?> Before(ModelVersion version, CancellationToken stop)
    {
        var moves = await promotions.History(version.Project, version.Model, Promotion.Production, 1000, stop);
        var from = moves.Find(move => move.Version == version.Version && move.Kind is MoveKind.Promote)?.From
            ?? (await promotions.Current(version.Project, version.Model, Promotion.Production, stop))?.Version;
        return from is { } number && number != version.Version ? await models.Find(version.Project, new Reference(version.Model, number, null), stop) : null;
    }

    /// <summary>The release by share that brought it in, if there was one.</summary>
    private async Task Trial(Recorder all, ModelVersion version, CancellationToken stop)
    {
        foreach (var endpoint in (await endpoints.All(version.Project, stop)).Where(endpoint => endpoint.Model == version.Model))
        {
            var source = new Source("endpoint", endpoint.Name, $"/projects/{version.Project}/endpoints/{endpoint.Name}");
            all.Name("endpoint", endpoint.Name).Flag("serves", endpoint.LiveVersion == version.Version);
            if (await releases.Newest(endpoint.Name, stop) is not { } release || release.Version != version.Version)
                continue;
            var figures = await releases.Figures(release, stop);
            var (answers, failed) = (figures.Sum(step => step.Tried.Answers), figures.Sum(step => step.Tried.Failed));
            all.Share("trial.first", release.Plan.Shares[0] / 100, 0, source, release.StartedAt, "traffic")
                .Count("trial.steps", release.Plan.Shares.Count, source, release.StartedAt)
                .Count("trial.answers", answers, source, release.EndedAt ?? release.StepAt)
                .Count("trial.failed", failed, source, release.EndedAt ?? release.StepAt)
                .Number("trial.base", release.Base, source, release.StartedAt)
                .Flag("trial-finished", release.State is ReleaseState.Finished).Flag("trial-stopped", release.State is ReleaseState.Aborted);
        }
    }
}
