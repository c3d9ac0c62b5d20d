using System.Globalization;
using System.IO.Compression;
using System.Text;
using Steward.Host.Templates;

namespace Steward.Host.Demo;

/// <summary>The journey with a real series: sixteen years of days become a table, a forecast is compared with last week, people agree.</summary>
internal sealed class ForecastJourney(string url, DemoTelling tell) : Journey(url, Project, tell)
{
    private const string Project = Template.Forecast, Table = "silver.ridership", Metric = "mase", Baseline = "seasonal_naive";

    protected override (string Items, string Advice) Tested => ("days", "A longer series helps most.");

    protected override string Reason(string party) => party switch
    {
        "data-science" => "Chance does not explain the difference to last week.",
        "ops" => "It is one small file, and the version before is the way back.",
        _ => "Two weeks ahead is what we plan trains by.",
    };

    public override async Task<IDemoSummary> Tell(string data, string adminLink, CancellationToken stop)
    {
        Story.Chapter("Four people and a project");
        await Story.Step("People", _ => Meet(adminLink, stop));
        await Story.Step("Project", _ => Begin(Template.File(Project), stop, "one table, three tunes, their gates, three parties"));
        Story.Chapter("A series becomes a forecast");
        await Story.Step("Days", _ => Import(stop));
        var made = await Learn(1, () => Train(quick: false, stop), Said, stop);
        var released = await SignAndRelease(made, stop);
        var metrics = made.Metrics;
        return new ForecastSummary(Url, data, Math.Round(Story.Elapsed.TotalSeconds, 1), metrics[$"test.{Metric}"], metrics[$"test.{Metric}.low"], metrics[$"test.{Metric}.high"], metrics[$"{Baseline}.{Metric}"], made.N, released, Refusals, SignIns, Story.Steps);
    }

    private async Task<string> Import(CancellationToken stop)
    {
        await using var zip = new GZipStream(Template.Open("forecast/ridership.csv.gz"), CompressionMode.Decompress);
        using var order = new StringContent(Json.Write(new { name = "ridership.csv", kind = "append" }), Encoding.UTF8, "application/json");
        using var file = new StreamContent(zip);
        using var body = new MultipartFormDataContent { { order, "order" }, { file, "file", "ridership.csv" } };
        var read = await Maria.Server.Send<Imported>(HttpMethod.Post, $"{Api}/tables/{Table}/import", body, stop);
        return $"{read.Written:N0} days of passengers at one station are {Table}@1";
    }

    private static string Said(Version made) => string.Create(CultureInfo.InvariantCulture, $"MASE {made.Metrics[$"test.{Metric}"]:0.000}, as a week ago {made.Metrics[$"{Baseline}.{Metric}"]:0.000}, on {made.N:N0} forecasts");

    private sealed record Imported(long Written);
}
