using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Tracking.Tests;

/// <summary>The same promises, kept by both databases.</summary>
public abstract class RunsTests(Db db) : IAsyncLifetime
{
    private readonly Ear _ear = new();
    private ServiceProvider _services = null!;
    private IRuns _runs = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_found_again_as_it_was_started()
    {
        var run = await _runs.Start(Who.Open, new("fruit", "kinds", "first") { Params = Of(("lr", "0.1")), Tags = Of(("data", "pictures@1")), Data = "pictures@1", Code = "a1b2c3" }, Stop);
        var found = await _runs.Find(run.Id, Stop);
        Assert.Equal(("first", "0.1", "pictures@1", "a1b2c3", RunStatus.Running), (found!.Name, found.Params["lr"], found.Tags["data"], found.Code, found.Status));
    }

    [Fact]
    public async Task A_run_is_named_after_what_changed()
    {
        await Started(("lr", "0.1"), ("k", "160"));
        var second = await Started(("lr", "0.1"), ("k", "240"));
        var third = await Started(("lr", "0.01"), ("k", "240"));
        Assert.Equal(("k=240", "k=240,lr=0.01"), (second.Name, third.Name));
    }

    [Fact]
    public async Task A_run_is_named_again_when_its_parameters_come_later()
    {
        await Started(("lr", "0.1"));
        var later = await Started();
        await _runs.Params(Who.Open, later.Id, Of(("lr", "0.5")), Stop);
        Assert.Equal("lr=0.5", (await _runs.Find(later.Id, Stop))!.Name);
    }

    [Fact]
    public async Task A_tune_is_named_against_its_study()
    {
        var study = await Started(("lr", "0.1"), ("k", "160"));
        var tune = await _runs.Start(Who.Open, new("fruit", "kinds") { Parent = study.Id, Params = Of(("lr", "0.1"), ("k", "300")) }, Stop);
        Assert.Equal("k=300", tune.Name);
        Assert.Equal(tune.Id, Assert.Single(await _runs.Children(study.Id, Stop)).Id);
    }

    [Fact]
    public async Task A_parameter_is_set_once()
    {
        var run = await Started(("lr", "0.1"));
        await _runs.Params(Who.Open, run.Id, Of(("lr", "0.1")), Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _runs.Params(Who.Open, run.Id, Of(("k", "1"), ("lr", "0.2")), Stop));
        Assert.Equal("param_set", refused.Code);
        Assert.Equal(["lr"], (await _runs.Find(run.Id, Stop))!.Params.Keys);
    }

    [Fact]
    public async Task A_batch_of_metrics_sent_twice_counts_once()
    {
        var run = await Started();
        MetricPoint[] batch = [new("loss", 0.9, 1, Noon), new("loss", 0.5, 2, Noon.AddSeconds(1)), new("acc", 0.7, 1, Noon)];
        await _runs.Metrics(Who.Open, run.Id, batch, Stop);
        await _runs.Metrics(Who.Open, run.Id, batch, Stop);
        Assert.Equal([0.9, 0.5], (await _runs.MetricsOf(run.Id, "loss", Stop)).Select(point => point.Value));
        Assert.Equal(3, (await _runs.MetricsOf(run.Id, stop: Stop)).Count);
    }

