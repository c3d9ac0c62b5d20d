using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Identity;

namespace Steward.Serving.OpenInference;

/// <summary>The Open Inference Protocol, version 2, over HTTP, and beside it pictures and what people say about answers.</summary>
internal static class OpenInferenceRoutes
{
    private static readonly string[] Extensions = ["binary_tensor_data"];
    private static readonly string Version = typeof(OpenInferenceRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Everything, with what people say about answers.</summary>
    public static void MapOpenInference(this IEndpointRouteBuilder routes)
    {
        routes.MapAnswering();
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Steward.Serving");
        var handler = routes.ServiceProvider.GetRequiredService<FeedbackHandler>();
        routes.MapMethods("/v2/models/{model}/feedback", ["POST"], (RequestDelegate)(context => Replies.Guarded(context, log, () => handler.Feedback(context))))
            .WithTags("Open Inference").Needs(Permission.Read, context => ProjectOf(routes.ServiceProvider.GetRequiredService<Fleet>(), context));
    }

    /// <summary>The protocol itself, which needs no records.</summary>
    public static void MapAnswering(this IEndpointRouteBuilder routes)
    {
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Steward.Serving");
        var handlers = routes.ServiceProvider.GetRequiredService<InferHandler>();
        var fleet = routes.ServiceProvider.GetRequiredService<Fleet>();

        Map("GET", "/v2", About, Permission.Anyone);
        Map("GET", "/v2/health/live", context => Replies.Write(context, new { live = true }), Permission.Anyone);
        Map("GET", "/v2/health/ready", context => Replies.Write(context, new { ready = fleet.IsReady }, fleet.IsReady ? 200 : 503), Permission.Anyone);
        Map("GET", "/v2/models", Models, Permission.SignedIn);
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            Map("GET", model, handlers.Describe, Permission.Read);
            Map("GET", model + "/ready", handlers.Ready, Permission.Read);
            Map("POST", model + "/infer", handlers.Infer, Permission.Read);
            Map("POST", model + "/picture", handlers.Picture, Permission.Read);
        }

        routes.Map("/v2/{**rest}", context => Nowhere(context)).Needs(Permission.Anyone).ExcludeFromDescription();

        void Map(string verb, string path, Func<HttpContext, Task> handle, Permission permission)
        {
            var route = routes.MapMethods(path, [verb], (RequestDelegate)(context => Replies.Guarded(context, log, () => handle(context))));
            route.WithTags("Open Inference");
            if (permission == Permission.Read)
                route.Needs(permission, context => ProjectOf(fleet, context));
            else
                route.Needs(permission);
        }

        // With a slash at the end it is how container tools find out whether a registry wants credentials: they ask nowhere else.
        Task About(HttpContext context)
        {
            if (context.Request.Path.Value!.EndsWith('/') && !context.RequestServices.GetRequiredService<Who>().IsSignedIn)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"steward\"";
                return Replies.Error(context, 401, "sign_in_first", "Sign in with your name and a token: skopeo login");
            }

            return Replies.Write(context, new { name = "steward", version = Version, extensions = Extensions });
        }

        Task Models(HttpContext context)
        {
            var who = context.RequestServices.GetRequiredService<Who>();
            return Replies.Write(context, new { models = fleet.All.Where(live => who.May(Permission.Read, live.Project)).Select(live => live.Name).Order(StringComparer.Ordinal) });
        }
    }

    private static async ValueTask<string?> ProjectOf(Fleet fleet, HttpContext context)
    {
        var name = context.Request.RouteValues["model"] as string ?? "";
        return fleet.Find(name)?.Project ?? (await context.RequestServices.GetRequiredService<IEndpoints>().Find(name, context.RequestAborted))?.Project;
    }

    /// <summary>The catch-all sees a known address with another verb as well; both get the protocol's error form.</summary>
    private static Task Nowhere(HttpContext context)
    {
        var rest = (context.Request.RouteValues["rest"] as string ?? "").TrimEnd('/');
        var allowed = rest.EndsWith("/infer", StringComparison.Ordinal) || rest.EndsWith("/picture", StringComparison.Ordinal) || rest.EndsWith("/feedback", StringComparison.Ordinal) ? "POST"
            : rest is "" or "models" or "health/live" or "health/ready" || (rest.StartsWith("models/", StringComparison.Ordinal) && rest.Split('/').Length is 2 or 4) || rest.EndsWith("/ready", StringComparison.Ordinal) ? "GET" : null;
        if (allowed is null || context.Request.Method == allowed)
            return Replies.Error(context, 404, "not_found", "There is nothing at this address. GET /v2/models lists what is served.");
        context.Response.Headers.Allow = allowed;
        return Replies.Error(context, 405, "method_not_allowed", $"This address takes {allowed} only.");
    }
}
