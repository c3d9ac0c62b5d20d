using Steward.Engines.Tests.Doubles;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>
/// Indexed Jobs keep what every engine promises, against a double that is as strict as an API server. STEWARD_TEST_KUBERNETES
/// may name an engines.yaml whose engine <c>gpu</c> is a real cluster, with a claim; TMPDIR is then a folder of that claim.
/// </summary>
public sealed class KubernetesExecutorTests : ClusterPromises
{
    private static readonly string? Real = Environment.GetEnvironmentVariable("STEWARD_TEST_KUBERNETES");
    private DoubleCluster _cluster = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override int ManyAtOnce => 16;

    protected override int Some => 12;

    protected override string[] PrivateMode => [];

    protected override bool TellsErrors => false;

    protected override bool TellsMemory => false;

    protected override bool KeepsOrder => false;

    protected override bool IsHere => Real is null;

    public override async ValueTask InitializeAsync()
    {
        _cluster = await DoubleCluster.Start();
        await base.InitializeAsync();
    }

    [Fact]
    public async Task A_job_is_one_Indexed_Job_with_its_limits_and_its_end()
    {
        OnlyTheDoubleCan();
        await Executor.Submit(Shell("exit 0") with { Tasks = 3, AtOnce = 2, Requeue = 4, Limits = new() { Memory = 256L << 20, Time = TimeSpan.FromMinutes(5), Cpus = 2 } }, Stop);
        var job = Assert.Single(_cluster.Jobs).Manifest["spec"]!;
        Assert.Equal(("Indexed", 3, 2, 4, 3600), ((string)job["completionMode"]!, (int)job["completions"]!, (int)job["parallelism"]!, (int)job["backoffLimitPerIndex"]!, (int)job["ttlSecondsAfterFinished"]!));
        var container = job["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal(("2", $"{256L << 20}", $"{256L << 20}", 300L), ((string)container["resources"]!["requests"]!["cpu"]!, (string)container["resources"]!["requests"]!["memory"]!, (string)container["resources"]!["limits"]!["memory"]!, (long)job["template"]!["spec"]!["activeDeadlineSeconds"]!));
        Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
        Assert.False((bool)job["template"]!["spec"]!["automountServiceAccountToken"]!);
    }

    [Fact]
    public async Task Variables_that_Kubernetes_would_fill_in_stay_as_they_are_written()
    {
        var job = await Executor.Submit(new JobSpec("literal", ["sh", "-c", "printf '%s\\n' \"$1\" \"$VALUE\"", "sh", "$(STEWARD_JOB) $$(HOME) $$"]) { Environment = new Dictionary<string, string> { ["VALUE"] = "$(HOME)$$(HOME)" } }, Stop);
        await Executor.Wait(job, Stop);
        Assert.Equal(["$(STEWARD_JOB) $$(HOME) $$", "$(HOME)$$(HOME)"], await Lines(job));
    }

    [Fact]
    public async Task In_a_queue_of_Kueue_a_job_waits_until_it_is_admitted()
    {
        OnlyTheDoubleCan();
        var queued = Named("queue: research");
        Assert.Contains("no LocalQueue 'research'", (await Assert.ThrowsAsync<ProblemException>(() => queued.Look(Stop))).Message, StringComparison.Ordinal);
        _cluster.Queue = "research";
        await queued.Look(Stop);
        var job = await queued.Submit(Shell("exit 0"), Stop);
        var task = Only((await queued.Observe(job, Stop))!);
        Assert.Equal((JobState.Waiting, "It waits in its queue."), (task.State, task.Reason));
        _cluster.Admit();
        Assert.True((await queued.Wait(job, Stop)).Succeeded);
    }

    [Fact]
    public async Task What_the_cluster_has_forgotten_is_known_to_the_server_that_saw_it_end()
    {
        OnlyTheDoubleCan();
        var job = await Executor.Submit(Shell("exit 4"), Stop);
        await Executor.Wait(job, Stop);
        _cluster.Expire();
        Assert.Equal(4, Only((await Executor.Observe(job, Stop))!).ExitCode);
        Assert.Null(await (await Engine()).Observe(job, Stop));
    }

    [Fact]
    public async Task What_the_cluster_refuses_is_told_in_its_words()
    {
        OnlyTheDoubleCan();
        _cluster.Forbidden.Add("create jobs");
        Assert.Contains("may not create jobs in the namespace ml", (await Refused(() => Executor.Look(Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot create resource \"jobs\"", (await Refused(() => Executor.Submit(Shell("exit 0"), Stop))).Message, StringComparison.Ordinal);
        var stranger = Path.Combine(TestFolder.New(), "kubeconfig");
        await File.WriteAllTextAsync(stranger, (await File.ReadAllTextAsync(_cluster.Kubeconfig, Stop)).Replace(DoubleCluster.Token, "another", StringComparison.Ordinal), Stop);
        var other = TestEngines.Named("gpu", $"gpu: {{kubernetes: {{kubeconfig: {stranger}, namespace: ml, image: any}}}}");
        Assert.Contains("401", (await Refused(() => other.Look(Stop))).Message, StringComparison.Ordinal);

        static async Task<ProblemException> Refused(Func<Task> what)
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(what);
            Assert.Equal("engine_refused", problem.Code);
            return problem;
        }
    }

    [Fact]
    public async Task A_state_that_nobody_knows_is_told_and_not_taken_for_an_end()
    {
        OnlyTheDoubleCan();
        var job = await Executor.Submit(Shell("exit 0"), Stop);
        _cluster.Phase = "Quantum";
        await Eventually.True("the lie is heard", async () => Only((await Executor.Observe(job, Stop))!).Reason == "Kubernetes says 'Quantum', which is not known here.", Stop);
        Assert.False((await Executor.Observe(job, Stop))!.IsOver);
        _cluster.Phase = null;
        Assert.True((await Executor.Wait(job, Stop)).Succeeded);
    }

    [Fact]
    public async Task A_folder_that_pods_do_not_see_is_refused()
    {
        Assert.Equal("engine_cannot", (await Assert.ThrowsAsync<ProblemException>(() => Executor.Submit(Shell("exit 0") with { Folder = "/elsewhere" }, Stop))).Code);
        var alone = TestEngines.Named("gpu", $"gpu: {{kubernetes: {{kubeconfig: {_cluster.Kubeconfig}, namespace: ml, image: any}}}}");
        Assert.Equal("engine_cannot", Assert.Throws<ProblemException>(() => alone.Folder("shared")).Code);
    }

    public override ValueTask DisposeAsync() => _cluster.DisposeAsync();

    protected override async Task<IExecutor> Engine() => Real is null ? Named("keep: 1h") : TestEngines.Named("gpu", await File.ReadAllTextAsync(Real, Stop));

    private static void OnlyTheDoubleCan() => Assert.SkipUnless(Real is null, "A real cluster is not asked to fall, to fall silent or to lie.");

    private IExecutor Named(string settings)
        => TestEngines.Named("gpu", $"gpu: {{kubernetes: {{kubeconfig: {_cluster.Kubeconfig}, namespace: {DoubleCluster.Namespace}, image: \"registry.example.com/tools@sha256:{new string('a', 64)}\", claim: {DoubleCluster.Shared}, folder: {_cluster.Folder}, {settings}}}}}");

    protected override Task LoseMachine(JobTask task, int process)
    {
        OnlyTheDoubleCan();
        return _cluster.Lose(task.Machine!);
    }

    protected override Task CutMachine(JobTask task)
    {
        OnlyTheDoubleCan();
        return _cluster.Cut(task.Machine!);
    }

    protected override Task Silence()
    {
        OnlyTheDoubleCan();
        _cluster.IsSilent = true;
        return Task.CompletedTask;
    }

    protected override Task Speak()
    {
        _cluster.IsSilent = false;
        return Task.CompletedTask;
    }
}
