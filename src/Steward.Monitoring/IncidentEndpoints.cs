using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Monitoring;

internal static class IncidentEndpoints
{
    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/api/projects/{project}/incidents").WithTags("Incidents");
        incidents.MapGet("/", (string project, int? limit, IIncidents all, CancellationToken stop) => all.All(project, limit ?? 100, stop)).Needs(Permission.Read);
        incidents.MapGet("/{number:int}", (string project, int number, IIncidents all, CancellationToken stop) => View(all, project, number, stop)).Needs(Permission.Read);
        incidents.MapPost("/{number:int}/close", async (string project, int number, CloseBecause body, IIncidents all, Who who, CancellationToken stop) =>
        {
            await all.Close(who, project, number, body.Cause ?? "", stop);
            return await View(all, project, number, stop);
        }).Needs(Permission.Edit);
    }

    public static async Task<IncidentView> View(IIncidents all, string project, int number, CancellationToken stop) => new(
        await all.Find(project, number, stop) ?? throw Incidents.NotFound(number),
        await all.Timeline(project, number, stop),
        await all.Windows(project, number, 100, stop));

    internal sealed record CloseBecause(string? Cause);
}

/// <param name="Timeline">Oldest first.</param>
/// <param name="Windows">Those that alarmed, oldest first, at most 100.</param>
public sealed record IncidentView(Incident Incident, IReadOnlyList<Entry> Timeline, IReadOnlyList<Window> Windows);
