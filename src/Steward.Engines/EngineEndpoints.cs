using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Engines;

internal static class EngineEndpoints
{
    public static void MapEngines(this IEndpointRouteBuilder routes)
    {
        var engines = routes.MapGroup("/api/engines").WithTags("Engines");
        engines.MapGet("", (IExecutors all) => all.All.Select(one => new EngineView(one.Name, one.Kind)).ToList()).Needs(Permission.SignedIn);
        // It takes a place on the cluster, if only for a moment.
        engines.MapPost("/{name}/test", (string name, IExecutors all, Db db, IAudit audit, Who who, TimeProvider clock, CancellationToken stop) => Test(all.Get(name), null, db, audit, who, clock, stop)).Needs(Permission.AdministerServer);
        engines.MapPost("/{name}/pin", Pin).Needs(Permission.AdministerServer);

        var own = routes.MapGroup("/api/projects/{project}/engines").WithTags("Engines");
        own.MapGet("", async (string project, IExecutors all, CancellationToken stop) => (await all.Of(project, stop)).Select(one => new EngineView(one.Name, one.Kind)).ToList()).Needs(Permission.Read);
        own.MapPost("/{name}/test", (string project, string name, IExecutors all, Db db, IAudit audit, Who who, TimeProvider clock, CancellationToken stop) => Test(Own(all, name, project), project, db, audit, who, clock, stop)).Needs(Permission.Administer);
    }

    /// <summary>Looks up anew what an engine's settings call latest. Jobs that run keep what they have.</summary>
    private static async Task<EnginePin> Pin(string name, IExecutors all, Db db, IAudit audit, Who who, CancellationToken stop)
    {
        var engine = all.Get(name) as IPinned ?? throw ProblemException.Invalid("nothing_to_pin", $"The engine '{name}' ({all.Get(name).Kind}) has no setting that is looked up.", "Only the runtime of a databricks engine is.");
        var pin = await engine.Pin(stop);
        await db.Write(tx => audit.Write(tx, who, "engine.pinned", null, name, new { pin.Asked, pin.Exact }), stop);
        return pin;
    }

    /// <summary>The server's own are its administrator's to test.</summary>
    private static IExecutor Own(IExecutors all, string name, string project) => all.Get(name, project) is var found && !all.All.Contains(found)
        ? found
        : throw ProblemException.Denied($"The engine '{found.Name}' is the server's, not the project's.", $"steward engine test {found.Name}, by who administers the server.");

    /// <summary>Asks an engine how it is, and runs <c>true</c> through it: submitted, placed, done and its log read.</summary>
    private static async Task<EngineReport> Test(IExecutor engine, string? project, Db db, IAudit audit, Who who, TimeProvider clock, CancellationToken stop)
    {
        var report = await EngineTest.Run(engine, clock, stop);
        await db.Write(tx => audit.Write(tx, who, "engine.tested", project, engine.Name, new { report.Works, report.Problem }), stop);
        return report;
    }
}

/// <param name="Kind"><c>process</c>, <c>slurm</c>, <c>kubernetes</c>, <c>databricks</c>, <c>agent</c>.</param>
public sealed record EngineView(string Name, string Kind);
