using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Models;

internal sealed class Promotions(Db db, PromotionStore store, Inspector inspector, IAudit audit, IEvents events, TimeProvider clock) : IPromotions
{
    public Task<Promotion?> Current(string project, string model, string alias, CancellationToken stop) => store.Current(project, model, alias, stop);

    public Task<List<Promotion>> All(string project, CancellationToken stop) => store.All(project, stop);

    public async Task<Promotion> Promote(Who who, string project, string model, int version, string alias, string? reason, long? expected, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        Names.Check("alias", alias);
        var why = reason is null ? "by hand" : Names.Text("reason", reason);
        var found = await inspector.Look(project, model, version, stop);
        if (alias == found.Policy.SignOff.Stage)
            found.DemandApproved();
        return await db.Write(tx => Move(tx, who, MoveKind.Promote, project, model, alias, version, why, expected), stop);
    }

    public async Task<Promotion> Back(Who who, string project, string model, string alias, string reason, long? expected, int? to, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var why = Names.Text("reason", reason);
        return await db.Write(async tx =>
        {
            var now = await PromotionStore.Current(tx, project, model, alias)
                ?? throw ProblemException.NotFound("promotion", $"{Names.Shorten(model)}@{Names.Shorten(alias)}", "Nothing serves under this alias yet.");
            var before = (to is { } wanted ? await PromotionStore.Was(tx, now, wanted) : await PromotionStore.Before(tx, now))
                ?? throw ProblemException.Conflict("no_way_back", $"No version of {model} served as {alias} before {model}@{now.Version}.", "Promote another version: steward model list");
            return await Move(tx, who, MoveKind.Back, project, model, alias, before, why, expected);
        }, stop);
    }

    public async Task<int?> WayBack(string project, string model, string alias, CancellationToken stop)
        => await store.Current(project, model, alias, stop) is { } now ? await store.Before(now, stop) : null;

    public Task<List<Move>> History(string project, string model, string? alias, int most, CancellationToken stop) => store.History(project, model, alias, most, stop);

    public async Task Acknowledge(string project, string model, string alias, string server, long epoch, CancellationToken stop)
        => await store.Acknowledge(project, model, alias, Names.Text("server", server, 200), epoch, clock.GetUtcNow(), stop);

    public Task<List<Acknowledgement>> Acknowledged(string project, string model, string alias, CancellationToken stop) => store.Acknowledged(project, model, alias, stop);

    /// <summary>The last approval promotes in its own transaction; the caller made sure of gates and people.</summary>
    internal Task<Promotion> Promote(Tx tx, Who who, SignOff approved)
        => Move(tx, who, MoveKind.Promote, approved.Project, approved.Model, approved.Asked.Stage, approved.Version, $"sign-off {approved.Number}", null);

    private async Task<Promotion> Move(Tx tx, Who who, MoveKind kind, string project, string model, string alias, int version, string reason, long? expected)
    {
        if (await VersionStore.Find(tx, project, model, version) is null)
            throw Inspector.NotFound(model, version);
        var now = await PromotionStore.Current(tx, project, model, alias);
        if (expected is { } seen && seen != (now?.Epoch ?? 0))
            throw Raced(model, alias, now);
        if (now?.Version == version)
            return now;
        var next = new Promotion(project, model, alias, version, (now?.Epoch ?? 0) + 1, who.Name, reason, clock.GetUtcNow());
        if (!await PromotionStore.Set(tx, next))
            throw Raced(model, alias, now);
        await PromotionStore.Keep(tx, new(project, model, alias, next.Epoch, kind, now?.Version, version, who.Name, reason, next.At));
        await audit.Write(tx, who, kind is MoveKind.Back ? "model.went_back" : "model.promoted", project, $"{model}@{version}", new { alias, next.Epoch, from = now?.Version, reason });
        await events.Publish(tx, new Promoted(project, model, alias, version, next.Epoch, reason));
        return next;
    }

    private static ProblemException Raced(string model, string alias, Promotion? now) => ProblemException.Conflict("promotion_raced",
        $"Somebody moved {model}@{alias} first{(now is null ? "" : $"; it was at epoch {now.Epoch}")}.", $"Look again: steward model show {model}@{alias}");
}
