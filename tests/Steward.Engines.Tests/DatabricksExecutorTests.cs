using Steward.Engines.Tests.Doubles;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>Runs of a workspace keep what every engine promises, against a double that is as strict as the Jobs API. No workspace was at hand.</summary>
public sealed class DatabricksExecutorTests : ClusterPromises
{
    private DoubleWorkspace _workspace = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override int ManyAtOnce => 8;

    protected override int Some => 12;

    protected override bool KeepsOrder => false;

    public override async ValueTask InitializeAsync()
    {
        _workspace = await DoubleWorkspace.Start();
        await base.InitializeAsync();
    }

    [Fact]
    public async Task A_job_is_one_run_whose_tasks_wait_for_each_other_so_that_few_run_at_once()
    {
        await Executor.Submit(Shell("exit 0") with { Tasks = 5, AtOnce = 2, Requeue = 3, Limits = new() { Time = TimeSpan.FromMinutes(5) }, Labels = new Dictionary<string, string> { ["project"] = "fruit & more" } }, Stop);
        var body = Assert.Single(_workspace.Runs).Body;
        var tasks = body["tasks"]!.AsArray();
        Assert.Equal(["", "", "t0", "t1", "t2"], tasks.Select(task => (string?)task!["depends_on"]?[0]!["task_key"] ?? ""));
        Assert.All(tasks, task => Assert.Equal((3, 300 + 1800), ((int)task!["max_retries"]!, (int)task["timeout_seconds"]!)));
        Assert.Equal("fruit___more", (string?)tasks[0]!["new_cluster"]!["custom_tags"]!["steward-project"]);
        Assert.True(((string)body["idempotency_token"]!).Length <= 64);
    }

    [Fact]
    public async Task What_a_run_cannot_hold_is_several_runs_and_one_job()
    {
        var job = await Executor.Submit(Shell("exit 0") with { Tasks = 1001, AtOnce = 5 }, Stop);
        Assert.Equal([1000, 1], _workspace.Runs.OrderBy(run => run.Id).Select(run => run.Tasks.Count));
        Assert.Equal(1001, (await Executor.Observe(job, Stop))!.Tasks.Count);
        await Executor.Cancel(job, Stop);
        Assert.True((await Executor.Wait(job, Stop)).IsOver);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Executor.Submit(Shell("exit 0") with { Tasks = 5000, AtOnce = 4 }, Stop));
        Assert.Equal("engine_cannot", refused.Code);
        Assert.Contains("cuts 5000 tasks into 5 runs of 1000 that go side by side, more than the 4 at once", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster: 0923-164208-meows279", "existing_cluster_id")]
    [InlineData("keep: 7d", "environment_key")]
    [InlineData("runtime: 15.4.x-scala2.12, pool: pool-1, policy: small", "new_cluster")]
    public async Task A_task_runs_on_a_cluster_that_is_there_on_a_new_one_or_serverless(string settings, string field)
    {
        var engine = Named(settings);
        Assert.NotEmpty((await engine.Look(Stop)).Places);
        Assert.True((await engine.Wait(await engine.Submit(Shell("exit 0"), Stop), Stop)).Succeeded);
        Assert.NotNull(Assert.Single(_workspace.Runs).Body["tasks"]![0]![field]);
    }

    [Theory]
    [InlineData("latest", "16.1.x-scala2.12", "16.4.x-scala2.13")]
    [InlineData("latest-lts", "15.4.x-scala2.12", "16.4.x-scala2.13")]
    [InlineData("9.1.x-scala2.12", "9.1.x-scala2.12", null)]
    public async Task What_is_called_latest_is_looked_up_once_and_every_later_job_has_the_same(string asked, string first, string? newer)
    {
        var data = TestFolder.New();
        Assert.Equal(first, await Runtime());
        _workspace.Offers.AddRange([("16.4.x-scala2.12", "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)"), ("16.4.x-scala2.13", "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.13)")]);
        Assert.Equal(first, await Runtime());
        Assert.Contains(first, (await Fresh().Look(Stop)).Places[0].Name, StringComparison.Ordinal);
        if (newer is null)
            Assert.Equal("nothing_to_pin", (await Assert.ThrowsAsync<ProblemException>(() => ((IPinned)Fresh()).Pin(Stop))).Code);
        else
            Assert.Equal((asked, newer), await ((IPinned)Fresh()).Pin(Stop) is var pin ? (pin.Asked, pin.Exact) : default);
        Assert.Equal(newer ?? first, await Runtime());

        // As a server that was started again has it.
        IExecutor Fresh() => TestEngines.All(Yaml($"runtime: {asked}, node: i3.xlarge"), data).Get("lake");

        async Task<string?> Runtime()
        {
            var engine = Fresh();
            Assert.True((await engine.Wait(await engine.Submit(Shell("exit 0"), Stop), Stop)).Succeeded);
            return (string?)_workspace.Runs.MaxBy(run => run.Id)!.Body["tasks"]![0]!["new_cluster"]!["spark_version"];
        }
    }

    [Fact]
    public async Task A_workspace_that_offers_nothing_that_could_be_meant_is_said_to()
    {
        _workspace.Offers.Clear();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Named("runtime: latest-lts, node: i3.xlarge").Submit(Shell("exit 0"), Stop));
        Assert.Contains("offers no runtime that could be latest-lts", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_workspace.Runs);
    }

