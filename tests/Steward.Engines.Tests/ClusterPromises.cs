using Steward.Core.Tests;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>What engines on other machines promise beyond: they may fall silent, their machines too, and this server may be another one meanwhile.</summary>
public abstract class ClusterPromises : ExecutorPromises
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zombie_is_not_heard()
    {
        var folder = TestFolder.New();
        var script = $"""
            if mkdir {folder}/first 2>/dev/null; then until [ -e {folder}/gate ]; do sleep 0.1; done; echo zombie; touch {folder}/zombie
            else touch {folder}/second; until [ -e {folder}/end ]; do sleep 0.1; done; echo second; fi
            """;
        var job = await Executor.Submit(Shell(script) with { Requeue = 1 }, Stop);
        await Eventually.True("it has begun", () => Directory.Exists(folder + "/first"), Stop);
        await CutMachine((await Executor.Observe(job, Stop))!.Tasks[0]);
        await Eventually.True("it has begun again elsewhere", () => File.Exists(folder + "/second"), Stop);
        await File.WriteAllTextAsync(folder + "/gate", "", Stop);
        await Eventually.True("the first one ends as if nothing had been", () => File.Exists(folder + "/zombie"), Stop);
        Assert.False((await Executor.Observe(job, Stop))!.IsOver);
        await File.WriteAllTextAsync(folder + "/end", "", Stop);
        var task = Only(await Executor.Wait(job, Stop));
        Assert.Equal((JobState.Succeeded, 2), (task.State, task.Begun));
        Assert.Equal(["second"], await Lines(job));
    }

    [Fact]
    public async Task A_job_outlives_the_server_that_submitted_it()
    {
        var gate = Path.Combine(TestFolder.New(), "gate");
        var job = await Executor.Submit(Shell($"echo one; until [ -e {gate} ]; do sleep 0.05; done; echo two") with { Labels = new Dictionary<string, string> { ["of"] = "the first" } }, Stop);
        var next = await Engine();
        Assert.Equal("the first", (await next.Observe(job, Stop))!.Labels["of"]);
        await File.WriteAllTextAsync(gate, "", Stop);
        Assert.True((await next.Wait(job, Stop)).Succeeded);
        var lines = new List<string>();
        await foreach (var line in next.Logs(job, 0, follow: true, Stop))
            lines.Add(line.Text);
        Assert.Equal(["one", "two"], lines);
    }

    [Fact]
    public async Task An_engine_that_falls_silent_is_waited_for()
    {
        var folder = TestFolder.New();
        var job = await Executor.Submit(Shell($"touch {folder}/begun; until [ -e {folder}/gate ]; do sleep 0.05; done; touch {folder}/done"), Stop);
        await Eventually.True("it has begun", () => File.Exists(folder + "/begun"), Stop);
        var waiting = Executor.Wait(job, Stop);
        await Silence();
        try
        {
            Assert.Equal("engine_unreachable", (await Assert.ThrowsAsync<ProblemException>(() => Executor.Look(Stop))).Code);
            Assert.Equal("engine_unreachable", (await Assert.ThrowsAsync<ProblemException>(() => Executor.Observe(job, Stop))).Code);
            await File.WriteAllTextAsync(folder + "/gate", "", Stop);
            await Eventually.True("the task goes on and ends", () => File.Exists(folder + "/done"), Stop);
            Assert.False(waiting.IsCompleted);
        }
        finally
        {
            await Speak();
        }

        Assert.True((await waiting).Succeeded);
    }

    /// <summary>The machine under a task goes on, and nobody reaches it.</summary>
    protected abstract Task CutMachine(JobTask task);

    protected abstract Task Silence();

    protected abstract Task Speak();
}
