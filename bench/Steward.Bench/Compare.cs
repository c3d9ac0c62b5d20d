using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Steward.Host;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Tracking;

namespace Steward.Bench;

/// <summary>How long it takes to put many runs side by side, against reading the same rows from the database and nothing else.</summary>
internal static class Compare
{
    private const int Most = 200, Params = 20, Metrics = 30, Epochs = 20;

    public static async Task<string> Run(string folder)
    {
        await using var app = await Platform.Build(new Settings { Data = folder, Port = 0, Open = true });
        await app.StartAsync();
        await app.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: bench\n", Who.Steward);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        var rows = new List<string[]>();
        foreach (var count in new[] { 20, Most })
        {
            var study = await Study(app.Services.GetRequiredService<IRuns>(), count);
            var (raw, told) = await Measure.InTurns(() => Rows(app.Services.GetRequiredService<Db>(), study), () => http.GetStringAsync($"/api/projects/bench/runs/compare?study={study}&all=true"));
            var page = await Measure.LoopAsync(() => http.GetStringAsync($"/projects/bench/runs/compare?study={study}"));
            rows.Add([$"{count} runs", Report.Number(raw.P50 / 1000), Report.Number(told.P50 / 1000), Report.Number(told.P99 / 1000), Report.Number(page.P50 / 1000), Report.Number(page.P99 / 1000), Report.Ratio(told.P50 / raw.P50)]);
        }

        await app.StopAsync();
        return $"Every run has {Params} parameters, {Metrics} metrics and {Epochs} epochs of two curves. Raw reads the same parameters, tags and last values through one connection and keeps nothing. "
            + "JSON has every row of every run; the page has the best six, the parallel coordinates of all, and the curves.\n\n"
            + Report.Table(["side by side", "raw rows p50 ms", "JSON p50 ms", "JSON p99 ms", "page p50 ms", "page p99 ms", "JSON / raw"], rows);
    }

    private static async Task<string> Study(IRuns runs, int count)
    {
        var random = new Random(1);
        var study = await runs.Start(Who.Steward, new("bench", "kinds", $"{count} runs") { Tags = new Dictionary<string, string> { ["primary"] = "valid.f1_macro" } });
        for (var i = 0; i < count; i++)
        {
            var given = Enumerable.Range(0, Params).ToDictionary(k => $"parameter_{k}", k => random.Next(1, 4 + k).ToString(CultureInfo.InvariantCulture));
            var run = await runs.Start(Who.Steward, new("bench", "kinds", $"run {i}") { Parent = study.Id, Data = "pictures@1", Params = given });
            var measured = Enumerable.Range(0, Metrics).Select(k => new MetricPoint($"test.metric_{k}", random.NextDouble()));
            var curves = Enumerable.Range(1, Epochs).SelectMany(epoch => (MetricPoint[])[new("valid.f1_macro", random.NextDouble(), epoch), new("train.loss", 1.0 / epoch, epoch)]);
            await runs.Metrics(Who.Steward, run.Id, [.. measured, .. curves]);
            await runs.End(Who.Steward, run.Id, RunStatus.Finished);
        }

        await runs.End(Who.Steward, study.Id, RunStatus.Finished);
        return study.Id;
    }

    private static async Task Rows(Db db, string study)
    {
        await db.All<string>("SELECT p.value FROM run_param p JOIN run r ON r.id = p.run WHERE r.parent = @study", new { study });
        await db.All<string>("SELECT t.value FROM run_tag t JOIN run r ON r.id = t.run WHERE r.parent = @study", new { study });
        await db.All<double>("SELECT l.value FROM run_last l JOIN run r ON r.id = l.run WHERE r.parent = @study", new { study });
    }
}
