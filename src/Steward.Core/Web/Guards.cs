using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Steward.Web;

/// <summary>
/// Refuses what a foreign page in the caller's browser could send: a host name that is not ours (DNS rebinding), a
/// foreign origin that changes something, a body in a disguise.
/// </summary>
internal sealed class Guards(RequestDelegate next, Settings settings)
{
    private readonly HashSet<string> _hosts = new(settings.Hosts, StringComparer.OrdinalIgnoreCase) { "localhost", settings.Bind };

    public Task Invoke(HttpContext context)
    {
        SafeHeaders.Put(context.Response);
        var request = context.Request;
        if (!IsOurs(request.Host, context.Connection))
            throw new ProblemException(ProblemKind.Denied, "host_refused", $"This server does not answer to the name '{Names.Shorten(request.Host.Value)}'.", "Use 127.0.0.1 or localhost, or start it with STEWARD_HOSTS naming this host.");
        if (ChangesSomething(request))
        {
            DemandOwnOrigin(request);
            DemandDeclaredBody(context);
        }

        return next(context);
    }

    private static bool ChangesSomething(HttpRequest request)
        => !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method));

    /// <summary>An address in digits cannot be rebound, so the one this connection came in on is ours too.</summary>
    private bool IsOurs(HostString host, ConnectionInfo connection)
    {
        if (!host.HasValue)
            return false;
        var name = host.Host.Trim('[', ']');
        if (_hosts.Contains(name))
            return true;
        return IPAddress.TryParse(name, out var ip) && name.Equals(ip.ToString(), StringComparison.OrdinalIgnoreCase) && (IPAddress.IsLoopback(ip) || ip.Equals(connection.LocalIpAddress));
    }

    private static void DemandOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var own = $"{request.Scheme}://{request.Host.Value}";
        var foreign = origin.Count > 0 ? !string.Equals(origin.ToString(), own, StringComparison.OrdinalIgnoreCase) : site is "cross-site" or "same-site";
        var silent = origin.Count == 0 && site.Length == 0 && request.Cookies.ContainsKey(Identity.Authentication.Cookie);
        if (foreign || silent)
            throw new ProblemException(ProblemKind.Denied, "origin_refused", $"This change comes from {(silent ? "an unnamed page" : "another site")} and was refused.", "Open the page of this server itself, or use a token.");
    }

    /// <summary>JSON is the rule; routes for pictures, files and forms say which other types they take.</summary>
    private static void DemandDeclaredBody(HttpContext context)
    {
        var request = context.Request;
        var empty = request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
        if (empty || request.HasJsonContentType() || context.GetEndpoint() is not RouteEndpoint route)
            return;
        if (route.Metadata.GetMetadata<IAcceptsMetadata>() is not null || route.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null)
            return; // the framework compares with what the route declares, and pages check their form token
        if (!request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
            throw new BadHttpRequestException("", StatusCodes.Status415UnsupportedMediaType);
    }
}
