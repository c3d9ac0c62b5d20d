using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training.Tests;

/// <summary>Settings that are searched for, as a task of a whole server: trials are runs.</summary>
public sealed class SearchTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static readonly ProjectFileReader Reader = new([TrainSection.Section]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_trial_is_a_run_and_the_best_one_becomes_the_version()
    {
        await Project("sought", "{filters: 16, tunes: [{name: usual, epochs: 2}], search: {method: tpe, trials: 12, seed: 3, params: {learning_rate: {log: [0.0001, 0.05]}, epochs: {int: [1, 3]}, hidden: {choices: [0, 32]}}}}");
        await server.Pictures("sought", 160);
        var task = await server.Trained("sought");
        Assert.True(task.State is WorkState.Done, task.Error);

        var study = Assert.Single(await server.Runs.Newest("sought", stop: Stop));
        Assert.Equal(("tpe", "12"), (study.Params["search"], study.Params["search.trials"]));
        var tunes = await server.Runs.Children(study.Id, Stop);
        Assert.Equal(["usual", .. Enumerable.Range(1, 12).Select(number => $"trial-{number:000}")], tunes.Select(tune => tune.Name));
        Assert.All(tunes, tune => Assert.Equal(RunStatus.Finished, tune.Status));
        var trials = tunes.FindAll(tune => tune.Name != "usual");
        Assert.All(trials, trial =>
        {
            Assert.InRange(double.Parse(trial.Params["learning_rate"], CultureInfo.InvariantCulture), 0.0001, 0.05);
            Assert.Contains(trial.Params["hidden"], (string[])["0", "32"]);
            Assert.Equal(("0.2", "16"), (trial.Params["l2"], trial.Params["filters"]));
        });
        Assert.Equal(12, trials.Select(trial => trial.Params["learning_rate"]).Distinct().Count());
        // Only what was the best so far was ever shown the test pictures.
        var best = double.MinValue;
        foreach (var trial in trials)
        {
            Assert.Equal(trial.Metrics["valid.f1_macro"] > best, trial.Metrics.ContainsKey("test.f1_macro"));
            Assert.Equal(trial.Metrics.ContainsKey("test.f1_macro"), (await server.Runs.ArtifactsOf(trial.Id, Stop)).Any(file => file.Name == "model.onnx"));
            best = Math.Max(best, trial.Metrics["valid.f1_macro"]);
        }
        await Eventually.True("the best is registered", async () => await server.Models.Find("sought", new("sought", 1, null), Stop) is not null, Stop);
        var version = await server.Models.Get("sought", new("sought", 1, null), Stop);
        Assert.Equal(tunes.Max(tune => tune.Metrics["valid.f1_macro"]), version.Metrics["valid.f1_macro"]);
        Assert.Equal(study.Tags["best"], tunes.Single(tune => tune.Id == version.Run).Name);
    }

    [Fact]
    public async Task A_search_goes_on_after_the_server_with_the_trials_that_are_left()
    {
        await Project("resumed", "{filters: 16, search: {method: random, trials: 40, params: {learning_rate: {log: [0.0005, 0.02]}, epochs: {int: [6, 12]}}}}");
        await server.Pictures("resumed", 400);
        var task = await server.Train("resumed");
        await Eventually.True("some trials are done", async () => await server.Runs.Newest("resumed", stop: Stop) is [var one] && (await server.Runs.Children(one.Id, Stop)).Count(tune => tune.IsOver) >= 3, Stop);
        await server.Restart();
        var study = Assert.Single(await server.Runs.Newest("resumed", stop: Stop));
        var before = (await server.Runs.Children(study.Id, Stop)).FindAll(tune => tune.Status is RunStatus.Finished);
        Assert.InRange(before.Count, 3, 39);

        await Eventually.True("the search is over", async () => (await server.Task("resumed", task.Id)).IsOver, Stop);
        Assert.Equal(WorkState.Done, (await server.Task("resumed", task.Id)).State);
        Assert.Equal(study.Id, Assert.Single(await server.Runs.Newest("resumed", stop: Stop)).Id);
        var finished = (await server.Runs.Children(study.Id, Stop)).FindAll(tune => tune.Status is RunStatus.Finished);
        Assert.Equal(Enumerable.Range(1, 40).Select(number => $"trial-{number:000}"), finished.Select(tune => tune.Name).Order(StringComparer.Ordinal));
        Assert.All(before, one => Assert.Contains(finished, other => other.Id == one.Id && other.EndedAt == one.EndedAt));
        await Eventually.True("the best is registered", async () => await server.Models.Find("resumed", new("resumed", 1, null), Stop) is not null, Stop);
        Assert.Equal(finished.Max(tune => tune.Metrics["valid.f1_macro"]), (await server.Models.Get("resumed", new("resumed", 1, null), Stop)).Metrics["valid.f1_macro"]);
    }

    [Fact]
    public async Task A_cancelled_search_is_over()
    {
        await Project("halted", "{filters: 16, search: {trials: 400, params: {learning_rate: {log: [0.0005, 0.02]}}}}");
        await server.Pictures("halted", 160);
        var task = await server.Train("halted");
        await Eventually.True("a trial is done", async () => await server.Runs.Newest("halted", stop: Stop) is [var one] && (await server.Runs.Children(one.Id, Stop)).Exists(tune => tune.IsOver), Stop);
        using var reply = await server.Http.PostAsync($"/api/projects/halted/tasks/{task.Id}/cancel", null, Stop);
        Assert.True(reply.IsSuccessStatusCode);
        await Eventually.True("the study is cancelled", async () => (await server.Runs.Newest("halted", stop: Stop))[0].Status is RunStatus.Cancelled, Stop);
        await Eventually.True("and the task", async () => (await server.Task("halted", task.Id)).State is WorkState.Cancelled, Stop);
        Assert.Empty(await server.Models.All("halted", Stop));
    }

    [Fact]
    public async Task Halving_stops_the_trials_of_a_table_that_fall_behind()
    {
        await Project("halved", "{task: regression, from: silver.orders, target: revenue, algorithms: [mean: {}], search: {method: asha, algorithm: lightgbm, trials: 12, params: {learning_rate: {log: [0.01, 0.5]}, leaves: {log_int: [2, 64]}}, resource: {min: 5, max: 45, factor: 3}}}");
        await server.Table("halved", "SELECT i AS a, (i * 31 % 8) AS b, (i * 7919 % 401) / 10.0 AS c, (i * 31 % 8) * (i * 7919 % 401) / 10.0 + (i % 7) AS revenue FROM range(600) t(i)");
        var task = await server.Trained("halved");
        Assert.True(task.State is WorkState.Done, task.Error);
        var study = Assert.Single(await server.Runs.Newest("halved", stop: Stop));
        var trials = (await server.Runs.Children(study.Id, Stop)).FindAll(tune => tune.Name != "mean");
        Assert.Equal(12, trials.Count);
        var points = new Dictionary<string, List<long>>();
        foreach (var trial in trials)
            points[trial.Name] = [.. (await server.Runs.MetricsOf(trial.Id, "valid.rmse", Stop)).Select(point => point.Step)];
        Assert.All(points.Values, steps => Assert.Equal(((long[])[5, 15, 45]).Take(steps.Count), steps));
        Assert.All(trials, trial => Assert.Equal(points[trial.Name][^1] < 45 ? $"{points[trial.Name][^1]}" : null, trial.Tags.GetValueOrDefault("stopped_after")));
        Assert.InRange(points.Values.Count(steps => steps.Count == 1), 5, 11);
        Assert.InRange(points.Values.Count(steps => steps.Count == 3), 1, 6);
        var best = await server.Runs.Best("halved", null, "valid.rmse", Direction.Minimize, study.Id, Stop);
        Assert.Equal(study.Tags["best"], best!.Name);
        Assert.Contains("test.rmse", best.Metrics.Keys);
    }

    [Theory]
    [InlineData("{search: {}}", "name what varies")]
    [InlineData("{search: {params: {rate: {log: [0.1, 1]}}}}", "'rate' is no setting here")]
    [InlineData("{search: {params: {l2: {log: [0, 1]}}}}", "ends of log are above 0")]
    [InlineData("{search: {params: {l2: {uniform: [1, 0]}}}}", "the lower end first")]
    [InlineData("{search: {params: {l2: {uniform: [0, 2000]}}}}", "l2 is 0 to 1000")]
    [InlineData("{search: {params: {epochs: {uniform: [1, 9]}}}}", "write int")]
    [InlineData("{search: {trials: 0, params: {l2: {uniform: [0, 1]}}}}", "1 to 500 trials")]
    [InlineData("{search: {method: asha, params: {l2: {uniform: [0, 1]}}}}", "write resource")]
    [InlineData("{search: {method: asha, resource: {min: 2, max: 9}, params: {epochs: {int: [1, 9]}}}}", "cannot vary by itself")]
    [InlineData("{search: {resource: {min: 2, max: 9}, params: {l2: {uniform: [0, 1]}}}}", "only asha")]
    [InlineData("{search: {algorithm: linear, params: {l2: {uniform: [0, 1]}}}}", "algorithm is for tables")]
    [InlineData("{task: regression, from: silver.a, target: y, search: {algorithm: als, params: {l2: {uniform: [0, 1]}}}}", "write linear, lightgbm or fasttree")]
    [InlineData("{task: regression, from: silver.a, target: y, search: {algorithm: linear, method: asha, resource: {max: 9}, params: {l2: {uniform: [0, 1]}}}}", "learns in one go")]
    [InlineData("{task: regression, from: silver.a, target: y, search: {params: {leaves: {int: [1, 9]}}}}", "leaves 2 to 1024")]
    public void What_cannot_be_searched_is_told_in_words(string train, string why)
        => Assert.Contains(why, Assert.Single(Reader.Read($"steward: 1\nproject: fruit\ntrain: {train}").Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void With_a_search_only_the_tunes_that_are_listed_are_tried_beside_it()
    {
        TrainSection Read(string train) => Reader.Read($"steward: 1\nproject: fruit\ntrain: {train}").File!.Get<TrainSection>("train");
        Assert.Empty(Read("{search: {params: {l2: {uniform: [0, 1]}}}}").Listed);
        Assert.Single(Read("{tunes: [{name: usual}], search: {params: {l2: {uniform: [0, 1]}}}}").Listed);
        Assert.Equal(6, Read("{}").Listed.Count);
        Assert.Empty(Read("{task: regression, from: silver.a, target: y, search: {params: {l2: {uniform: [0, 1]}}}}").Tried);
    }

    private Task<Project> Project(string name, string train) => server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {name}\ntrain: {train}\n", Editor, Stop);
}
