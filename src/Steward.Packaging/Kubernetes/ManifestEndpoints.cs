using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;

namespace Steward.Packaging.Kubernetes;

internal static class ManifestEndpoints
{
    public static IServiceCollection AddManifests(this IServiceCollection services) => services
        .AddSingleton<ManifestStore>()
        .AddSingleton<IManifests>(all => all.GetRequiredService<ManifestStore>())
        .AddSingleton<ManifestWork>();

    public static void MapManifests(this IEndpointRouteBuilder routes)
    {
        var manifests = routes.MapGroup("/api/projects/{project}/manifests").WithTags("Kubernetes");
        manifests.MapGet("/", (string project, string? model, int? limit, IManifests all, CancellationToken stop) => all.All(project, model, Math.Clamp(limit ?? 100, 1, 1000), stop)).Needs(Permission.Read);
        manifests.MapPost("/", (string project, ManifestOrder body, HttpContext context, ManifestWork work, Who who, CancellationToken stop) => work.Write(who, project, body, context.Request.Host.Value ?? "", stop)).Needs(Permission.Edit);
        // What would be written: asked for with a body, and nothing is kept.
        manifests.MapPost("/draft", (string project, ManifestOrder body, HttpContext context, ManifestWork work, CancellationToken stop) => work.Again(project, body, context.Request.Host.Value ?? "", stop)).Needs(Permission.Read);
    }
}
