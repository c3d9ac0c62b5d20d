using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Steward.Audit;
using Steward.Data.Files;
using Steward.Data.Tables;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Data.Tests.Tables;

/// <summary>The tables of one project over a fresh store, with nothing else of the platform.</summary>
public sealed class Lake : IAsyncDisposable
{
    public const string Project = "shop";
    private readonly ServiceProvider _services;

    public Lake(Db db, TimeProvider? clock = null)
    {
        Folder = TestFolder.New();
        var settings = new Settings { Data = Folder };
        var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddSingleton(clock ?? TimeProvider.System).AddStorage(settings);
        services.Replace(ServiceDescriptor.Singleton(db));
        services.AddSingleton(Ear).AddSingleton<IEvents>(Ear).AddWork().Replace(ServiceDescriptor.Singleton<IAudit>(Ear));
        new DataRoom().Furnish(services);
        _services = services.BuildServiceProvider();
        Db = db;
    }

    public string Folder { get; }

    public Db Db { get; }

    public IServiceProvider Services => _services;

    public Ear Ear { get; } = new();

    public ITables Tables => _services.GetRequiredService<ITables>();

    public ITableEngine Engine => _services.GetRequiredService<ITableEngine>();

    public IFiles Files => _services.GetRequiredService<IFiles>();

    internal Expiry Expiry => _services.GetRequiredService<Expiry>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TableName Orders { get; } = TableName.Parse("silver.orders");

    /// <summary>One hour of a day.</summary>
    public static TableWindow Hour(int hour) => new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour), new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero).AddHours(hour));

    /// <summary>Stages what a SELECT of ours gives.</summary>
    public async Task<IReadOnlyList<StagedFile>> Rows(string sql, TableWindow? window = null, params TableReference[] from)
    {
        await using var reading = await Tables.Open(Project, from, Stop);
        return (await Engine.Make(reading, new MakeOrder(sql, Ours: true) { Window = window }, Stop)).Files;
    }

    /// <summary>Orders numbered from one number to another, of one customer.</summary>
    public Task<IReadOnlyList<StagedFile>> Orders_(int first, int last, TableWindow? window = null, string customer = "ana")
        => Rows($"SELECT i AS id, '{customer}' AS customer, CAST(i AS DECIMAL(9,2)) AS amount FROM range({first}, {last + 1}) t(i)", window);

    public async Task<TableSnapshot> Append(int first, int last, TableWindow? window = null, string customer = "ana")
        => await Commit(ChangeKind.Append, null, await Orders_(first, last, window, customer));

    public Task<TableSnapshot> Commit(ChangeKind kind, int? from, IReadOnlyList<StagedFile> files, TableWindow? window = null, OnSchemaChange policy = OnSchemaChange.Stop)
        => Tables.Commit(Who.Steward, new TableChange(Project, Orders, kind, from, files) { Window = window, OnSchemaChange = policy }, Stop);

    /// <summary>The answer of a SELECT, row by row, its values apart by spaces.</summary>
    public async Task<IReadOnlyList<string>> Ask(string sql, params string[] tables)
    {
        await using var reading = await Tables.Open(Project, tables.Select(TableReference.Parse), Stop);
        return await Ask(sql, reading);
    }

    public async Task<IReadOnlyList<string>> Ask(string sql, TableReading reading, bool ours = true)
        => [.. (await Engine.Query(reading, sql, new QueryLimits { Ours = ours }, Stop)).Rows.Select(row => string.Join(' ', row.Select(value => value ?? "-")))];

    /// <summary>The numbers of the orders that a snapshot holds.</summary>
    public async Task<IEnumerable<int>> Ids(string table = "silver.orders") => (await Ask("SELECT id FROM silver.orders ORDER BY id", table)).Select(int.Parse);

    /// <summary>The same for SQL of people.</summary>
    public async Task<IReadOnlyList<string>> AskAsPeopleDo(string sql, params string[] tables)
    {
        await using var reading = await Tables.Open(Project, tables.Select(TableReference.Parse), Stop);
        return await Ask(sql, reading, ours: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Db.DisposeAsync();
    }
}
