using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Serving;

internal sealed class Endpoints(EndpointStore store, Fleet fleet, Puller puller, ReleaseStore releases, Releases steering, Rescoring rescoring, IPromotions promotions, IProjects projects, Db db, IAudit audit, IEvents events) : IEndpoints
{
    public Task<Endpoint?> Find(string name, CancellationToken stop) => store.Find(name, stop);

    public Task<List<Endpoint>> All(string project, CancellationToken stop) => store.All(project, stop);

    public Task<List<NodeServing>> Serving(string name, CancellationToken stop) => store.Serving(name, stop);

    public bool IsWatched(string name)
    {
        if (fleet.Find(name)?.Enter() is not { } model)
            return true;
        var watched = model.Classes is not null;
        model.Leave();
        return watched;
    }

    public async Task<Endpoint> Rollback(Who who, string name, string reason, CancellationToken stop)
    {
        var endpoint = await Get(name, stop);
        who.Demand(Permission.Edit, endpoint.Project);
        if (await releases.Newest(name, stop) is { IsOver: false })
        {
            await steering.Abort(who, name, reason, stop);
            return await Get(name, stop);
        }

        await promotions.Back(who, endpoint.Project, endpoint.Model, Promotion.Production, Names.Text("reason", reason), endpoint.Epoch == 0 ? null : endpoint.Epoch, await WayBack(endpoint, stop), stop);
        // The event would bring it, too; whoever asked wants to see it served.
        await puller.Pull(stop);
        return await Get(name, stop);
    }

    public async Task<int?> WayBack(Endpoint endpoint, CancellationToken stop) => await releases.Newest(endpoint.Name, stop) switch
    {
        { IsOver: false } => null,
        // A promotion that another overtook on its way is in the history of the alias, but it never served everything.
        { State: ReleaseState.Finished } finished when finished.Epoch == endpoint.Epoch => finished.Base,
        _ => await promotions.WayBack(endpoint.Project, endpoint.Model, stop: stop),
    };

    public async Task<Endpoint> AbstainUnder(Who who, string name, double? threshold, string reason, CancellationToken stop)
    {
        var endpoint = await Get(name, stop);
        who.Demand(Permission.Edit, endpoint.Project);
        if (threshold is { } value && value is not (> 0 and <= 1))
            throw ProblemException.Invalid("threshold_invalid", "A confidence threshold is above 0 and at most 1.", "Choose 0.6, for example, or none.");
        await db.Write(async tx =>
        {
            await store.AbstainUnder(tx, name, threshold);
            await audit.Write(tx, who, threshold is null ? "endpoint.answers_all" : "endpoint.abstains", endpoint.Project, name, new { under = threshold, reason = Names.Text("reason", reason) });
            await events.Publish(tx, new EndpointAbstains(endpoint.Project, name, threshold, reason));
        }, stop);
        if (fleet.Find(name) is { } live)
            live.AbstainUnder = threshold;
        return await Get(name, stop);
    }

    public async Task<IReadOnlyList<Scored?>> Score(string name, int version, IReadOnlyList<Digest> pictures, CancellationToken stop)
    {
        var endpoint = await Get(name, stop);
        return await rescoring.Score(name, endpoint.Project, endpoint.Model, version, pictures, stop);
    }

    public Task<IReadOnlyList<Scored?>> Score(string project, string model, int version, IReadOnlyList<Digest> pictures, CancellationToken stop) => rescoring.Score(null, project, model, version, pictures, stop);

    /// <summary>Why a project's file names an endpoint that it does not have; null when all is well.</summary>
    public async Task<string?> Trouble(string project, CancellationToken stop)
    {
        if (await projects.Find(project, stop) is not { } found)
            return null;
        var section = found.File.Get<ServeSection>("serve");
        foreach (var name in section.Endpoints.Keys.Append(section.Endpoint).OfType<string>())
            if (await store.Find(name, stop) is { } taken && taken.Project != project)
                return $"The endpoint name '{name}' belongs to another project: choose another one under 'serve'.";
        return null;
    }

    /// <summary>Throws <c>endpoint_not_found</c>.</summary>
    private async Task<Endpoint> Get(string name, CancellationToken stop)
        => await store.Find(name, stop) ?? throw ProblemException.NotFound("endpoint", Names.Shorten(name), "steward endpoint list shows those of a project.");
}
