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
        routes.MapPost("/api/projects/{project}/predictions/{id}/feedback", Feedback).Needs(Permission.Read).WithTags("Endpoints");
        routes.MapPost("/api/projects/{project}/predictions/{id}/ask", async (string project, string id, IRequestLog log, Who who, CancellationToken stop) => await log.Ask(who, (await Kept(project, id, log, stop)).Id, stop) with { Embedding = null }).Needs(Permission.Edit).WithTags("Endpoints");
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

    /// <summary>With <c>at</c> and <c>id</c> read on from a place; else the newest, without their embeddings, that fit the filters.</summary>
    private static async Task<List<Prediction>> Predictions(
        string project, string endpoint, DateTimeOffset? at, string? id, string? label, int? version, double? under, string? said, DateTimeOffset? since, int? limit, IEndpoints all, IRequestLog log, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        if (at is not null)
            return await log.Since(endpoint, new LogMark(at.Value, id ?? ""), limit ?? 1000, stop);
        LogSaid? wanted = string.IsNullOrEmpty(said) ? null : Enum.TryParse<LogSaid>(said, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known
            : throw ProblemException.Invalid("said_invalid", $"'{Names.Shorten(said)}' is nothing that can be said about an answer.", "Choose right, wrong or nothing.");
        return [.. (await log.Newest(endpoint, limit ?? 50, new(label, version, under, wanted, since), stop)).Select(one => one with { Embedding = null })];
    }

    private static async Task<Prediction> Feedback(string project, string id, Verdict body, IRequestLog log, Who who, CancellationToken stop)
    {
        var one = await Kept(project, id, log, stop);
        var label = string.IsNullOrWhiteSpace(body.Label) ? null : body.Label;
        var right = body.Right ?? (label is not null ? label == one.Label : throw ProblemException.Invalid("feedback_invalid", "Nothing says whether the answer was right.", "Send \"right\": true, false, or the \"label\" it should have had."));
        return await log.Tell(who, id, right, label, stop) with { Embedding = null };
    }

    private static async Task<Prediction> Kept(string project, string id, IRequestLog log, CancellationToken stop) => await log.Find(id, stop) is { } one && one.Project == project
        ? one
        : throw ProblemException.NotFound("prediction", Names.Shorten(id), "steward endpoint log ENDPOINT lists answers with their ids; one is kept a moment after it was given.");

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

    /// <param name="Right">May be left away when the label says it.</param>
    internal sealed record Verdict(bool? Right, string? Label);

    internal sealed record Because(string? Reason);

    internal sealed record AbstainBecause(double? Under, string? Reason);
}

/// <summary>An endpoint with how it is doing.</summary>
/// <param name="WarmVersion">The version before, still in memory: the way back takes no loading.</param>
/// <param name="LastMinute">Of the process that was asked.</param>
internal sealed record EndpointView(
    string Name, string Project, string Model, int? LiveVersion, int? WarmVersion, long Epoch, double? AbstainUnder, string? Trouble, Figures LastMinute,
    IReadOnlyList<NodeServing> Serving, DateTimeOffset ChangedAt);
