using Microsoft.Extensions.DependencyInjection;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>A real Slurm keeps what every engine promises.</summary>
public sealed class SlurmExecutorTests : ClusterPromises
{
    private static readonly TestSlurm Slurm = TestSlurm.Cluster;
    private string? _fallen;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override int ManyAtOnce => 8;

    protected override int Some => 12;

    [Fact]
    public async Task A_job_is_one_array_with_its_limits_and_labels()
    {
        var job = await Executor.Submit(Shell("sleep 1000") with { Tasks = 3, AtOnce = 2, Limits = new() { Memory = 256L << 20, Time = TimeSpan.FromMinutes(5), Cpus = 2 }, Labels = new Dictionary<string, string> { ["project"] = "fruit" } }, Stop);
        await Eventually.True("two run", async () => (await Executor.Observe(job, Stop))!.Tasks.Count(task => task.State is JobState.Running) == 2, Stop);
        var lines = Slurm.Run("squeue", "--noheader", "--array", $"--name=shell.{job.Id}", "--Format=ArrayJobID:|,ArrayTaskID:|,tres-alloc:200|,TimeLimit:|,Comment:|,State:|").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Single(lines.Select(line => line[0]).Distinct());
        Assert.All(lines, line => Assert.Equal(("7:00", "project=fruit"), (line[3], line[4])));
        Assert.All(lines.Where(line => line[5] == "RUNNING"), line => Assert.StartsWith("cpu=2,mem=449M", line[2], StringComparison.Ordinal));
        Assert.Equal(1, lines.Count(line => line[5] == "PENDING"));
        Assert.Contains("JobArrayTaskLimit", (await Executor.Observe(job, Stop))!.Tasks[2].Reason, StringComparison.Ordinal);
        await Executor.Cancel(job, Stop);
    }

    [Fact]
    public async Task What_was_cancelled_in_Slurm_is_told_so()
    {
        var job = await Executor.Submit(Shell("echo here; exec sleep 1000"), Stop);
        await foreach (var _ in Executor.Logs(job, 0, follow: true, Stop))
            break;
        Slurm.Run("scancel", $"--name=shell.{job.Id}");
        var task = Only(await Executor.Wait(job, Stop));
        Assert.Equal((JobState.Cancelled, "It was cancelled in Slurm."), (task.State, task.Reason));
    }

    [Fact]
    public async Task A_job_that_Slurm_has_forgotten_is_known_by_its_own_words()
    {
        var job = await Executor.Submit(Shell("echo word; exit 4"), Stop);
        await Executor.Wait(job, Stop);
        // As if another had been given the number since: Slurm's numbers do not last.
        await File.WriteAllTextAsync(Path.Combine(Slurm.Shared, $"job-{job.Id}", "slurm"), "99999999", Stop);
        var task = Only((await Executor.Observe(job, Stop))!);
        Assert.Equal((JobState.Failed, 4), (task.State, task.ExitCode));
        Assert.Equal(["word"], await Lines(job));
    }

    [Fact]
    public async Task A_server_that_fell_before_it_knew_the_number_finds_its_job_again()
    {
        var job = await Executor.Submit(Shell("exit 0"), Stop);
        File.Delete(Path.Combine(Slurm.Shared, $"job-{job.Id}", "slurm"));
        Assert.True((await (await Engine()).Wait(job, Stop)).Succeeded);
    }

    [Fact]
    public async Task What_Slurm_refuses_is_told_in_its_words_and_leaves_nothing()
    {
        var before = Directory.GetDirectories(Slurm.Shared, "job-*").Length;
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Executor.Submit(Shell("exit 0") with { Tasks = 2000 }, Stop));
        Assert.Equal("engine_refused", refused.Code);
        Assert.Contains("array", refused.Message, StringComparison.OrdinalIgnoreCase);
        refused = await Assert.ThrowsAsync<ProblemException>(() => Named("partition: fast").Look(Stop));
        Assert.Contains("no partition 'fast', only main", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetDirectories(Slurm.Shared, "job-*").Length);
    }

    public override ValueTask DisposeAsync()
    {
        if (_fallen is not null)
            Slurm.Return(_fallen);
        return ValueTask.CompletedTask;
    }

    protected override Task<IExecutor> Engine() => Task.FromResult(Named("partition: main"));

    private static IExecutor Named(string settings) => TestEngines.Named("hpc", $"hpc: {{slurm: {{conf: {Slurm.Conf}, folder: {Slurm.Shared}, {settings}}}}}");

    protected override Task LoseMachine(JobTask task, int process)
    {
        Slurm.Lose(_fallen = task.Machine!);
        return Task.CompletedTask;
    }

    protected override Task CutMachine(JobTask task)
    {
        Slurm.Cut(_fallen = task.Machine!);
        return Task.CompletedTask;
    }

    protected override Task Silence()
    {
        Slurm.Silence();
        return Task.CompletedTask;
    }

    protected override Task Speak()
    {
        Slurm.Speak();
        return Task.CompletedTask;
    }
}
