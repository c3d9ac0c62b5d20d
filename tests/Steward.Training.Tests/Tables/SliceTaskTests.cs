using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training.Tests.Tables;

/// <summary>Slices of a table's test rows, from the project file to a gate and a page.</summary>
public sealed class SliceTaskTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Who Editor = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>In Rome the size is told by chance alone: the whole hides it, the slice and its gate do not.</summary>
    [Fact]
    public async Task A_city_that_is_told_by_chance_is_seen_and_stops_the_version()
    {
        await server.Services.GetRequiredService<IProjects>().Put("""
            steward: 1
            project: cities
            train: {task: classification, from: silver.orders, target: size, features: [amount, city], slices: [city], algorithms: [lightgbm: {trees: 60}], leaks: allow}
            gates:
              - {metric: test.accuracy, op: ">=", value: 0.7}
              - {slice: city, metric: test.accuracy, op: ">=", value: 0.7}
              - {slice: city=Oslo, metric: test.accuracy, op: ">=", value: 0.7}
              - {metric: test.set_coverage, op: ">=", value: 0.8}
            """, Editor, Stop);
        await server.Table("cities", """
            SELECT (i * 31 % 8) + 1 AS amount, CASE WHEN i % 50 = 0 THEN 'Bonn' WHEN i % 4 = 0 THEN 'Rome' ELSE 'Oslo' END AS city,
                   CASE WHEN (i % 4 = 0 AND hash(i) % 2 = 0) OR (i % 4 <> 0 AND (i * 31 % 8) >= 4) THEN 'large' ELSE 'small' END AS size
              FROM range(1600) t(i)
            """);
        var task = await server.Trained("cities");
        Assert.True(task.State is WorkState.Done, task.Error);
        await Eventually.True("it is registered and checked", async () => await server.Models.Find("cities", new("cities", 1, null), Stop) is { Gates.Count: 4 }, Stop);
        var version = await server.Models.Get("cities", new("cities", 1, null), Stop);
        Assert.Equal([true, false, true, true], version.Gates.Select(gate => gate.Passed));
        Assert.StartsWith("1 of 2 slices misses the limit: city Rome 0.", version.Gates[1].Why, StringComparison.Ordinal);
        Assert.Contains("Not judged, with fewer than 30 items: city Bonn (n ", version.Gates[1].Why, StringComparison.Ordinal);

        var sliced = (await Sliced.Of(version.Artifacts, server.Services.GetRequiredService<Blobs.IBlobs>(), Stop))!;
        Assert.Equal("city=Rome", sliced.WorstFirst.First().Name);
        Assert.Equal(320, sliced.Slices.Where(slice => slice.By == "city").Sum(slice => slice.N));
        foreach (var page in new[] { $"/projects/cities/models/cities/1", $"/projects/cities/runs/{version.Run}" })
        {
            var html = await server.Http.GetStringAsync(page, Stop);
            Assert.Contains("Worst is city Rome", html, StringComparison.Ordinal);
            Assert.Contains("small", html, StringComparison.Ordinal);
        }
        Assert.Contains("the truth is 9 times of 10", await server.Http.GetStringAsync("/projects/cities/models/cities/1", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_predicted_number_says_how_far_around_it_the_truth_lies()
    {
        await server.Services.GetRequiredService<IProjects>().Put("""
            steward: 1
            project: sums
            train: {task: regression, from: silver.orders, target: total, algorithms: [linear], slices: [city]}
            """, Editor, Stop);
        await server.Table("sums", "SELECT i % 97 AS a, CASE WHEN i % 3 = 0 THEN 'Rome' ELSE 'Oslo' END AS city, (i % 97) * 2 + (hash(i) % 1000) / 50.0 AS total FROM range(20000) t(i)");
        Assert.True((await server.Trained("sums")).State is WorkState.Done);
        var study = Assert.Single(await server.Runs.Newest("sums", stop: Stop));
        var tune = Assert.Single(await server.Runs.Children(study.Id, Stop));
        // The noise is even over 20 units: 9 of 10 lie within 9 of the middle.
        Assert.InRange(tune.Metrics["test.set_margin"], 8, 10);
        Assert.InRange(tune.Metrics["test.set_coverage"], 0.88, 0.92);
    }
}
