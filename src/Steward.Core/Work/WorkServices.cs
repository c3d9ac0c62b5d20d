using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Steward.Work;

public static class WorkServices
{
    /// <summary>The ledger and the workers that do its tasks. Needs <c>Settings</c>, <c>Db</c> and <c>IAudit</c> among the services.</summary>
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Backoff(Random.Shared));
        services.TryAddSingleton(all => WorkOptions.Of(all.GetRequiredService<Settings>()));
        return services
            .AddSingleton<WorkSignals>()
            .AddSingleton<Ledger>()
            .AddSingleton<ILedger>(all => all.GetRequiredService<Ledger>())
            .AddSingleton<WorkWatch>()
            .AddHostedService<WorkLoop>();
    }
}
