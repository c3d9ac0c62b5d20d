using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;
using Steward.Tracking;
using Steward.Training;
using Steward.Work;

namespace Steward.Pipelines.Tests;

/// <summary>Servers on one store with a clock that stands still: nothing happens unless a test says so.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly List<ServiceProvider> _servers = [];
    private readonly Db _db;
    private readonly Allowed? _allowed;

    internal World(Db db, params IStep[] steps)
    {
        (_db, Steps, Time) = (db, steps, Clock);
        _ = Server();
    }

    /// <summary>With the steps of the program and the time of the day.</summary>
    internal World(Db db, TimeProvider time, Allowed? allowed)
    {
        (_db, Steps, Time, _allowed) = (db, [], time, allowed);
        _ = Server();
    }

    internal TimeProvider Time { get; }

    public FakeClock Clock { get; } = new();

    /// <summary>What the rooms told; only what was committed counts.</summary>
    public Ear Ear { get; } = new();

    internal IReadOnlyList<IStep> Steps { get; }

    internal Db Db => _db;

    public IPipelines Pipelines => Get<IPipelines>();

    internal ILedger Ledger => Get<ILedger>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal T Get<T>(int server = 0) where T : notnull => _servers[server].GetRequiredService<T>();

    /// <summary>One more server on the same records; its number.</summary>
    internal int Server()
    {
        var settings = new Settings { Data = TestFolder.New() };
        var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddSingleton(Time).AddStorage(settings).AddSingleton(_db).AddSingleton<IEvents>(Ear).AddSingleton<IAudit>(Ear)
            .AddWork().AddOutside(settings).AddProjects([PipelineSection.Of(), .. new DataRoom().Sections, .. new TrainingRoom().Sections]).Also(new DataRoom().Furnish).Also(new TrackingRoom().Furnish).Also(new ModelsRoom().Furnish).Also(new TrainingRoom().Furnish).Also(new PipelinesRoom().Furnish);
        if (_allowed is not null)
            services.AddSingleton(_allowed);
        foreach (var step in Steps)
            services.AddSingleton(step);
        foreach (var replaced in services.Where(one => one.ServiceType == typeof(IStep) && one.ImplementationType is { } type && Steps.Any(step => $"{step.Kind}step".Equals(type.Name, StringComparison.OrdinalIgnoreCase))).ToList())
            services.Remove(replaced);
        _servers.Add(services.BuildServiceProvider());
        return _servers.Count - 1;
    }

    /// <param name="sections">Of the project file, besides its pipelines.</param>
    public async Task Says(string pipelines, string sections = "")
    {
        await Get<IProjects>().Put($"steward: 1\nproject: shop\n{sections.ReplaceLineEndings("\n")}\npipelines:\n  {pipelines.ReplaceLineEndings("\n")}\n", Who.Steward, Stop);
        foreach (var server in _servers)
            await server.GetRequiredService<Plans>().Hear(new("shop", 1), Stop);
    }

    /// <summary>Looks, on one server, until there is nothing more to start.</summary>
    public async Task Look(int server = 0)
    {
        while (await Get<Scheduler>(server).Look(Stop))
        {
        }
    }

    internal Task<Claim?> Claim(string worker = "w", TimeSpan? lease = null, int server = 0) => Get<ILedger>(server).Claim([WindowOrder.Kind], worker, lease ?? TimeSpan.FromSeconds(30), Stop);

    internal async Task<Func<Tx, Task<object?>>> Do(Claim claim, int server = 0, Func<double?, string?, Task>? report = null, CancellationToken? stop = null)
        => await _servers[server].GetServices<IWorkHandler>().OfType<WindowHandler>().Single().Do(new(claim, report ?? ((_, _) => Task.CompletedTask)), stop ?? Stop);

    /// <summary>One worker does all that is due, looking after each; how many runs.</summary>
    public async Task<int> Work(int server = 0, int most = int.MaxValue)
    {
        var done = 0;
        await Look(server);
        while (done < most && await Claim(server: server) is { } claim)
        {
            await Get<ILedger>(server).Complete(claim, await Do(claim, server), Stop);
            done++;
            await Look(server);
        }

        return done;
    }

    /// <summary>One worker does the tasks of a kind that are due; how many.</summary>
    internal async Task<int> Work(string kind)
    {
        var done = 0;
        for (; await Ledger.Claim([kind], "w", TimeSpan.FromSeconds(30), Stop) is { } claim; done++)
            await Ledger.Complete(claim, await Do(claim, kind), Stop);
        return done;
    }

    internal Task<Func<Tx, Task<object?>>> Do(Claim claim, string kind)
        => _servers[0].GetServices<IWorkHandler>().Single(handler => handler.Kind == kind).Do(new(claim, (_, _) => Task.CompletedTask), Stop);

    /// <summary>Keeps the rows of a SELECT as a table.</summary>
    internal async Task Table(string name, string select)
    {
        await using var none = await Get<ITables>().Open("shop", [], Stop);
        var made = await Get<ITableEngine>().Make(none, new MakeOrder(select, Ours: true), Stop);
        await Get<ITables>().Commit(Who.Steward, new TableChange("shop", TableName.Parse(name), ChangeKind.ReplaceAll, (await Get<ITables>().Find("shop", new(TableName.Parse(name)), Stop))?.Version ?? 0, made.Files), Stop);
    }

    public async Task<List<Window>> Windows(string pipeline = "sales") => [.. (await Pipelines.Windows("shop", pipeline, most: 10_000, stop: Stop)).AsEnumerable().Reverse()];

    public async Task<string> States(string pipeline = "sales") => string.Concat((await Windows(pipeline)).Select(window => window.State switch
    {
        WindowState.Waiting => 'w',
        WindowState.WaitingOnDependency => 'd',
        WindowState.Running => 'r',
        WindowState.Succeeded => 'S',
        WindowState.Failed => 'F',
        _ => 'C',
    }));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await _db.DisposeAsync();
    }
}

/// <summary>A step whose effect appends a row to a table of the records, without any key that would hide a second one.</summary>
internal sealed class Appending : IStep
{
    public const string Table = "test_appended";

    public string Kind => "command";

    /// <summary>Asked before each; what it throws fails the step.</summary>
    public Func<StepContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        await Before(context);
        return new([], 1, "appended")
        {
            Effect = tx => tx.Run($"INSERT INTO {Table} (pipeline, start_at, run) VALUES (@Pipeline, @StartAt, @Run)", new { context.Window.Pipeline, context.Window.StartAt, context.Run }),
        };
    }

    public static Db In(Db db)
    {
        db.Run($"CREATE TABLE {Table} (pipeline text, start_at bigint, run text)").GetAwaiter().GetResult();
        return db;
    }

    public static async Task<List<(string Pipeline, DateTimeOffset Start)>> Rows(Db db) => [.. (await db.All<Row>($"SELECT pipeline, start_at FROM {Table} ORDER BY pipeline, start_at")).Select(row => (row.Pipeline, row.StartAt))];

    private sealed record Row(string Pipeline, DateTimeOffset StartAt);
}