    [Fact]
    public async Task The_last_metric_is_of_the_highest_step_however_the_points_arrive()
    {
        var run = await Started();
        await _runs.Metrics(Who.Open, run.Id, [new("loss", 0.2, 9, Noon)], Stop);
        await _runs.Metrics(Who.Open, run.Id, [new("loss", 0.7, 3, Noon.AddHours(1)), new("loss", 0.8, 1, Noon)], Stop);
        Assert.Equal(0.2, (await _runs.Find(run.Id, Stop))!.Metrics["loss"]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task A_value_that_is_not_finite_is_kept_but_never_best(double strange)
    {
        var sane = await Ended(0.4);
        var odd = await Ended(strange);
        Assert.Equal(strange, (await _runs.Find(odd.Id, Stop))!.Metrics["f1"]);
        Assert.Equal(strange, Assert.Single(await _runs.MetricsOf(odd.Id, "f1", Stop)).Value);
        Assert.Equal(sane.Id, (await _runs.Best("fruit", "kinds", "f1", stop: Stop))!.Id);
        Assert.Equal(sane.Id, (await _runs.Best("fruit", "kinds", "f1", Direction.Minimize, stop: Stop))!.Id);
    }

    [Fact]
    public async Task The_best_run_is_finished_and_the_earlier_of_equals()
    {
        var first = await Ended(0.8);
        await Ended(0.8);
        await Ended(0.9, RunStatus.Failed);
        await Started();
        Assert.Equal(first.Id, (await _runs.Best("fruit", null, "f1", stop: Stop))!.Id);
        Assert.Null(await _runs.Best("fruit", null, "nothing", stop: Stop));
        Assert.Null(await _runs.Best("fruit", "elsewhere", "f1", stop: Stop));
    }

    [Fact]
    public async Task The_best_tune_of_a_study_is_its_own()
    {
        var study = await Started();
        var tune = await Ended(0.5, parent: study.Id);
        await Ended(0.9);
        Assert.Equal(tune.Id, (await _runs.Best("fruit", null, "f1", parent: study.Id, stop: Stop))!.Id);
    }

    [Fact]
    public async Task A_run_ends_once_and_says_so_once()
    {
        var run = await Started();
        var over = await _runs.End(Who.Open, run.Id, RunStatus.Finished, Stop);
        Assert.Equal(over.EndedAt, (await _runs.End(Who.Open, run.Id, RunStatus.Finished, Stop)).EndedAt);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _runs.End(Who.Open, run.Id, RunStatus.Failed, Stop));
        Assert.Equal("run_over", refused.Code);
        Assert.Equal([new RunEnded("fruit", "kinds", run.Id, null, RunStatus.Finished)], _ear.Heard.OfType<RunEnded>());
        Assert.Single(_ear.Audited, entry => entry == ("run.ended", run.Name));
    }

    [Fact]
    public async Task What_a_run_was_does_not_change_once_it_is_over()
    {
        var run = await Ended(0.5);
        foreach (var change in new Func<Task>[]
        {
            () => _runs.Params(Who.Open, run.Id, Of(("lr", "1")), Stop),
            () => _runs.Metrics(Who.Open, run.Id, [new("f1", 1)], Stop),
            () => _runs.Artifact(Who.Open, run.Id, "late.txt", new Blob(Digest.Of("late"), 4, true), Stop),
        })
            Assert.Equal("run_over", (await Assert.ThrowsAsync<ProblemException>(change)).Code);
        await _runs.Tags(Who.Open, run.Id, Of(("note", "kept")), Stop);
        Assert.Equal("kept", (await _runs.Find(run.Id, Stop))!.Tags["note"]);
    }

    [Fact]
    public async Task A_file_of_a_run_does_not_change()
    {
        var run = await Started();
        await _runs.Artifact(Who.Open, run.Id, "model.onnx", new Blob(Digest.Of("one"), 3, true), Stop);
        await _runs.Artifact(Who.Open, run.Id, "model.onnx", new Blob(Digest.Of("one"), 3, false), Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _runs.Artifact(Who.Open, run.Id, "model.onnx", new Blob(Digest.Of("two"), 3, true), Stop));
        Assert.Equal("artifact_set", refused.Code);
        Assert.Equal(Digest.Of("one"), Assert.Single(await _runs.ArtifactsOf(run.Id, Stop)).Blob);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task A_file_name_that_could_be_a_path_is_refused(string name)
    {
        var run = await Started();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _runs.Artifact(Who.Open, run.Id, name, new Blob(Digest.Of("x"), 1, true), Stop));
        Assert.Equal("artifact_name_invalid", refused.Code);
    }

    [Fact]
    public async Task The_newest_run_comes_first_and_tunes_only_when_asked_for()
    {
        var study = await Started();
        var tune = await _runs.Start(Who.Open, new("fruit", "kinds", "tune") { Parent = study.Id }, Stop);
        var last = await Started();
        Assert.Equal([last.Id, study.Id], (await _runs.Newest("fruit", stop: Stop)).Select(run => run.Id));
        Assert.Equal([last.Id, tune.Id, study.Id], (await _runs.Newest("fruit", "kinds", children: true, stop: Stop)).Select(run => run.Id));
        Assert.Empty(await _runs.Newest("fruit", "elsewhere", stop: Stop));
    }

    [Fact]
    public async Task A_reader_starts_nothing()
    {
        var reader = new Who("u1", "rita", new Dictionary<string, IReadOnlySet<Role>> { ["fruit"] = new HashSet<Role> { Role.Reader } });
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _runs.Start(reader, new("fruit", "kinds"), Stop))).Code);
        var run = await Started();
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _runs.End(reader, run.Id, RunStatus.Failed, Stop))).Code);
    }

    public async ValueTask InitializeAsync()
    {
        var settings = new Settings { Data = TestFolder.New() };
        _services = new ServiceCollection()
            .AddStorage(settings).AddSingleton(settings)
            .AddSingleton(db).AddSingleton(TimeProvider.System).AddSingleton<IEvents>(_ear).AddSingleton<IAudit>(_ear)
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddProjects([])
            .Also(new TrackingRoom().Furnish)
            .BuildServiceProvider();
        _runs = _services.GetRequiredService<IRuns>();
        await _services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\n", Who.Open, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _services.DisposeAsync();
        await db.DisposeAsync();
    }

    private static DateTimeOffset Noon { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Dictionary<string, string> Of(params (string Key, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Key, pair => pair.Value);

    private Task<Run> Started(params (string Key, string Value)[] given) => _runs.Start(Who.Open, new("fruit", "kinds") { Params = Of(given) }, Stop);

    private async Task<Run> Ended(double f1, RunStatus status = RunStatus.Finished, string? parent = null)
    {
        var run = await _runs.Start(Who.Open, new("fruit", "kinds") { Parent = parent }, Stop);
        await _runs.Metrics(Who.Open, run.Id, [new("f1", f1)], Stop);
        return await _runs.End(Who.Open, run.Id, status, Stop);
    }
}

public class RunsOnSqliteTests() : RunsTests(Databases.Sqlite());

public class RunsOnPostgresTests() : RunsTests(Databases.Postgres());
