using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Cli;
using Steward.Data.Tables;
using Steward.Engines.Tests.Doubles;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Training;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>Partitions scored as tasks of an engine: all of them, each once, whatever falls.</summary>
[Collection(ClusterOfTheirOwn.Name)]
public sealed class BatchOnEnginesTests(BatchServer server)
{
    private readonly string _folder = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string In => Path.Combine(_folder, "in");

    [Theory]
    [InlineData("process")]
    [InlineData("hpc")]
    [InlineData("gpu")]
    public async Task Partitions_scored_on_an_engine_are_those_scored_here_to_the_byte(string engine)
    {
        Partitions(3, 2000, seed: engine.Length);
        Assert.Equal(0, await Batch("here"));
        Assert.Equal(0, await Batch("there", engine));
        var (here, there) = (Manifest("here"), Manifest("there"));
        Assert.Equal(["day=2026-01-01/rows.parquet", "day=2026-01-02/rows.parquet", "day=2026-01-03/rows.parquet"], Files("there").Keys);
        Assert.Equal(Files("here"), Files("there"));
        Assert.Equal(here.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("output").GetString()), there.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("output").GetString()));
        Assert.Equal(("worth@1", engine, 6000, 6000, 0), (there.GetProperty("model").GetString(), there.GetProperty("engine").GetString(), Number(there, "rows"), Number(there, "answered"), Number(there, "setAside")));
        // Row for row: the columns of the input as they were, and the answer that belongs to them.
        foreach (var name in Files("there").Keys)
            Assert.Equal(["2000 0 true DECIMAL(9,2) worth@1"], Ask($"""
                SELECT count(*) || ' ' || sum((o.id <> i.id OR o.city IS DISTINCT FROM i.city OR o.price IS DISTINCT FROM i.price)::INT)
                       || ' ' || (max(abs(o.prediction - (3 * i.x + CASE WHEN i.city = 'Oslo' THEN 10 ELSE 0 END + {(name.Contains("-02/", StringComparison.Ordinal) ? 5 : 0)}))) < 1) || ' ' || min(typeof(o.price)) || ' ' || min(o.model)
                  FROM (SELECT *, row_number() OVER () AS n FROM read_parquet('{Path.Combine(_folder, "there", name)}', hive_partitioning = false)) o
                  JOIN (SELECT *, row_number() OVER () AS n FROM read_parquet('{Path.Combine(In, name)}', hive_partitioning = false)) i USING (n)
                """));
    }

    [Fact]
    public async Task A_machine_that_falls_in_the_middle_loses_no_partition_and_none_is_scored_twice()
    {
        Partitions(8, 3000, seed: 20);
        Assert.Equal(0, await Batch("here"));
        var slurm = TestSlurm.Cluster;
        var fallen = "";
        try
        {
            var batch = Batch("there", "hpc");
            await Eventually.True("a partition is scored on a machine", () => (fallen = slurm.Run("squeue", "--noheader", "--states=RUNNING", "--format=%N").Split('\n')[0].Trim()).Length > 0 || batch.IsCompleted, Stop);
            slurm.Lose(fallen);
            Assert.Equal(0, await batch);
            Assert.Contains(slurm.Run("squeue", "--noheader", "--states=all", "--Format=Name:|,RestartCnt:|").Split('\n'), line => line.Split('|') is [var name, var again, ..] && name.StartsWith("score", StringComparison.Ordinal) && int.Parse(again, CultureInfo.InvariantCulture) > 0);
        }
        finally
        {
            slurm.Return(fallen);
        }

        Assert.Equal(8, Files("there").Count);
        Assert.Equal(Files("here"), Files("there"));
        Assert.Equal(24_000, Number(Manifest("there"), "rows"));
    }

    [Fact]
    public async Task A_process_that_is_killed_in_the_middle_is_begun_again()
    {
        Partitions(3, 3000, seed: 25);
        Assert.Equal(0, await Batch("here"));
        var batch = Batch("there", "process");
        var killed = 0;
        await Eventually.True("a partition is scored by a process", () =>
        {
            foreach (var process in System.Diagnostics.Process.GetProcesses().Where(one => CommandOf(one.Id).Contains("child\0score\0" + server.Settings.Data, StringComparison.Ordinal)).Take(1))
                Try(() =>
                {
                    process.Kill();
                    killed = process.Id;
                    return "";
                });
            return killed > 0 || batch.IsCompleted;
        }, Stop);
        Assert.Equal(0, await batch);
        Assert.True(killed > 0, "It was over before anything could be killed.");
        Assert.Equal(Files("here"), Files("there"));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("hpc")]
    public async Task A_server_that_is_started_again_in_the_middle_goes_on_with_what_is_left(string engine)
    {
        Partitions(8, 2000, seed: engine.Length * 7);
        var batch = Batch("out", engine);
        await Eventually.True("a partition is kept", async () => batch.IsCompleted || ((await server.Tasks()) is [{ IsOver: false } task, ..] && (await server.Http.GetFromJsonAsync<BatchView>($"/api/projects/shop/batches/{task.Id}", Json.Options, Stop))!.Parts.Any(part => part.Output is not null)), Stop);
        var before = (await server.Tasks()).Count;
        await server.Restart();
        await Assert.ThrowsAnyAsync<Exception>(() => batch);
        Assert.Equal(0, await Batch("out", engine));
        var tasks = await server.Tasks();
        Assert.Equal((before, true), (tasks.Count, tasks[0].Attempt <= 2));
        Assert.InRange(Number(tasks[0].Result!.Value, "scored"), 0, 7);
        Assert.Equal((8, 16_000), (Files("out").Count, Number(Manifest("out"), "rows")));
        if (engine == "hpc")
            Assert.DoesNotContain("score", TestSlurm.Cluster.Run("squeue", "--noheader", "--format=%j"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_already_is_not_scored_again()
    {
        Partitions(3, 500, seed: 30);
        Assert.Equal(0, await Batch("out", "process"));
        var (first, tasks) = (Files("out"), (await server.Tasks()).Count);
        Assert.Equal(0, await Batch("out", "process"));
        Assert.Equal(first, Files("out"));
        Assert.Equal(tasks, (await server.Tasks()).Count);

        // A file that was lost comes back without being scored; one that is new is scored alone.
        File.Delete(Path.Combine(_folder, "out", first.Keys.First()));
        Assert.Equal(0, await Batch("out", "process"));
        Assert.Equal(first, Files("out"));
        Partition("day=2026-01-02", 500, seed: 99);
        Assert.Equal(0, await Batch("out", "process"));
        Assert.Equal([0, 1], (await server.Tasks()).Take(2).Select(task => Number(task.Result!.Value, "scored")).Order());
        Assert.Equal([true, false, true], Files("out").Select(file => first[file.Key] == file.Value));
    }

    [Fact]
    public async Task A_partition_that_cannot_be_scored_is_named_with_its_reason_and_the_others_are_kept()
    {
        Partitions(3, 200, seed: 40);
        await File.WriteAllTextAsync(Path.Combine(In, "day=2026-01-02", "rows.parquet"), "no parquet at all", Stop);
        var failed = await Assert.ThrowsAsync<ProblemException>(() => Batch("out", "process"));
        Assert.Equal("partitions_failed", failed.Code);
        Assert.Contains("1 of 3 partitions could not be scored: day=2026-01-02/rows.parquet: 'day=2026-01-02/rows.parquet' cannot be read", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["day=2026-01-01/rows.parquet", "day=2026-01-03/rows.parquet"], Files("out").Keys);
        Partition("day=2026-01-02", 200, seed: 42);
        Assert.Equal(0, await Batch("out", "process"));
        Assert.Equal((3, 600), (Files("out").Count, Number(Manifest("out"), "rows")));
        Assert.Equal(1, Number((await server.Tasks())[0].Result!.Value, "scored"));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_keep_their_place_and_are_counted_as_set_aside()
    {
        Directory.CreateDirectory(In);
        await File.WriteAllTextAsync(Path.Combine(In, "a.csv"), "id,x,city,day\n1,2,Oslo,2026-01-01\n2,many,Rome,2026-01-01\n3,4,Rome,2026-01-01\n", Stop);
        Ask($"COPY (SELECT * FROM (VALUES (1, '2', 'Oslo', '2026-01-01'), (2, 'many', 'Rome', '2026-01-01'), (3, NULL, '', '2026-01-01')) t (id, x, city, day)) TO '{Path.Combine(In, "b.parquet")}' (FORMAT parquet)");
        Assert.Equal(0, await Batch("out", "process"));
        Assert.Equal((6, 4, 2), (Number(Manifest("out"), "rows"), Number(Manifest("out"), "answered"), Number(Manifest("out"), "setAside")));
        Assert.Equal(["id,x,city,day,prediction,model", "2,many,Rome,2026-01-01,,worth@1"], (await File.ReadAllLinesAsync(Path.Combine(_folder, "out", "a.csv"), Stop)).Where((_, i) => i is 0 or 2));
        Assert.Equal(["1 true", "2 false", "3 true"], Ask($"SELECT id || ' ' || (prediction IS NOT NULL) FROM read_parquet('{Path.Combine(_folder, "out", "b.parquet")}')"));
        Assert.StartsWith("2,x,'many' is not a number", (await File.ReadAllLinesAsync(Path.Combine(_folder, "out", "b.parquet.bad.csv"), Stop))[1], StringComparison.Ordinal);
        // Nothing and an empty text stay what they were.
        Assert.Equal(["true", "true"], Ask($"UNPIVOT (SELECT x IS NULL AS a, city = '' AS b FROM read_parquet('{Path.Combine(_folder, "out", "b.parquet")}') WHERE id = 3) ON a, b").Select(row => row.Split('|')[^1]));
    }

    [Fact]
    public async Task Who_stops_the_batch_cancels_its_job_and_no_half_file_is_left()
    {
        Partitions(6, 2000, seed: 60);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var before = (await server.Tasks()).Count;
        var batch = Batch("out", "hpc", stop.Token);
        await Eventually.True("it runs", async () => batch.IsCompleted || ((await server.Tasks()).Count > before && TestSlurm.Cluster.Run("squeue", "--noheader", "--states=RUNNING", "--format=%j").Contains("score", StringComparison.Ordinal)), Stop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
        await Eventually.True("the task is cancelled", async () => (await server.Tasks())[0].State is WorkState.Cancelled, Stop);
        await Eventually.True("nothing runs", () => !TestSlurm.Cluster.Run("squeue", "--noheader", "--format=%j").Contains("score", StringComparison.Ordinal), Stop);
        Assert.True(!Directory.Exists(Path.Combine(_folder, "out")) || Directory.GetFiles(Path.Combine(_folder, "out"), "*", SearchOption.AllDirectories).Length == 0);
        Assert.Equal(0, await Batch("out", "hpc"));
        Assert.Equal(12_000, Number(Manifest("out"), "rows"));
    }

    [Fact]
    public async Task A_table_is_scored_file_by_file_as_it_was_when_it_was_asked()
    {
        for (var i = 0; i < 3; i++)
        {
            var file = Path.Combine(_folder, $"{i}.parquet");
            Ask($"COPY (SELECT i AS id, i * 1.5 AS x, 'Oslo' AS city, '2026-01-01' AS day FROM range({i * 100}, {(i + 1) * 100}) t(i)) TO '{file}' (FORMAT parquet)");
            var tables = server.Services.GetRequiredService<ITables>();
            await tables.Commit(BatchServer.Editor, new("shop", TableName.Parse("gold.customers"), ChangeKind.Append, null, [await tables.Stage("shop", file, stop: Stop)]), Stop);
        }

        Assert.Equal(0, await Batch("out", "process", from: "gold.customers@2"));
        Assert.Equal(["part-00000.parquet", "part-00001.parquet"], Files("out").Keys);
        Assert.Equal(["200 19900"], Ask($"SELECT count(*) || ' ' || sum(id) FROM read_parquet('{Path.Combine(_folder, "out", "*.parquet")}') WHERE prediction IS NOT NULL"));
    }

    [Fact]
    public async Task What_does_not_suit_is_refused_before_anything_is_sent()
    {
        Partitions(1, 10, seed: 70);
        Assert.Equal("engine_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Batch("out", "hcp"))).Code);
        Assert.Equal("folders_overlap", (await Assert.ThrowsAsync<ProblemException>(() => Batch("in/out", "process"))).Code);
        Directory.CreateDirectory(Path.Combine(_folder, "more"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "more", "old.parquet"), "", Stop);
        Assert.Equal("output_has_more", (await Assert.ThrowsAsync<ProblemException>(() => Batch("more", "process"))).Code);
        using var odd = await server.Http.PostAsJsonAsync("/api/projects/shop/batches", new { model = "worth@1", parts = new[] { new { name = "../../x.parquet", input = new string('a', 64) } } }, Stop);
        Assert.Contains("Send it first", await odd.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<int> Batch(string to, string? on = null, CancellationToken? stop = null, string? from = null)
    {
        using var cli = new Server(_ => Task.FromResult(new HttpClient { BaseAddress = new Uri(server.Url) })) { Project = () => "shop" };
        var verb = new TrainingRoom().Verbs(cli).Single(verb => verb.Name == "batch");
        return await verb.Parse(["worth@1", from ?? In, Path.Combine(_folder, to), .. on is null ? (string[])[] : ["--on", on]]).InvokeAsync(new() { EnableDefaultExceptionHandler = false }, stop ?? Stop);
    }

    private void Partitions(int days, int rows, int seed)
    {
        for (var day = 1; day <= days; day++)
            Partition($"day=2026-01-{day:00}", rows, seed + day);
    }

    private void Partition(string day, int rows, int seed)
    {
        Directory.CreateDirectory(Path.Combine(In, day));
        Ask($"COPY (SELECT {seed} * 100000 + i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE (i % 100)::DECIMAL(9,2) END AS price, (hash(i + {seed}) % 1000) / 10.0 AS x, CASE i % 3 WHEN 0 THEN 'Oslo' WHEN 1 THEN 'Rome, \"I\"' ELSE NULL END AS city FROM range({rows}) t(i)) TO '{Path.Combine(In, day, "rows.parquet")}' (FORMAT parquet)");
    }

    /// <summary>Digests by name.</summary>
    private SortedDictionary<string, string> Files(string folder) => new(Directory.GetFiles(Path.Combine(_folder, folder), "*.parquet", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(Path.Combine(_folder, folder), file), file => Digest.Of(File.ReadAllBytes(file)).Hex), StringComparer.Ordinal);

    private JsonElement Manifest(string folder) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(_folder, folder, "_manifest.json")));

    private static string CommandOf(int process) => Try(() => File.ReadAllText($"/proc/{process}/cmdline")) ?? "";

    /// <summary>A process may end while it is looked at.</summary>
    private static string? Try(Func<string> look)
    {
        try
        {
            return look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static List<string> Ask(string sql)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch { bool yes => yes ? "true" : "false", var value => Convert.ToString(value, CultureInfo.InvariantCulture) })));
        return rows;
    }
}

/// <summary>One after the other, and while nobody else is: they count what runs on the cluster, and let machines fall.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterOfTheirOwn : ICollectionFixture<BatchServer>
{
    public const string Name = "a cluster of their own";
}

/// <summary>A server with engines, and a model that was learned from a small table.</summary>
public sealed class BatchServer : TestHost
{
    public static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });
    private static readonly string File = Path.Combine(TestFolder.New(), "engines.yaml");

    public BatchServer() : base(settings => settings with { Engines = File })
    {
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        var cluster = await DoubleCluster.Start();
        var slurm = TestSlurm.Cluster;
        await System.IO.File.WriteAllTextAsync(File, $$"""
            hpc:
              slurm: {conf: {{slurm.Conf}}, folder: {{slurm.Shared}}}
            gpu:
              kubernetes: {kubeconfig: {{cluster.Kubeconfig}}, namespace: {{DoubleCluster.Namespace}}, image: steward, program: {{Path.Combine(AppContext.BaseDirectory, "steward")}}, claim: {{DoubleCluster.Shared}}, folder: {{cluster.Folder}}}
            """);
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\n", Editor, Stop);
        await Register("worth", Worth());
    }

    /// <summary>Newest first.</summary>
    public async Task<List<TaskView>> Tasks() => [.. (await Http.GetFromJsonAsync<List<TaskView>>("/api/projects/shop/tasks", Json.Options, Stop))!.Where(task => task.Kind == "batch")];

    public async Task Register(string model, byte[] onnx)
    {
        var (runs, blob) = (Services.GetRequiredService<IRuns>(), await Services.GetRequiredService<IBlobs>().Put(onnx, Stop));
        var run = await runs.Start(Editor, new("shop", model), Stop);
        await runs.Artifact(Editor, run.Id, "model.onnx", blob, Stop);
        await runs.End(Editor, run.Id, RunStatus.Finished, Stop);
        await Services.GetRequiredService<IModels>().Register(Editor, new("shop", model, run.Id, "gold.customers@1", blob.Digest), Stop);
    }

    /// <summary>3 x, and 10 more in Oslo, and 5 more on the second day.</summary>
    private static byte[] Worth()
    {
        double[] x = [.. Enumerable.Range(0, 2000).Select(i => i * 31 % 1000 / 10.0)];
        var (city, day) = (TextColumn.Of("city", x.Select((_, i) => (i % 3) switch { 0 => "Oslo", 1 => "Rome, \"I\"", _ => null })), TextColumn.Of("day", x.Select((_, i) => $"2026-01-0{(i / 3 % 3) + 1}")));
        double[] y = [.. x.Select((value, i) => (3 * value) + (i % 3 == 0 ? 10 : 0) + (i / 3 % 3 == 1 ? 5 : 0))];
        return TableTraining.Regression(new([new NumberColumn("x", x), city, day, new NumberColumn("y", y)]), "y", new() { Linear = new() }, CancellationToken.None);
    }
}
