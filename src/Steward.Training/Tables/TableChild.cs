using System.Text.Json;
using Steward.Work;

namespace Steward.Training;

/// <summary>Learning from a table, in a process of its own: reads the rows, fits every algorithm, judges each on the rows held back.</summary>
internal sealed class TableChild : IChild
{
    public string Name => "train-table";

    public Task Run(string folder, Action<double?, string?> tell, CancellationToken stop) => Task.Run(() => Train(folder, tell, stop), stop);

    private static void Train(string folder, Action<double?, string?> tell, CancellationToken stop)
    {
        var job = Json.Read<TableJob>(File.ReadAllText(Path.Combine(folder, TableJob.File)));
        tell(0, $"Reading {job.Data}");
        var rows = TableReader.Read(job.Sql, folder, stop);
        tell(0.1, $"Learning from {Say.Count(rows.Count, "row")}");
        using var steps = new StreamWriter(Path.Combine(folder, TrainJob.Steps(null))) { AutoFlush = true };
        var tunes = Learn(job, rows, (done, what) => tell(0.1 + (0.85 * done), what), step => steps.WriteLine(JsonSerializer.Serialize(step, Json.Options)), stop);
        File.WriteAllText(Path.Combine(folder, TrainJob.Outcome(null)), Json.Write(new JobOutcome([.. tunes.Select((tune, i) => tune.Leave(folder, i))])));
    }

    internal static List<TableTune> Learn(TableJob job, Rows rows, Action<double, string> tell, Action<JobStep> step, CancellationToken stop) => job.Plan.Task switch
    {
        TrainSection.Recommendation => new Recommending(job.Plan, rows, job.Data).Run(tell, step, stop),
        TrainSection.Forecasting => new Forecasting(job.Plan, rows, job.Data).Run(tell, step, stop),
        _ => new Supervised(job.Plan, rows, job.Data).Run(tell, step, stop),
    };
}
