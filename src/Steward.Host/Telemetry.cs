using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Steward.Identity;

namespace Steward.Host;

/// <summary>Traces and metrics by OpenTelemetry, figures for Prometheus, health for whoever restarts us.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        var telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Steward.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource("Steward.*").AddAspNetCoreInstrumentation());
        // The collector is named by the standard variable; without it nothing leaves the process.
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
            telemetry.UseOtlpExporter();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");
    }

    public static void MapTelemetry(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics").Needs(Permission.SignedIn);
        app.MapGet("/health/live", () => Results.Json(new { live = true })).Needs(Permission.Anyone).WithTags("Health");
        app.MapHealthChecks("/health/ready").Needs(Permission.Anyone);
    }
}
