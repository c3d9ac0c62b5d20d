using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Steward.Identity;

public static class FrameworkRoutes
{
    /// <summary>The script and redirect routes that Razor components bring along hold nothing of anybody; pages say themselves what they need.</summary>
    public static RazorComponentsEndpointConventionBuilder OpenFramework(this RazorComponentsEndpointConventionBuilder pages)
    {
        pages.Add(route =>
        {
            if (route is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.TrimStart('/').StartsWith("_framework/", StringComparison.Ordinal))
                route.Metadata.Add(new NeedsAttribute(Permission.Anyone));
        });
        return pages;
    }
}
