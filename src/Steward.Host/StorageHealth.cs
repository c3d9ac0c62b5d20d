using Microsoft.Extensions.Diagnostics.HealthChecks;
using Steward.Storage;

namespace Steward.Host;

/// <summary>Ready means that records can be read.</summary>
internal sealed class StorageHealth(Db db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await db.One<long>("SELECT 1", stop: cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The records cannot be read.", error);
        }
    }
}
