using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Steward.Pipelines;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Engines.Tests;

/// <summary>Many windows whose steps run on a cluster: as many at once as there are slots, each once, whatever falls.</summary>
[Collection(ClusterOfTheirOwn.Name)]
public sealed class BackfillTests(BatchServer server)
{
    private static readonly TestSlurm Slurm = TestSlurm.Cluster;
    private readonly string _folder = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Told => Path.Combine(_folder, "told");

    private string Gate => Path.Combine(_folder, "open");

    [Fact]
    public async Task So_many_windows_are_on_the_engine_as_there_are_slots_however_few_workers_the_server_has()
    {
        await Says("slots", 12, "max_concurrency: 5");
        var most = 0;
        await Eventually.True("five run at once", () => (most = Math.Max(most, Running("slots"))) >= 5, Stop);
        Assert.True(server.Settings.Workers < 5);
        await File.WriteAllTextAsync(Gate, "", Stop);
        await Eventually.True("all are over", async () => (most = Math.Max(most, Running("slots"))) > 5 || await Count("slots", WindowState.Succeeded) == 12, Stop);
        Assert.Equal(5, most);
        Assert.Equal((await Windows("slots")).Select(window => window.StartAt.UtcDateTime.ToString("O")).Order(), (await File.ReadAllLinesAsync(Told, Stop)).Order());
    }

    [Fact]
    public async Task Who_cancels_a_backfill_cancels_its_jobs()
    {
        await Says("cancelled", 6, "max_concurrency: 3");
        await Eventually.True("three run", () => Running("cancelled") == 3, Stop);
        using var reply = await server.Http.PostAsJsonAsync("/api/projects/shop/pipelines/cancelled/cancel", new { }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        await Eventually.True("nothing of it is left on the engine", () => Running("cancelled") == 0 && Jobs("cancelled", "--states=PENDING,RUNNING,COMPLETING").Count == 0, Stop);
        Assert.All(await Windows("cancelled"), window => Assert.Equal(WindowState.Cancelled, window.State));
        Assert.False(File.Exists(Told));
    }

    [Fact]
    public async Task A_machine_that_falls_costs_its_windows_a_try_and_nothing_else()
    {
        await Says("fallen", 4, "max_concurrency: 4, retry: {count: 3, every: 1s}");
        var machine = "";
        try
        {
            await Eventually.True("all run", () => Running("fallen") == 4, Stop);
            machine = Jobs("fallen", "--states=RUNNING", "--format=%N")[0];
            Slurm.Lose(machine);
            await File.WriteAllTextAsync(Gate, "", Stop);
            await Eventually.True("all have succeeded", async () => await Count("fallen", WindowState.Succeeded) == 4, Stop);
        }
        finally
        {
            Slurm.Return(machine);
        }

        Assert.Contains(await Windows("fallen"), window => window.Runs > 1);
        Assert.Equal(4, (await File.ReadAllLinesAsync(Told, Stop)).Distinct().Count());
    }

    [Fact]
    public async Task Who_takes_over_from_a_server_that_was_killed_finds_its_job_and_does_not_place_another()
    {
        await using var next = await AfterAKill(Yaml("killed", 1, "max_concurrency: 1"), "killed");
        await Ends(next, "killed");
        Assert.Single(await File.ReadAllLinesAsync(Told, Stop));
        Assert.Single(Jobs("killed", "--states=all"));
    }

    [Fact]
    public async Task Who_takes_over_begins_a_command_again_whose_files_were_to_come_to_the_server_that_is_gone()
    {
        await using var next = await AfterAKill(Yaml("brought", 1, "max_concurrency: 1", ", brings: 'inbox:/made/'"), "brought");
        await Eventually.True("the job of the server that is gone is cancelled", () => Jobs("brought", "--states=CANCELLED").Count == 1, Stop);
        await Ends(next, "brought");
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(next.Settings.Data, "inbox", "shop", "made", "made.csv"), Stop));
        Assert.Single(await File.ReadAllLinesAsync(Told, Stop));
        Assert.Equal(["CANCELLED", "COMPLETED"], Jobs("brought", "--states=all", "--format=%T").Order());
    }

    /// <summary>A server is killed while the window's job runs, and the next one on its data has taken the window over.</summary>
    private async Task<TestHost> AfterAKill(string yaml, string pipeline)
    {
        var (data, port) = (TestFolder.New(), FreePort());
        File.Copy(server.Settings.Engines!, Path.Combine(data, "engines.yaml"));
        using (var first = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "steward"), ["up", "--data", data, "--port", $"{port}", "--open"]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
            try
            {
                using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
                await Eventually.Answers(http, "/health/ready", () => first.HasExited, Stop);
                using var put = await http.PutAsJsonAsync("/api/projects/shop/file", new { yaml }, Stop);
                Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Stop));
                await Eventually.True("it runs", () => Running(pipeline) == 1, Stop);
            }
            finally
            {
                first.Kill();
                await first.WaitForExitAsync(Stop);
            }

        var next = new TestHost(settings => settings with { Data = data });
        await next.InitializeAsync();
        await Eventually.True("it is taken over", async () => (await next.Services.GetRequiredService<Work.ILedger>().Newest("shop", stop: Stop)) is [{ Attempt: 2, State: Work.WorkState.Running }, ..], Stop);
        return next;
    }

    private async Task Ends(TestHost next, string pipeline)
    {
        await File.WriteAllTextAsync(Gate, "", Stop);
        await Eventually.True("the window has succeeded", async () => (await next.Services.GetRequiredService<IPipelines>().Windows("shop", pipeline, stop: Stop)) is [{ State: WindowState.Succeeded, Runs: 1 }], Stop);
    }

    private async Task Says(string pipeline, int windows, string how)
        => await server.Services.GetRequiredService<IProjects>().Put(Yaml(pipeline, windows, how), BatchServer.Editor, Stop);

    /// <summary>Every window waits at the gate and then tells its start.</summary>
    private string Yaml(string pipeline, int windows, string how, string brings = "")
    {
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return $$"""
            steward: 1
            project: shop
            pipelines:
              {{pipeline}}:
                trigger: {tumbling: {every: 1h, start: "{{start:yyyy-MM-ddTHH:mmZ}}", end: "{{start.AddHours(windows):yyyy-MM-ddTHH:mmZ}}", {{how}} } }
                steps: [{command: {run: [sh, -c, 'while [ ! -e {{Gate}} ]; do sleep 0.1; done; echo made > made.csv; echo $STEWARD_WINDOW_START >> {{Told}}'], run_on: hpc{{brings}}} }]

            """.ReplaceLineEndings("\n");
    }

    private async Task<IReadOnlyList<Window>> Windows(string pipeline) => [.. await server.Services.GetRequiredService<IPipelines>().Windows("shop", pipeline, stop: Stop)];

    private async Task<int> Count(string pipeline, WindowState state) => (await Windows(pipeline)).Count(window => window.State == state);

    private static int Running(string pipeline) => Jobs(pipeline, "--states=RUNNING").Count;

    private static List<string> Jobs(string pipeline, string states, string format = "--format=%j")
    {
        var lines = Slurm.Run("squeue", "--noheader", "--array", states, $"{format}|%j").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(line => line.Split('|')[^1].StartsWith(pipeline, StringComparison.Ordinal)).Select(line => line.Split('|')[0].Trim())];
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
