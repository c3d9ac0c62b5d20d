using System.Text;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

/// <summary>Files and rows that come from connections: copied, read where they lie, waited for.</summary>
public sealed class CopyStepTests : IAsyncDisposable
{
    private const string AzureKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Drop = "connections: {drop: {kind: folder, path: drop}, lake: {kind: folder, path: lake}}";
    private const string Trigger = "trigger: {tumbling: {every: 1h, start: \"2029-12-31T23:00Z\", end: \"2030-01-01T00:00Z\"}}";
    private readonly World _world = new(Databases.Sqlite(), new FakeClock(), new Allowed { PrivateAddresses = true });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeClock Clock => (FakeClock)_world.Time;

    [Fact]
    public async Task Files_of_the_window_are_copied_to_the_inbox_and_read_and_a_second_time_nothing_is_copied()
    {
        await Says("copy: {from: 'drop:/sales/${window.start:yyyy/MM/dd/HH}/*.csv', to: 'inbox:/sales/', bandwidth: 20MiB/s}", "csv: {read: 'sales/*.csv', to: bronze.sales}");
        foreach (var (name, text) in new[] { ("sales/2029/12/31/23/a.csv", "code,price\nc1,1.50\n"), ("sales/2029/12/31/23/b.csv", "code,price\nc2,2.50\n"), ("sales/2029/12/31/23/note.txt", "no"), ("sales/2029/12/31/23/deep/c.csv", "no"), ("sales/2029/12/31/22/d.csv", "no") })
            await Put("drop", name, text);
        await _world.Work();
        await Succeeded();
        Assert.Equal(["a.csv", "b.csv"], Directory.EnumerateFiles(Path.Combine(_world.Get<Settings>().Data, "inbox", "shop", "sales"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
        Assert.Equal("2 files copied, 38 B; 0 were there already.", await Words("copy"));
        Assert.Equal(2, (await _world.Get<ITables>().Find("shop", new(TableName.Parse("bronze.sales")), Stop))!.Rows);
        Assert.Equal(2, Assert.Single(_world.Ear.Heard.OfType<FilesCopied>()).Files);
        await Again();
        Assert.Equal("0 files copied, 0 B; 2 were there already.", await Words("copy"));
        Assert.Single(_world.Ear.Heard.OfType<FilesCopied>());
        await Put("drop", "sales/2029/12/31/23/b.csv", "code,price\nc2,3.50\nc3,1.00\n");
        await Again();
        Assert.Equal("1 file copied, 27 B; 1 was there already.", await Words("copy"));
        Assert.Equal(3, (await _world.Get<ITables>().Find("shop", new(TableName.Parse("bronze.sales")), Stop))!.Rows);
    }

    [Fact]
    public async Task A_copy_that_was_cut_in_the_middle_goes_on_where_it_was()
    {
        await Says("copy: {from: 'drop:/big.bin', to: 'lake:/in/'}");
        var bytes = new byte[20 << 20];
        new Random(3).NextBytes(bytes);
        await using (var store = await _world.Get<IConnections>().Files("shop", "drop", Stop))
        using (var all = new MemoryStream(bytes))
            await store.Put("big.bin", all, Stop);
        await _world.Look();
        var claim = (await _world.Claim())!;
        using var dies = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        // What is told of the second piece is told once the first has arrived.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _world.Do(claim, report: (_, said) => said?.Contains("16.8 MB of", StringComparison.Ordinal) == true ? dies.CancelAsync() : Task.CompletedTask, stop: dies.Token));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.Work();
        await Succeeded();
        Assert.Contains("had arrived before", await Words("copy"), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_world.Get<Settings>().Data, "files", "shop", "lake", "in", "big.bin"), Stop));
    }

    [Fact]
    public async Task A_window_without_files_fails_or_is_done_as_the_plan_says()
    {
        await Says("copy: {from: 'drop:/sales/*.csv', to: 'inbox:/sales/'}");
        await _world.Work();
        Assert.Equal("copy: There is no file 'drop:sales/*.csv' here. steward connect files shows what is there.", (await _world.Windows())[0].Why);
        await Says("copy: {from: 'drop:/sales/*.csv', to: 'inbox:/sales/', missing: ok}");
        await Again();
        Assert.Equal("No file drop:/sales/*.csv.", await Words("copy"));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    [InlineData("blob")]
    public async Task Csv_files_are_read_where_they_lie(string kind)
    {
        Environment.SetEnvironmentVariable("STEWARD_SECRET_PIPELINE_BUCKET", kind == "blob" ? AzureKey : "S3RVER");
        var server = kind switch { "s3" => NodeServer.S3("sales"), "blob" => NodeServer.Azure(), _ => null };
        if (kind == "blob")
            await new Azure.Storage.Blobs.BlobContainerClient(new Uri($"{server!.Url}/devstoreaccount1/sales"), new Azure.Storage.StorageSharedKeyCredential("devstoreaccount1", AzureKey)).CreateIfNotExistsAsync(cancellationToken: Stop);
        var plan = kind switch
        {
            "s3" => $"kind: s3, url: \"{server!.Url}\", bucket: sales, access_key: S3RVER, secret_key: \"secret://pipeline-bucket\", checksums: false",
            "blob" => $"kind: blob, url: \"{server!.Url}/devstoreaccount1\", account: devstoreaccount1, account_key: \"secret://pipeline-bucket\", container: sales",
            _ => "kind: folder, path: drop",
        };
        await Says($"connections: {{drop: {{{plan}}}}}", "csv: {read: 'drop:/sales/${window.start:HH}/*.csv', to: bronze.sales, stop_if_bad: '> 50%', columns: {code: VARCHAR, price: 'DECIMAL(9,2)'}}");
        await Put("drop", "sales/23/a.csv", "code,price\nc1,1.50\nc2,much\n");
        await Put("drop", "sales/23/b.csv", "code,price\nc3,2.50\n");
        await Put("drop", "sales/22/c.csv", "code,price\nc4,2.50\n");
        await _world.Work();
        await Succeeded();
        Assert.StartsWith("3 rows of 2 files: 2 kept, 1 set aside, the first in drop:/sales/23/a.csv line 3", await Words("csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_looked_at_is_the_trouble_of_its_pipeline_until_it_can()
    {
        const string Trigger = "drops: {trigger: {event: {path: 'drop:/sales/', created: '*.csv', settle: 30s}}, steps: [{csv: {read: 'drop:/sales/*.csv', to: bronze.sales}}]}";
        await _world.Says(Trigger);
        await Looked(trouble => trouble is not null);
        Assert.StartsWith("It cannot look for files in drop:/sales/: ", (await _world.Pipelines.Get("shop", "drops", Stop)).Trouble, StringComparison.Ordinal);
        Assert.Contains("drop", (await _world.Pipelines.Get("shop", "drops", Stop)).Trouble!["It cannot look for files in drop:/sales/: ".Length..], StringComparison.Ordinal);
        await _world.Says(Trigger, Drop);
        await Put("drop", "sales/a.csv", "code\nc1\n");
        await Looked(trouble => trouble is null);

        Task Looked(Func<string?, bool> wanted) => Eventually.True("the pipeline to know", async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(31));
            await _world.Look();
            return wanted((await _world.Pipelines.Get("shop", "drops", Stop)).Trouble);
        }, Stop);
    }

    [Fact]
    public async Task Files_that_arrive_in_a_connection_make_a_window()
    {
        await _world.Says("drops: {trigger: {event: {path: 'drop:/sales/', created: '*.csv', settle: 30s}}, steps: [{csv: {read: 'drop:/sales/*.csv', to: bronze.sales}}]}", Drop);
        await _world.Look();
        Assert.Equal("when *.csv has arrived in drop:/sales/, unchanged for 30 s", (await _world.Pipelines.Get("shop", "drops", Stop)).Trigger);
        await Put("drop", "sales/a.csv", "code\nc1\n");
        await Put("drop", "sales/note.txt", "no");
        await Eventually.True("a window is made", async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(31));
            await _world.Work();
            return (await _world.Windows("drops")).Count > 0;
        }, Stop);
        var window = Assert.Single(await _world.Windows("drops"));
        Assert.Equal(["drop:/sales/a.csv"], (await _world.Pipelines.Window("shop", "drops", window.StartAt, Stop))!.Files);
        for (var looks = 0; looks < 3; looks++)
        {
            Clock.Advance(TimeSpan.FromSeconds(31));
            await _world.Work();
        }

        Assert.Single(await _world.Windows("drops"));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Rows_of_a_query_come_with_the_values_of_the_window_as_values(string kind)
    {
        var erp = kind == "sqlite" ? "kind: sqlite, path: erp.db" : Postgres(TestPostgres.NewDatabase());
        await _world.Says($$$"""
            sales:
                trigger: {tumbling: {every: 1h, start: "2029-12-31T22:00Z", end: "2030-01-01T00:00Z"}}
                steps:
                  - copy: {id: rows, from: {connection: erp, query: "SELECT id, note, price, ts FROM sales WHERE ts >= ${window.start} AND ts < ${window.end} AND note <> ${trigger.name}"}, to: bronze.sales}
            """, $"connections: {{erp: {{{erp}}}}}");
        SourceColumn[] columns = [new("id", ColumnType.Int), new("note", ColumnType.Text), new("price", ColumnType.Decimal), new("ts", ColumnType.Time)];
        await using (var there = await _world.Get<IConnections>().Tables("shop", "erp", Stop))
            await there.Write("sales", columns, One(RowBatch.Of(columns, [1, "'; DROP TABLE sales; --", 1.25m, At(21, 59)], [2, "b", 2.5m, At(22, 0)], [3, "c", null, At(22, 59)], [4, "d", 4m, At(23, 0)], [5, "sales", 4m, At(23, 1)])), new TableWrite.Append(), Stop);
        await _world.Work();
        Assert.True(await _world.States() == "SS", string.Join(' ', (await _world.Windows()).Select(window => window.Why)));
        Assert.Equal(["2 2.5000000000 2029-12-31 22:00:00", "3 - 2029-12-31 22:59:00", "4 4.0000000000 2029-12-31 23:00:00"], await Ask("SELECT id, price, ts FROM bronze.sales ORDER BY id", "bronze.sales"));
        await using (var there = await _world.Get<IConnections>().Tables("shop", "erp", Stop))
            await there.Write("sales", columns, One(RowBatch.Of(columns, [6, "late", 6m, At(22, 30)])), new TableWrite.Append(), Stop);
        await Again(2);
        Assert.Equal(["2", "3", "6", "4"], await Ask("SELECT id FROM bronze.sales ORDER BY ts < '2029-12-31 23:00' DESC, id", "bronze.sales"));
    }

    [Theory]
    [InlineData("copy: {from: 'drop:/a.csv', to: bronze.sales}", "from and to are places of files")]
    [InlineData("copy: {from: {connection: erp}, to: bronze.sales}", "from is a place of files")]
    [InlineData("copy: {from: {connection: erp, query: \"SELECT * FROM sales WHERE day = '${window.start}'\"}, to: bronze.sales}", "${window.start} stands within quotes")]
    [InlineData("copy: {from: {connection: erp, query: SELECT 1}, to: 'inbox:/x/'}", "cannot be the name of a table")]
    [InlineData("copy: {from: 'drop:/a.csv', to: 'lake:/b/', bandwidth: fast}", "'fast' is no bandwidth")]
    [InlineData("copy: {from: {connection: erp, query: 'SELECT ${window.sta}'}, to: bronze.sales}", "is not known")]
    public async Task What_cannot_be_copied_is_refused_with_the_project_file(string step, string said)
        => Assert.Contains(said, (await Assert.ThrowsAnyAsync<ProblemException>(() => Says(step))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_place_is_a_text_or_a_record_and_the_schema_knows_both()
    {
        var order = new CopyPlan { From = new() { Files = "s3in:/sales/2026/*.csv" }, To = "lake:/raw/", Bandwidth = "20MiB/s" }.Order();
        Assert.Equal(("s3in:sales/2026/", "*.csv", "lake:raw/", 20L << 20), (order.From, order.Pattern, order.To, order.Bandwidth));
        var from = ProjectSchema.Of([PipelineSection.Of()])["properties"]!["pipelines"]!["additionalProperties"]!["properties"]!["steps"]!["items"]!.ToJsonString();
        Assert.Contains("\"from\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\"", from, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    internal static string Postgres(string address)
    {
        var parts = address.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return $"kind: postgres, host: {parts["Host"]}, port: {parts["Port"]}, user: {parts["Username"]}, database: {parts["Database"]}, tls: off";
    }

    internal static async IAsyncEnumerable<RowBatch> One(RowBatch batch)
    {
        await Task.Yield();
        yield return batch;
    }

    private static DateTime At(int hour, int minute) => new(2029, 12, 31, hour, minute, 0, DateTimeKind.Utc);

    private Task Says(params string[] steps)
    {
        var connections = steps[0].StartsWith("connections:", StringComparison.Ordinal) ? steps[0] : Drop;
        return _world.Says($"sales:\n    {Trigger}\n    steps:{string.Concat(steps.Where(step => step != connections).Select(step => $"\n      - {step}"))}", connections);
    }

    private async Task Put(string connection, string name, string text)
    {
        await using var store = await _world.Get<IConnections>().Files("shop", connection, Stop);
        await store.Put(name, Encoding.UTF8.GetBytes(text), Stop);
    }

    private async Task Again(int windows = 1)
    {
        await _world.Pipelines.Ask(Who.Open, "shop", "sales", new(Origin.Rerun, null, null), Stop);
        Assert.Equal(windows, await _world.Work());
        await Succeeded();
    }

    private async Task Succeeded() => Assert.True((await _world.States()).All(state => state == 'S'), string.Join(' ', (await _world.Windows()).Select(window => window.Why)));

    private async Task<string?> Words(string step) => (await _world.Pipelines.Window("shop", "sales", (await _world.Windows())[^1].StartAt, Stop))!.Steps.Single(one => one.Step == step).Words;

    private async Task<IReadOnlyList<string>> Ask(string sql, string table)
    {
        await using var reading = await _world.Get<ITables>().Open("shop", [TableReference.Parse(table)], Stop);
        return [.. (await _world.Get<ITableEngine>().Query(reading, sql, new() { Ours = true }, Stop)).Rows.Select(row => string.Join(' ', row.Select(value => value ?? "-")))];
    }
}
