using System.Globalization;
using System.IO.Compression;
using System.Text;
using Steward.Host.Templates;
using Steward.Work;

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
        await Story.Step("Days", now => Import(now, stop));
        var made = await Learn(1, () => Train(quick: false, stop), Said, stop);
        var released = await SignAndRelease(made, stop);
        var ahead = await Asked(made, stop);
        var metrics = made.Metrics;
        return new ForecastSummary(Url, data, Math.Round(Story.Elapsed.TotalSeconds, 1), metrics[$"test.{Metric}"], metrics[$"test.{Metric}.low"], metrics[$"test.{Metric}.high"], metrics[$"{Baseline}.{Metric}"], made.N, released, ahead, Refusals, SignIns, Story.Steps);
    }

    /// <summary>An application sends the newest days over the scoring protocol; what it hears is what the training wrote down.</summary>
    private async Task<IReadOnlyList<Ahead>> Asked(Version made, CancellationToken stop)
    {
        List<Ahead> ahead = [];
        await Story.Step("The endpoint tells two weeks", async _ =>
        {
            await Until(async () => await Live(stop) == made.Number ? "yes" : null, $"the endpoint to serve {Project}@{made.Number}", stop);
            var takes = await Maria.Server.Get<Described>($"/v2/models/{Project}", stop);
            var rows = (await Maria.Server.Post<Answer>($"{Api}/tables/query", new { sql = $"SELECT epoch_us(CAST(date AS TIMESTAMP)), ridership FROM {Table} ORDER BY date DESC", rows = takes.Inputs.First(one => one.Name == "history").Shape[1] }, stop)).Rows.Reverse().ToList();
            var history = rows.ConvertAll(row => double.Parse(row[1]!, CultureInfo.InvariantCulture));
            var last = long.Parse(rows[^1][0]!, CultureInfo.InvariantCulture);
            Tensor[] inputs = [new("history", "FP64", [1, history.Count], history), new("last_time", "INT64", [1], new List<long> { last })];
            var told = (await Maria.Server.Post<Inferred>($"/v2/models/{Project}/infer", new { inputs }, stop)).Outputs[0].Data;
            var written = (await Maria.Server.Text($"{Api}/runs/{made.Run}/artifacts/forecast.csv", stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToList();
            ahead = [.. told.Zip(written, (value, line) => new Ahead(DateTime.Parse(line[1], CultureInfo.InvariantCulture), value, double.Parse(line[2], CultureInfo.InvariantCulture)))];
            return string.Create(CultureInfo.InvariantCulture, $"asked with {history.Count} days, it tells {told.Count}: {ahead[0].Value:0.0} thousand on {ahead[0].Date:d MMMM yyyy}, {ahead[1].Value:0.0} the day after");
        });
        return ahead;
    }

    private async Task<string> Import(Action<double?, string> now, CancellationToken stop)
    {
        await using var zip = new GZipStream(Template.Open("forecast/ridership.csv.gz"), CompressionMode.Decompress);
        using var order = new StringContent(Json.Write(new { name = "ridership.csv", kind = "append" }), Encoding.UTF8, "application/json");
        using var file = new StreamContent(zip);
        using var body = new MultipartFormDataContent { { order, "order" }, { file, "file", "ridership.csv" } };
        var done = await Done(await Maria.Server.Send<TaskView>(HttpMethod.Post, $"{Api}/tables/{Table}/import", body, stop), now, stop);
        var read = Json.Read<Imported>(done.Result!.Value.GetRawText());
        return $"{read.Written:N0} days of passengers at one station are {Table}@1";
    }

    private static string Said(Version made) => string.Create(CultureInfo.InvariantCulture, $"MASE {made.Metrics[$"test.{Metric}"]:0.000}, as a week ago {made.Metrics[$"{Baseline}.{Metric}"]:0.000}, on {made.N:N0} forecasts");

    private sealed record Imported(long Written);

    private sealed record Described(List<Input> Inputs);

    private sealed record Input(string Name, List<int> Shape);

    private sealed record Answer(IReadOnlyList<IReadOnlyList<string?>> Rows);

    private sealed record Tensor(string Name, string Datatype, IReadOnlyList<int> Shape, object Data);

    private sealed record Inferred(List<Output> Outputs);

    private sealed record Output(List<double> Data);
}
