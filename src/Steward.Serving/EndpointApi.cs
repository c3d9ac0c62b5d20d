using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Identity;

namespace Steward.Serving;

internal static class EndpointApi
{
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/api/projects/{project}/endpoints").WithTags("Endpoints");
        endpoints.MapGet("/", List).Needs(Permission.Read);
        endpoints.MapGet("/{endpoint}", Show).Needs(Permission.Read);
        endpoints.MapPost("/{endpoint}/rollback", Rollback).Needs(Permission.Edit);
        endpoints.MapPost("/{endpoint}/abstain", Abstain).Needs(Permission.Edit);
        endpoints.MapGet("/{endpoint}/predictions", Predictions).Needs(Permission.Read);
        endpoints.MapGet("/{endpoint}/predictions/{id}/picture", Picture).Needs(Permission.Read);
    }

    private static async Task<IEnumerable<EndpointView>> List(string project, int? limit, IEndpoints all, Fleet fleet, CancellationToken stop)
        => (await all.All(project, stop)).Take(Math.Clamp(limit ?? 100, 1, 1000)).Select(endpoint => View(endpoint, fleet, []));

    private static async Task<EndpointView> Show(string project, string endpoint, IEndpoints all, Fleet fleet, CancellationToken stop)
        => View(await all.In(project, endpoint, stop), fleet, await all.Serving(endpoint, stop));

    private static async Task<EndpointView> Rollback(string project, string endpoint, Because body, IEndpoints all, Fleet fleet, Who who, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        var back = await all.Rollback(who, endpoint, body.Reason ?? "", stop);
        return View(back, fleet, await all.Serving(endpoint, stop));
    }

    private static async Task<EndpointView> Abstain(string project, string endpoint, AbstainBecause body, IEndpoints all, Fleet fleet, Who who, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        return View(await all.AbstainUnder(who, endpoint, body.Under, body.Reason ?? "", stop), fleet, []);
    }

    private static async Task<List<Prediction>> Predictions(string project, string endpoint, DateTimeOffset? at, string? id, int? limit, IEndpoints all, IRequestLog log, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        return at is null ? await log.Newest(endpoint, limit ?? 50, stop) : await log.Since(endpoint, new(at.Value, id ?? ""), limit ?? 1000, stop);
    }

    /// <summary>What was sent, as it was sent: only raster pictures get into the log, and a browser must not guess otherwise.</summary>
    private static async Task<IResult> Picture(string project, string endpoint, string id, IEndpoints all, IRequestLog log, IBlobs blobs, HttpContext context, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        if (await log.Find(id, stop) is not { Picture: { } digest } prediction || prediction.Endpoint != endpoint || await blobs.Open(digest, stop) is not { } bytes)
            throw ProblemException.NotFound("picture", Names.Shorten(id));
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.Stream(bytes, "image/*");
    }

    /// <summary>The endpoint when the project has it; throws <c>endpoint_not_found</c> also for another project's.</summary>
    public static async Task<Endpoint> In(this IEndpoints all, string project, string name, CancellationToken stop)
        => await all.Find(name, stop) is { } found && found.Project == project
            ? found
            : throw ProblemException.NotFound("endpoint", Names.Shorten(name), "steward endpoint list shows those of the project.");

    internal static EndpointView View(Endpoint endpoint, Fleet fleet, IReadOnlyList<NodeServing> serving)
    {
        var live = fleet.Find(endpoint.Name);
        return new(endpoint.Name, endpoint.Project, endpoint.Model, endpoint.LiveVersion, live?.PreviousVersion, endpoint.Epoch, endpoint.AbstainUnder,
            live?.Trouble, live?.Pulse.Read() ?? new(0, 0, null, null), serving, endpoint.ChangedAt);
    }

    internal sealed record Because(string? Reason);

    internal sealed record AbstainBecause(double? Under, string? Reason);
}

/// <summary>An endpoint with how it is doing.</summary>
/// <param name="WarmVersion">The version before, still in memory: the way back takes no loading.</param>
/// <param name="LastMinute">Of the process that was asked.</param>
internal sealed record EndpointView(
    string Name, string Project, string Model, int? LiveVersion, int? WarmVersion, long Epoch, double? AbstainUnder, string? Trouble, Figures LastMinute,
    IReadOnlyList<NodeServing> Serving, DateTimeOffset ChangedAt);
