using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>
/// Begins, moves and ends releases. Every change is a compare-and-set on the record, so several servers may judge the same
/// release: whoever comes first moves it, and all of them follow the record.
/// </summary>
internal sealed class ReleaseBook(ReleaseStore store, EndpointStore endpoints, IPromotions promotions, Db db, IAudit audit, IEvents events, TimeProvider clock)
{
    /// <summary>The release that brings in a promotion, begun now if the project file asks for one; null when it takes over at once.</summary>
    public async Task<Release?> For(Live live, Promotion wanted, CancellationToken stop)
    {
        if (await store.Find(live.Name, wanted.Epoch, stop) is { } known)
            return known;
        if (live.Settings.Release is not { } asked || await endpoints.Find(live.Name, stop) is not { LiveVersion: { } before } endpoint || before == wanted.Version || endpoint.Epoch >= wanted.Epoch)
            return null;
        // The way back is at once: it was served before.
        if ((await promotions.History(live.Project, live.Model, wanted.Alias, 20, stop)).Exists(move => move.Epoch == wanted.Epoch && move.Kind is MoveKind.Back))
            return null;
        await EndOlder(live, wanted, stop);
        var now = clock.GetUtcNow();
        var made = new Release(live.Name, live.Project, live.Model, wanted.Version, before, wanted.Epoch, endpoint.Epoch, asked.Plan(live.Settings.UnsureUnder), ReleaseState.Running, 0, now, now, null, wanted.By, null);
        await db.Write(async tx =>
        {
            if (!await ReleaseStore.Start(tx, made))
                return;
            await audit.Write(tx, Who.Steward, "release.started", made.Project, Subject(made), new { made.Epoch, before = made.Base, made.Plan.Shares, promotedBy = wanted.By });
            await events.Publish(tx, new ReleaseStarted(made.Project, made.Endpoint, made.Version, made.Base, made.Epoch, made.Share));
        }, stop);
        return await store.Find(live.Name, wanted.Epoch, stop);
    }

    /// <summary>A newer promotion ends what was on its way.</summary>
    public async Task EndOlder(Live live, Promotion wanted, CancellationToken stop)
    {
        foreach (var older in await store.Older(live.Name, wanted.Epoch, stop))
            await Abort(Who.Steward, older, wanted.Version == older.Base ? $"{wanted.Model}@{wanted.Version} serves again: {wanted.Reason}" : $"{wanted.Model}@{wanted.Version} was promoted meanwhile.", false, stop);
    }

    /// <summary>Judges the step by all servers' figures and moves on or stops. The release as it is then.</summary>
    public async Task<Release> Judge(Release release, CancellationToken stop)
    {
        var tried = (await store.Figures(release.Endpoint, release.Epoch, stop)).GetValueOrDefault((release.Step, release.Version)) ?? Tally.None;
        var verdict = ReleaseJudging.Of(release, tried, clock.GetUtcNow());
        return verdict.Then switch
        {
            Verdict.Kind.Abort => await Abort(Who.Steward, release, verdict.Why, true, stop),
            Verdict.Kind.Advance when release.Step + 1 < release.Plan.Shares.Count => await Move(Who.Steward, release, release with { Step = release.Step + 1, StepAt = clock.GetUtcNow(), Why = null }, "release.stepped", stop),
            Verdict.Kind.Advance => await Finish(Who.Steward, release, $"It held its limits in {Say.Count(release.Plan.Shares.Count, "step")}.", stop),
            _ => release,
        };
    }

    public Task<Release> Pause(Who who, Release release, string? reason, CancellationToken stop)
        => Move(who, release, release with { State = ReleaseState.Paused, Why = reason }, "release.paused", stop);

    public Task<Release> Resume(Who who, Release release, CancellationToken stop)
        => Move(who, release, release with { State = ReleaseState.Running, Why = null }, "release.resumed", stop);

    public Task<Release> Finish(Who who, Release release, string why, CancellationToken stop)
        => End(who, release, release with { State = ReleaseState.Finished, EndedAt = clock.GetUtcNow(), Why = why }, false, stop);

    /// <summary>0 % from now on. The alias is brought back by whoever serves: see <see cref="BringBack"/>.</summary>
    public Task<Release> Abort(Who who, Release release, string why, bool byItself, CancellationToken stop)
        => End(who, release, release with { State = ReleaseState.Aborted, EndedAt = clock.GetUtcNow(), Why = why }, byItself, stop);

    /// <summary>Points the alias to the version before, unless somebody moved it meanwhile. May be repeated after a crash.</summary>
    public async Task BringBack(Who who, Release aborted, CancellationToken stop)
    {
        try
        {
            await promotions.Back(who, aborted.Project, aborted.Model, Promotion.Production, Names.Shorten($"release stopped: {aborted.Why}", 480), aborted.Epoch, aborted.Base, stop);
        }
        catch (ProblemException raced) when (raced.Code == "promotion_raced")
        {
            // another server did it, or a person moved on: the record that stands now is followed
        }
    }

    private async Task<Release> End(Who who, Release was, Release next, bool byItself, CancellationToken stop)
    {
        var answers = (await store.Figures(was.Endpoint, was.Epoch, stop)).Where(pair => pair.Key.Version == was.Version).Sum(pair => pair.Value.Answers);
        var finished = next.State is ReleaseState.Finished;
        return await Move(who, was, next, finished ? "release.finished" : "release.aborted", stop,
            tx => events.Publish(tx, new ReleaseEnded(was.Project, was.Endpoint, was.Model, was.Version, was.Base, was.Epoch, finished, byItself, was.Share, answers, next.Why!, was.StartedAt)));
    }

    private async Task<Release> Move(Who who, Release was, Release next, string action, CancellationToken stop, Func<Tx, Task>? tell = null)
    {
        next = next with { By = who.Name };
        await db.Write(async tx =>
        {
            if (!await ReleaseStore.Change(tx, was, next))
                return;
            await audit.Write(tx, who, action, was.Project, Subject(was), new { was.Epoch, from = was.Share, to = next.Share, step = next.Step + 1, why = next.Why });
            if (tell is not null)
                await tell(tx);
        }, stop);
        return (await store.Find(was.Endpoint, was.Epoch, stop))!;
    }

    private static string Subject(Release release) => $"{release.Endpoint}@{release.Version}";
}
