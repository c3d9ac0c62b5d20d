using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Steward.Audit;

public static class AuditServices
{
    /// <summary>The audit chain; needs <c>Settings</c> and <c>Db</c> among the services.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<AuditLog>()
            .AddSingleton<IAudit>(all => all.GetRequiredService<AuditLog>())
            .AddSingleton<IAuditRecord>(all => all.GetRequiredService<AuditLog>())
            .AddSingleton<AuditSeal>()
            .AddHostedService(all => all.GetRequiredService<AuditSeal>())
            .AddSingleton<AuditVerifier>();
    }
}
