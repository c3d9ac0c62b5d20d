using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Steward.Identity;

namespace Steward.Events;

public static class EventServices
{
    /// <summary>The outbox and the pump that tells its events. Needs a <c>Db</c> and a <c>TimeProvider</c>.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.TryAddSingleton(new Backoff(Random.Shared));
        return services
            .AddSingleton<EventBell>()
            .AddSingleton<EventStore>()
            .AddSingleton<IEvents, Outbox>()
            .AddHostedService<EventPump>();
    }

    /// <summary><c>GET /api/events/parked</c>: what listeners could not hear, newest first.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/events/parked", (EventStore store, int? limit, CancellationToken stop) => store.Parked(Math.Clamp(limit ?? 100, 1, 1000), stop))
        .WithTags("Events")
        .Needs(Permission.AdministerServer);
}
