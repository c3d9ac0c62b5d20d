using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Steward;
using Steward.Audit;
using Steward.Blobs;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Events;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

/// <summary>
/// A server that does nothing but windows: each writes ten rows to a file and appends them to one table in the
/// transaction that ends its task. It says when a file is written and its change not yet made. Made to be killed.
/// </summary>
internal sealed class WindowWorker(ITables tables, ITableEngine engine, TimeProvider clock) : IWorkHandler
{
    public static readonly TableName Table = TableName.Parse("silver.windows");
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Kind => "window";

    public static async Task<int> Run(string folder, string address, string shelf, int workers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = new Settings { Data = folder, Db = address, Workers = workers };
        builder.Services.AddSingleton(settings).AddStorage(settings).AddAudit().AddEvents().AddWork().AddProjects([]).AddOutside(settings).AddSingleton<IWorkHandler, WindowWorker>();
        builder.Services.Replace(ServiceDescriptor.Singleton(new ServiceCollection().AddStorage(new Settings { Data = shelf, Db = address }).BuildServiceProvider().GetRequiredService<IShelf>()));
        new DataRoom().Furnish(builder.Services);
        builder.Services.AddSingleton(all => WorkOptions.Of(settings) with { Lease = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(50) });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine("ready");
        await host.WaitForShutdownAsync();
        return 0;
    }

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<WindowOrder>();
        var window = new TableWindow(Start.AddHours(order.Window), Start.AddHours(order.Window + 1));
        await using var nothing = await tables.Open("shop", [], stop);
        var made = await engine.Make(nothing, new MakeOrder($"SELECT {order.Window} AS hour, i AS id, 'row ' || i AS name FROM range({order.Window * 10}, {(order.Window + 1) * 10}) t(i)", Ours: true) { Window = window }, stop);
        if (order.Pause > 0)
        {
            await context.Report(0.5, "written");
            await Task.Delay(TimeSpan.FromMilliseconds(order.Pause), clock, stop);
        }

        return async tx => (await tables.Commit(tx, Who.Steward, new TableChange("shop", Table, ChangeKind.Append, null, made.Files) { Task = context.Claim.Task.Id })).Reference;
    }

    /// <param name="Pause">Milliseconds between the file and the change.</param>
    internal sealed record WindowOrder(int Window, int Pause);
}
