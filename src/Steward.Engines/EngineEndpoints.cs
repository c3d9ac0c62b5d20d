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
        engines.MapPost("/{name}/test", Test).Needs(Permission.AdministerServer);
        engines.MapPost("/{name}/pin", Pin).Needs(Permission.AdministerServer);
    }

    /// <summary>Looks up anew what an engine's settings call latest. Jobs that run keep what they have.</summary>
    private static async Task<EnginePin> Pin(string name, IExecutors all, Db db, IAudit audit, Who who, CancellationToken stop)
    {
        var engine = all.Get(name) as IPinned ?? throw ProblemException.Invalid("nothing_to_pin", $"The engine '{name}' ({all.Get(name).Kind}) has no setting that is looked up.", "Only the runtime of a databricks engine is.");
        var pin = await engine.Pin(stop);
        await db.Write(tx => audit.Write(tx, who, "engine.pinned", null, name, new { pin.Asked, pin.Exact }), stop);
        return pin;
    }

    /// <summary>Asks an engine how it is, and runs <c>true</c> through it: submitted, placed, done and its log read.</summary>
    private static async Task<EngineReport> Test(string name, IExecutors all, Db db, IAudit audit, Who who, TimeProvider clock, CancellationToken stop)
    {
        var report = await EngineTest.Run(all.Get(name), clock, stop);
        await db.Write(tx => audit.Write(tx, who, "engine.tested", null, name, new { report.Works, report.Problem }), stop);
        return report;
    }
}

/// <param name="Kind"><c>process</c>, <c>slurm</c>, <c>kubernetes</c>, <c>databricks</c>, <c>agent</c>.</param>
public sealed record EngineView(string Name, string Kind);
