using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Steward.Web;

public static class WebServices
{
    /// <summary>Limits of requests and the way they are read.</summary>
    public static IServiceCollection AddWebSafety(this IServiceCollection services, Settings settings)
    {
        services.TryAddSingleton(settings);
        return services
            .Configure<KestrelServerOptions>(options => KestrelLimits.Apply(options, settings))
            .Configure<FormOptions>(form => (form.ValueCountLimit, form.KeyLengthLimit, form.MultipartBoundaryLengthLimit, form.MultipartBodyLengthLimit) = (1000, 256, 100, settings.MaxBody))
            // A body that cannot be read is told in our words, not as a bare 400.
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .Configure<JsonOptions>(json =>
            {
                if (!json.SerializerOptions.Converters.OfType<JsonStringEnumConverter>().Any())
                    Json.Apply(json.SerializerOptions);
            });
    }

    /// <summary>First in the pipeline: one reply for every error, then who may ask at all.</summary>
    public static IApplicationBuilder UseWebSafety(this IApplicationBuilder app) => app
        .UseMiddleware<Refuser>()
        .UseMiddleware<Guards>();
}
