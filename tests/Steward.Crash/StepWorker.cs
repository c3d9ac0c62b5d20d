using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Steward;
using Steward.Audit;
using Steward.Storage;
using Steward.Work;

/// <summary>A server that does nothing but its tasks: each takes a while and leaves one row in <c>effect</c>. Made to be killed.</summary>
internal sealed class StepWorker(TimeProvider clock) : IWorkHandler
{
    public string Kind => "step";

    public static async Task<int> Run(string folder, string address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new Settings { Data = folder, Db = address }).AddSingleton(_ => Db.Connect(address)).AddSingleton<IWorkHandler, StepWorker>().AddAudit().AddWork();
        builder.Services.AddSingleton(all => WorkOptions.Of(all.GetRequiredService<Settings>()) with { Lease = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(50) });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine("ready");
        await host.WaitForShutdownAsync();
        return 0;
    }

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        await context.Report(0.5, "working");
        await Task.Delay(TimeSpan.FromMilliseconds(100), clock, stop);
        return async tx =>
        {
            await tx.Run("INSERT INTO effect (key, fence) VALUES (@Key, @Fence)", new { context.Claim.Task.Key, context.Claim.Fence });
            return context.Claim.Worker;
        };
    }
}
