using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Steward.Work;

public static class WorkServices
{
    /// <summary>The ledger, the workers that do its tasks, and the processes they start. Needs <c>Settings</c>, <c>Db</c> and <c>IAudit</c> among the services.</summary>
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.TryAddSingleton(new Backoff(Random.Shared));
        return services
            .AddProcesses()
            .AddSingleton<WorkSignals>()
            .AddSingleton<Ledger>()
            .AddSingleton<ILedger>(all => all.GetRequiredService<Ledger>())
            .AddSingleton<WorkWatch>()
            .AddSingleton<IExecutors, Executors>()
            .AddSingleton<IChildHosts, ChildHosts>()
            .AddHostedService<WorkLoop>();
    }

    /// <summary>The process engine alone, for what has no ledger; needs only <c>Settings</c>. Begin with <see cref="StartProcesses"/> where no host does.</summary>
    public static IServiceCollection AddProcesses(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(all => WorkOptions.Of(all.GetRequiredService<Settings>()));
        services.TryAddSingleton(_ => ChildProgram.Ours());
        return services
            .AddSingleton<WorkFolder>()
            .AddSingleton<Reaper>()
            .AddSingleton<ProcessExecutor>()
            .AddSingleton<IExecutor>(all => all.GetRequiredService<ProcessExecutor>())
            // What an earlier server left goes before anything new begins.
            .AddHostedService(all => all.GetRequiredService<WorkFolder>());
    }

    public static async Task<IExecutor> StartProcesses(this IServiceProvider services, CancellationToken stop)
    {
        await services.GetRequiredService<WorkFolder>().StartAsync(stop);
        return services.GetRequiredService<IExecutor>();
    }
}
