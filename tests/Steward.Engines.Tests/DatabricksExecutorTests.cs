using Steward.Engines.Tests.Doubles;
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
        Assert.DoesNotContain(_workspace.InVolume, name => name.StartsWith("job-", StringComparison.Ordinal));
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
        => TestEngines.Named("lake", $"lake: {{databricks: {{workspace: '{_workspace.Address}', token: '{token}', volume: {volume}, {settings}}}}}");

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
