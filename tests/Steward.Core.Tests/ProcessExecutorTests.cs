using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

/// <summary>The embedded engine keeps what every engine promises.</summary>
public sealed class ProcessExecutorTests : ExecutorPromises
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = TestFolder.New() }).AddWork().BuildServiceProvider();

    public override ValueTask DisposeAsync() => _services.DisposeAsync();

    protected override Task<IExecutor> Engine() => Task.FromResult(_services.GetRequiredService<IExecutor>());

    /// <summary>This machine is the server's, too: what can be lost is the process.</summary>
    protected override Task LoseMachine(JobTask task, int process)
    {
        Process.GetProcessById(process).Kill();
        return Task.CompletedTask;
    }
}

/// <summary>And beyond that: nothing it started outlives it.</summary>
public class ProcessesEndTests
{
    private static readonly string Crash = Path.Combine(AppContext.BaseDirectory, "Steward.Crash");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_killed_at_once_leaves_no_process_behind()
    {
        var folder = TestFolder.New();
        var (server, family) = await Started(folder);
        Assert.Equal(6, family.Count);
        Assert.All(family, id => Assert.True(Alive(id)));
        server.Kill();
        await Eventually.True("all are gone", () => !family.Any(Alive), Stop);
        await Eventually.True("the reaper is gone too", () => !Processes(folder).Any(), Stop);
        server.Dispose();
    }

    [Fact]
    public async Task What_a_server_and_its_reaper_left_is_ended_when_the_next_one_starts()
    {
        var folder = TestFolder.New();
        var (server, family) = await Started(folder);
        foreach (var reaper in Processes(folder))
            Process.GetProcessById(reaper).Kill();
        server.Kill();
        await server.WaitForExitAsync(Stop);
        var litter = Directory.GetDirectories(Path.Combine(folder, "work"));
        Assert.Equal(3, litter.Length);
        Assert.All(family, id => Assert.True(Alive(id)));

        await using var services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = folder }).AddWork().BuildServiceProvider();
        await services.GetRequiredService<WorkFolder>().StartAsync(Stop);
        Assert.All(family, id => Assert.False(Alive(id)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "work")));
        server.Dispose();
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_jobs_and_its_reaper()
    {
        var folder = TestFolder.New();
        var services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = folder }).AddWork().BuildServiceProvider();
        var executor = services.GetRequiredService<IExecutor>();
        var job = await executor.Submit(new JobSpec("sleep", ["sleep", "1000"]), Stop);
        await Eventually.True("it runs", async () => (await executor.Observe(job, Stop))!.Tasks[0].State is JobState.Running, Stop);
        await services.DisposeAsync();
        Assert.Equal((JobState.Cancelled, "The server stopped."), (await executor.Observe(job, Stop))!.Tasks[0] is var task ? (task.State, task.Reason) : default);
        await Eventually.True("the reaper is gone", () => !Processes(folder).Any(), Stop);
        Assert.Equal("stopping", (await Assert.ThrowsAsync<ProblemException>(() => executor.Submit(new JobSpec("late", ["true"]), Stop))).Code);
    }

    private static async Task<(Process Server, List<int> Family)> Started(string folder)
    {
        var server = Process.Start(new ProcessStartInfo(Crash, ["jobs", folder]) { RedirectStandardOutput = true })!;
        var family = new List<int>();
        while (await server.StandardOutput.ReadLineAsync(Stop) is { } line && line != "ready")
            family.AddRange(line.Split(' ').Select(int.Parse));
        return (server, family);
    }

    /// <summary>Reapers of this data folder: its worker's name stands in their command line.</summary>
    private static IEnumerable<int> Processes(string folder)
    {
        var worker = File.ReadAllText(Path.Combine(folder, "worker"));
        return Process.GetProcesses().Select(process => process.Id).Where(id => Alive(id) && CommandLine(id).Contains($"reap\0{worker}/", StringComparison.Ordinal));
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static bool Alive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
