using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Steward.Identity;

/// <summary>
/// Lets a request through to its route only when the caller may. Deny by default: a route that does not say what it
/// needs is closed, and what the caller may not see answers like what is not there.
/// </summary>
internal sealed class Gatekeeper(RequestDelegate next, Authentication authentication, IAntiforgery antiforgery)
{
    public async Task Invoke(HttpContext context)
    {
        // No route: 404 or 405 before anything about credentials.
        if (context.GetEndpoint() is not RouteEndpoint route)
        {
            await next(context);
            return;
        }

        var needs = route.Metadata.GetOrderedMetadata<NeedsAttribute>();
        if (needs.Count != 1)
            throw new InvalidOperationException($"The route {route.RoutePattern.RawText} says {needs.Count} times what it needs; once is right.");

        var caller = await authentication.Of(context, context.RequestAborted);
        context.Features.Set(caller);
        context.User = Authentication.Principal(caller);
        if (caller is { Way: Way.Session, Refused: true })
            context.Response.Cookies.Delete(Authentication.Cookie);

        var permission = needs[0].Permission;
        if (permission is not Permission.Anyone)
            await Demand(context, route, caller, permission);
        await DemandOwnForm(context, route, caller);
        await next(context);
    }

    private static async Task Demand(HttpContext context, RouteEndpoint route, Caller caller, Permission permission)
    {
        if (!caller.Who.IsSignedIn)
            throw SignInFirst(context, route, caller);
        if (permission is Permission.SignedIn)
            return;
        if (permission is Permission.AdministerServer)
        {
            if (!caller.Who.May(permission))
                throw ProblemException.Denied($"{caller.Who.Name} may not administer this server.", "Ask an admin of the server.");
            return;
        }

        if (route.Metadata.GetMetadata<ProjectOf>() is { } projectOf)
        {
            var found = await projectOf.Find(context);
            if (found is null || !caller.Who.May(Permission.Read, found))
                throw new ProblemException(ProblemKind.NotFound, "not_found", "There is nothing at this address that you can see.", "steward status shows what you can see.");
            caller.Who.Demand(permission, found);
            return;
        }

        if (context.Request.RouteValues["project"] is not string project)
            throw new InvalidOperationException($"The route {route.RoutePattern.RawText} needs {permission} but names no project.");
        caller.Who.Demand(permission, Names.Check("project", project));
    }

    private static ProblemException SignInFirst(HttpContext context, RouteEndpoint route, Caller caller)
    {
        // Browsers open a password window for Basic; scripts are told what to send, browsers get the sign-in page.
        context.Response.Headers.WWWAuthenticate = route.Metadata.GetMetadata<Challenge>()?.Header ?? "Bearer realm=\"steward\"";
        return caller.Refused
            ? new(ProblemKind.SignInFirst, "credentials_wrong", "These credentials are not valid, or not any more.", "Sign in again: steward user login")
            : new(ProblemKind.SignInFirst, "sign_in_first", "This needs somebody who signed in.", "Sign in: steward user login");
    }

    /// <summary>A form that comes with a session cookie, or to a page, must be one that we gave to this browser.</summary>
    private async Task DemandOwnForm(HttpContext context, RouteEndpoint route, Caller caller)
    {
        var toPage = route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        var byBrowser = caller.Way is Way.Session || (caller.Way is Way.None && toPage);
        // The check lets GET and HEAD through by itself.
        if (byBrowser && (context.Request.HasFormContentType || toPage) && !await antiforgery.IsRequestValidAsync(context))
            throw new ProblemException(ProblemKind.Denied, "form_foreign", "This form is too old or did not come from a page of this server.", "Open the page again and send it once more.");
    }
}
