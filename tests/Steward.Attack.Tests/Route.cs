using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;

namespace Steward.Attack.Tests;

/// <summary>One route of the running server, as the endpoint list tells it: nothing here is written by hand.</summary>
public sealed record Route(string Method, string Pattern, Permission Permission, bool NamesProject, RouteEndpoint Endpoint)
{
    public static List<Route> All(IServiceProvider services) => [.. Endpoints(services).SelectMany(endpoint
        => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => Of(endpoint, method)))];

    public static IEnumerable<RouteEndpoint> Endpoints(IServiceProvider services) => services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Names of the parts of the path that a caller chooses.</summary>
    public IEnumerable<string> Holes => Endpoint.RoutePattern.Parameters.Select(part => part.Name);

    /// <summary>The path with a value in every hole.</summary>
    public string Path(Func<string, string> value) => "/" + Regex.Replace(Pattern.TrimStart('/'), @"\{\**(\w+)[^}]*\}", hole => hole.Value.Contains(":int", StringComparison.Ordinal) ? "1" : value(hole.Groups[1].Value.ToLowerInvariant()), RegexOptions.NonBacktracking);

    public override string ToString() => $"{Method} {Pattern}";

    private static Route Of(RouteEndpoint endpoint, string method) => new(
        method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetRequiredMetadata<NeedsAttribute>().Permission,
        endpoint.RoutePattern.GetParameter("project") is not null && endpoint.Metadata.GetMetadata<ProjectOf>() is null, endpoint);
}
