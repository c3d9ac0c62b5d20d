using Steward.Identity;

namespace Steward.Serving;

internal sealed class Releases(ReleaseStore store, ReleaseBook book, EndpointStore endpoints, Puller puller, TimeProvider clock) : IReleases
{
    public Task<Release?> Newest(string endpoint, CancellationToken stop) => store.Newest(endpoint, stop);

    public async Task<List<StepFigures>> Figures(Release release, CancellationToken stop)
    {
        var all = await store.Figures(release.Endpoint, release.Epoch, stop);
        return [.. Enumerable.Range(0, Math.Min(release.Step + 1, release.Plan.Shares.Count)).Select(step => new StepFigures(step, release.Plan.Shares[step], Side(step, release.Version), Side(step, release.Base)))];

        SideFigures Side(int step, int version) => (all.GetValueOrDefault((step, version)) ?? Tally.None).Side(version);
    }

    /// <summary>The newest release of an endpoint for people; null when there was none.</summary>
    public async Task<ReleaseView?> View(string endpoint, CancellationToken stop)
        => await store.Newest(endpoint, stop) is { } release ? new(release, release.Share, await Says(release, stop), await Figures(release, stop)) : null;

    /// <summary>How it stands, in a sentence.</summary>
    private async Task<string> Says(Release release, CancellationToken stop)
    {
        if (release.IsOver)
            return $"{(release.State is ReleaseState.Finished ? $"{release.Model}@{release.Version} serves everything." : $"Stopped; {release.Model}@{release.Base} serves everything.")} {release.Why}";
        var tried = (await store.Figures(release.Endpoint, release.Epoch, stop)).GetValueOrDefault((release.Step, release.Version)) ?? Tally.None;
        return ReleaseJudging.Of(release, tried, clock.GetUtcNow()) is { Why.Length: > 0 } verdict ? verdict.Why : "The step is over and is judged now.";
    }

    public Task<Release> Pause(Who who, string endpoint, string? reason, CancellationToken stop)
        => Steer(who, endpoint, release => book.Pause(who, release, string.IsNullOrWhiteSpace(reason) ? null : Names.Text("reason", reason), stop), stop);

    public Task<Release> Resume(Who who, string endpoint, CancellationToken stop) => Steer(who, endpoint, release => book.Resume(who, release, stop), stop);

    public Task<Release> Finish(Who who, string endpoint, string? reason, CancellationToken stop)
        => Steer(who, endpoint, release => book.Finish(who, release, string.IsNullOrWhiteSpace(reason) ? $"{who.Name} finished it." : Names.Text("reason", reason), stop), stop);

    public Task<Release> Abort(Who who, string endpoint, string reason, CancellationToken stop) => Steer(who, endpoint, async release =>
    {
        var aborted = await book.Abort(who, release, Names.Text("reason", reason), false, stop);
        if (aborted.State is ReleaseState.Aborted)
            await book.BringBack(who, aborted, stop);
        return aborted;
    }, stop);

    /// <summary>A person's deed, and this process follows it before they are answered.</summary>
    private async Task<Release> Steer(Who who, string name, Func<Release, Task<Release>> deed, CancellationToken stop)
    {
        var endpoint = await endpoints.Find(name, stop) ?? throw ProblemException.NotFound("endpoint", Names.Shorten(name), "steward endpoint list shows those of a project.");
        who.Demand(Permission.Edit, endpoint.Project);
        var release = await store.Newest(name, stop) ?? throw NoRelease(name);
        if (release.IsOver)
            throw ProblemException.Conflict("release_over", $"The release of {release.Model}@{release.Version} is over: {release.Why}", $"steward release show {name}");
        var next = await deed(release);
        await puller.Pull(stop);
        return next;
    }

    public static ProblemException NoRelease(string endpoint)
        => ProblemException.NotFound("release", Names.Shorten(endpoint), "A promotion starts one when steward.yaml says serve: {release: {canary: [5, 25, 100]}}.");
}
