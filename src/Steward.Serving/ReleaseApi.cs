using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Serving;

internal static class ReleaseApi
{
    public static void MapReleases(this IEndpointRouteBuilder routes)
    {
        var release = routes.MapGroup("/api/projects/{project}/endpoints/{endpoint}/release").WithTags("Releases");
        release.MapGet("/", (string project, string endpoint, IEndpoints all, Releases releases, CancellationToken stop) => View(project, endpoint, all, releases, stop)).Needs(Permission.Read);
        Deed("pause", (releases, who, endpoint, why, stop) => releases.Pause(who, endpoint, why, stop));
        Deed("resume", (releases, who, endpoint, _, stop) => releases.Resume(who, endpoint, stop));
        Deed("abort", (releases, who, endpoint, why, stop) => releases.Abort(who, endpoint, why ?? "", stop));
        Deed("finish", (releases, who, endpoint, why, stop) => releases.Finish(who, endpoint, why, stop));

        void Deed(string name, Func<Releases, Who, string, string?, CancellationToken, Task<Release>> act)
            => release.MapPost($"/{name}", async (string project, string endpoint, Because body, IEndpoints all, Releases releases, Who who, CancellationToken stop) =>
            {
                await all.In(project, endpoint, stop);
                await act(releases, who, endpoint, body.Reason, stop);
                return await View(project, endpoint, all, releases, stop);
            }).Needs(Permission.Edit);
    }

    private static async Task<ReleaseView> View(string project, string endpoint, IEndpoints all, Releases releases, CancellationToken stop)
    {
        await all.In(project, endpoint, stop);
        return await releases.View(endpoint, stop) ?? throw Releases.NoRelease(endpoint);
    }

    internal sealed record Because(string? Reason);
}

/// <summary>A release with how it stands.</summary>
/// <param name="Share">Percent of the requests that the tried version gets now.</param>
/// <param name="Says">What it waits for, or how it ended, in a sentence.</param>
/// <param name="Steps">Those that have begun.</param>
public sealed record ReleaseView(Release Release, double Share, string Says, IReadOnlyList<StepFigures> Steps);
