using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Data.Tests.Tables;

public sealed class TableKillOnSqliteTests() : TableKillTests("sqlite:" + Path.Combine(TestFolder.New(), "steward.db"), servers: 1);

public sealed class TableKillOnPostgresTests() : TableKillTests(TestPostgres.NewDatabase(), servers: 2);

/// <summary>Servers killed with kill -9 between the file and the change: every window is appended once, and readers see whole ones only.</summary>
public abstract class TableKillTests(string address, int servers) : IAsyncLifetime
{
    private const int Windows = 60, Kills = 4, RowsOfWindow = 10;
    private readonly Random _chance = new(7);
    private readonly List<(string Folder, Process Process)> _servers = [];
    private Lake _lake = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_windows_are_there_once_and_whole_whatever_was_killed()
    {
        var ledger = _lake.Services.GetRequiredService<ILedger>();
        for (var window = 0; window < Windows; window++)
            await ledger.Add(new NewTask(Lake.Project, "window", $"hour {window}", new { window, pause = 40 }, MaxAttempts: 20), Who.Steward, Stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reader = Task.Run(() => ReadAgainAndAgain(over.Token), Stop);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Eventually.True("a file is written and its change not yet made", async () => await Tasks("state = 'running' AND message = 'written'") > 0, Stop);
            var victim = _chance.Next(servers);
            _servers[victim].Process.Kill();
            await _servers[victim].Process.WaitForExitAsync(Stop);
            _servers[victim].Process.Dispose();
            _servers[victim] = (_servers[victim].Folder, await Start(_servers[victim].Folder));
        }

        await Eventually.True("all are done", async () => await Tasks("state = 'done'") == Windows, Stop);
        await over.CancelAsync();
        Assert.True(await reader > 0);
        Assert.True(await Tasks("attempt > 1") > 0, "no kill hit a window");
        Assert.Equal([$"{Windows * RowsOfWindow} {Windows * RowsOfWindow} {Windows}"], await _lake.Ask("SELECT count(*), count(DISTINCT id), count(DISTINCT hour) FROM silver.windows", "silver.windows"));
        Assert.Equal(Windows, (await _lake.Tables.Find(Lake.Project, TableReference.Parse("silver.windows"), Stop))!.Version);
    }

    public async ValueTask InitializeAsync()
    {
        var db = Db.Connect(address);
        await db.Migrate([typeof(IRoom).Assembly, typeof(DataRoom).Assembly], Stop);
        _lake = new(db);
        for (var i = 0; i < servers; i++)
        {
            var folder = TestFolder.New();
            _servers.Add((folder, await Start(folder)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in _servers)
        {
            process.Kill();
            process.Dispose();
        }

        await _lake.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<int> ReadAgainAndAgain(CancellationToken over)
    {
        for (var looks = 0; ; looks++)
        {
            if (over.IsCancellationRequested)
                return looks;
            if (await _lake.Tables.Find(Lake.Project, TableReference.Parse("silver.windows"), Stop) is null)
                continue;
            await using var reading = await _lake.Tables.Open(Lake.Project, [TableReference.Parse("silver.windows")], Stop);
            Assert.Equal([$"{reading.Tables[0].Snapshot.Rows} 0"], await _lake.Ask($"SELECT sum(n), count(*) FILTER (n <> {RowsOfWindow}) FROM (SELECT hour, count(*) AS n FROM silver.windows GROUP BY hour)", reading));
        }
    }

    private async Task<Process> Start(string folder)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Steward.Crash"), ["windows", folder, address, _lake.Folder, "2"]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Stop));
        return process;
    }

    private Task<long> Tasks(string which) => _lake.Db.One<long>($"SELECT count(*) FROM task WHERE {which}", stop: Stop);
}