    [Fact]
    public async Task A_run_that_was_taken_without_an_answer_is_not_submitted_twice()
    {
        _workspace.CutAnswers(2);
        var job = await Executor.Submit(Shell("echo once"), Stop);
        Assert.True((await Executor.Wait(job, Stop)).Succeeded);
        Assert.Single(_workspace.Runs);
        Assert.Equal(["once"], await Lines(job));
    }

    [Fact]
    public async Task A_server_that_fell_before_it_knew_its_run_finds_it_again()
    {
        var job = await Executor.Submit(Shell("echo once") with { Id = new string('a', 32) }, Stop);
        Assert.Equal(job, Executor.Named(Shell("echo once") with { Id = new string('a', 32) }));
        File.Delete(Path.Combine(_workspace.Mount, $"job-{job.Id}", "runs.json"));
        Assert.True((await (await Engine()).Wait(job, Stop)).Succeeded);
        Assert.Single(_workspace.Runs);
        Assert.True(File.Exists(Path.Combine(_workspace.Mount, $"job-{job.Id}", "runs.json")));
    }

    [Fact]
    public async Task Jobs_in_which_nothing_has_changed_for_long_go_from_the_volume()
    {
        var old = await Executor.Submit(Shell("exit 0"), Stop);
        await Executor.Wait(old, Stop);
        var folder = Path.Combine(_workspace.Mount, $"job-{old.Id}");
        foreach (var path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-8));
        var next = await Executor.Submit(Shell("exit 0"), Stop);
        Assert.True((await Executor.Wait(next, Stop)).Succeeded);
        Assert.False(Directory.Exists(folder));
        Assert.True(Directory.Exists(Path.Combine(_workspace.Mount, $"job-{next.Id}")));
    }

    [Fact]
    public async Task A_workspace_that_is_asked_too_often_is_asked_again_later()
    {
        _workspace.BeBusyFor(2);
        Assert.Equal("Jobs API 2.2", (await Executor.Look(Stop)).Version);
        Assert.True(_workspace.Calls >= 4);
    }

    [Fact]
    public async Task What_Databricks_refuses_is_told_in_its_words_and_leaves_nothing()
    {
        _workspace.Refuses = "QUOTA_EXCEEDED";
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Executor.Submit(Shell("exit 0"), Stop));
        Assert.Equal(("engine_refused", "The engine 'lake' refused: 400 QUOTA_EXCEEDED: This workspace refuses it."), (refused.Code, refused.Message));
        Assert.DoesNotContain(Directory.EnumerateDirectories(_workspace.Mount), name => name.Contains("job-", StringComparison.Ordinal));
        Assert.Contains("there is no cluster other", (await Assert.ThrowsAsync<ProblemException>(() => Named("cluster: other").Look(Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("there is no folder /Volumes/main/ml/steward/elsewhere", (await Assert.ThrowsAsync<ProblemException>(() => Named("keep: 7d", DoubleWorkspace.Volume + "/elsewhere").Look(Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_wrong_or_missing_is_said_without_showing_it()
    {
        var wrong = await Assert.ThrowsAsync<ProblemException>(() => Named("keep: 7d", token: "secret://worn").Look(Stop));
        Assert.Equal("The engine 'lake' refused: 403 PERMISSION_DENIED: Invalid access token •••.", wrong.Message);
        var missing = await Assert.ThrowsAsync<ProblemException>(() => Named("keep: 7d", token: "secret://nowhere").Look(Stop));
        Assert.Equal("secret_not_found", missing.Code);
    }

    [Fact]
    public async Task A_state_that_nobody_knows_is_told_and_not_taken_for_an_end()
    {
        var job = await Executor.Submit(Shell("exit 0"), Stop);
        _workspace.Life = "QUANTUM";
        var task = Only((await Executor.Observe(job, Stop))!);
        Assert.Equal((JobState.Running, "Databricks says 'QUANTUM', which is not known here."), (task.State, task.Reason));
        _workspace.Life = null;
        Assert.True((await Executor.Wait(job, Stop)).Succeeded);
    }

    [Fact]
    public async Task A_task_whose_host_dies_without_a_word_is_lost_and_one_whose_host_never_began_has_failed()
    {
        var dead = Only(await Executor.Wait(await Executor.Submit(Shell("kill -9 $PPID"), Stop), Stop));
        Assert.Equal((JobState.Lost, "It ended without a word: Workload failed, see run output for details."), (dead.State, dead.Reason));
        // Without its job.json a task cannot begin; the first takes it away from the second.
        var id = new string('b', 32);
        var job = await Executor.Submit(Shell($"mv {_workspace.Mount}/job-{id}/job.json {_workspace.Mount}/away") with { Id = id, Tasks = 2, AtOnce = 1 }, Stop);
        await Eventually.True("both are over", () => Assert.Single(_workspace.Runs, run => run.Tasks.Count == 2).Tasks.All(task => task.Attempt.IsOver), Stop);
        File.Move(Path.Combine(_workspace.Mount, "away"), Path.Combine(_workspace.Mount, $"job-{id}", "job.json"));
        var second = (await Executor.Observe(job, Stop))!.Tasks[1];
        Assert.Equal(JobState.Failed, second.State);
        Assert.Contains("It could not be run (RUN_EXECUTION_ERROR): FileNotFoundError", second.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_cancelled_in_Databricks_is_told_so()
    {
        var job = await Executor.Submit(Shell("echo here; exec sleep 1000"), Stop);
        await foreach (var _ in Executor.Logs(job, 0, follow: true, Stop))
            break;
        Assert.Single(_workspace.Runs).Cancel();
        var task = Only(await Executor.Wait(job, Stop));
        Assert.Equal((JobState.Cancelled, "It was cancelled in Databricks."), (task.State, task.Reason));
    }

    [Fact]
    public async Task What_Databricks_has_forgotten_is_known_to_the_server_that_saw_it_end()
    {
        var job = await Executor.Submit(Shell("exit 4"), Stop);
        await Executor.Wait(job, Stop);
        _workspace.Forget();
        Assert.Equal(4, Only((await Executor.Observe(job, Stop))!).ExitCode);
        Assert.Null(await (await Engine()).Observe(job, Stop));
    }

    [Fact]
    public async Task Nothing_that_a_client_says_stands_where_Databricks_fills_in_values()
    {
        var spec = new JobSpec("{{job.id}}", ["printf", "%s\n", "{{job.id}} {{task.run_id}}"]) { Environment = new Dictionary<string, string> { ["KEY"] = "{{secrets/scope/key}}" }, Labels = new Dictionary<string, string> { ["{{job.id}}"] = "{{job.id}}" } };
        var job = await Executor.Submit(spec, Stop);
        Assert.True((await Executor.Wait(job, Stop)).Succeeded);
        Assert.Equal(["{{job.id}} {{task.run_id}}"], await Lines(job));
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(Assert.Single(_workspace.Runs).Body.ToJsonString(), @"\{\{"));
    }

    [Fact]
    public async Task Without_a_folder_in_common_it_says_so()
    {
        var alone = Named("keep: 7d");
        Assert.Equal("engine_shares_nothing", Assert.Throws<ProblemException>(() => alone.Folder("shared")).Code);
        Assert.Equal("engine_cannot", (await Assert.ThrowsAsync<ProblemException>(() => Executor.Submit(Shell("exit 0") with { Folder = "/elsewhere" }, Stop))).Code);
    }

    public override ValueTask DisposeAsync() => _workspace.DisposeAsync();

    protected override Task<IExecutor> Engine() => Task.FromResult(Named($"runtime: 15.4.x-scala2.12, node: i3.xlarge, folder: {_workspace.Folder}"));

    private IExecutor Named(string settings, string volume = DoubleWorkspace.Volume, string token = "secret://lake")
        => TestEngines.Named("lake", Yaml(settings, volume, token));

    private string Yaml(string settings, string volume = DoubleWorkspace.Volume, string token = "secret://lake")
        => $"lake: {{databricks: {{workspace: '{_workspace.Address}', token: '{token}', volume: {volume}, {settings}}}}}";

    protected override Task LoseMachine(JobTask task, int process) => _workspace.Lose(task.Machine!, reallyEnds: true);

    protected override Task CutMachine(JobTask task) => _workspace.Lose(task.Machine!, reallyEnds: false);

    protected override Task Silence()
    {
        _workspace.IsSilent = true;
        return Task.CompletedTask;
    }

    protected override Task Speak()
    {
        _workspace.IsSilent = false;
        return Task.CompletedTask;
    }
}
