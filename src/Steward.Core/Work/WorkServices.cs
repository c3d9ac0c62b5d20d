using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Steward.Work;

public static class WorkServices
{
    /// <summary>The ledger, the workers that do its tasks, and the processes they start. Needs <c>Settings</c>, <c>Db</c> and <c>IAudit</c> among the services.</summary>
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Backoff(Random.Shared));
        services.TryAddSingleton(all => WorkOptions.Of(all.GetRequiredService<Settings>()));
        services.TryAddSingleton(_ => ChildProgram.Ours());
        return services
            .AddSingleton<WorkSignals>()
            .AddSingleton<Ledger>()
            .AddSingleton<ILedger>(all => all.GetRequiredService<Ledger>())
            .AddSingleton<WorkWatch>()
            .AddSingleton<WorkFolder>()
            .AddSingleton<Reaper>()
            .AddSingleton<ProcessExecutor>()
            .AddSingleton<IExecutor>(all => all.GetRequiredService<ProcessExecutor>())
            .AddSingleton<IExecutors, Executors>()
            .AddSingleton<IChildHosts, ChildHosts>()
            // What an earlier server left goes before anything new begins.
            .AddHostedService(all => all.GetRequiredService<WorkFolder>())
            .AddHostedService<WorkLoop>();
    }
}
