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
        var done = DoneTune.Read(folder);
        job = job with { Plan = job.Plan.Without(done) };
        void Step(JobStep step) => steps.WriteLine(JsonSerializer.Serialize(step, Json.Options));
        // With a search the listed algorithms are the first half of the way.
        var half = job.Plan.Search is null ? 1 : job.Plan.Tried.Count > 0 ? 0.5 : 0;
        void Tell(double share, string what) => tell(0.1 + (0.85 * share * half), what);
        using var learner = Learner(job, rows);
        if (job.Plan.Tried.Count > 0)
            foreach (var (tune, i) in learner.Run(Tell, Step, stop).Select((tune, i) => (tune, i)))
                Step(new(tune.Name, 0, []) { Outcome = tune.Leave(folder, $"{i}") });
        if (job.Plan.Search is not { } plan)
            return;
        var primary = StudyPlan.OfTable(job.Plan.Task);
        var search = new Search(plan, primary, Step);
        search.Run(done, (setting, goesOn) =>
        {
            var (algorithm, score) = (job.Plan.Trial(setting.Name, setting.Values), double.NaN);
            foreach (var rung in search.Rungs.Count > 0 ? search.Rungs : [0])
            {
                if (rung > 0)
                    algorithm = job.Plan.Trial(setting.Name, new Dictionary<string, double>(setting.Values) { [algorithm.Resource!] = rung });
                score = learner.Try(algorithm, stop);
                Step(new(setting.Name, rung, new() { [primary.Metric] = score }));
                if (!goesOn(rung, score))
                    break;
            }
            tell(0.1 + (0.85 * (half + ((1 - half) * (setting.Number + 1) / plan.Trials))), FormattableString.Invariant($"{setting.Name} of {plan.Trials}: {score:0.####}"));
            return new(score, new Dictionary<string, double>(), () => learner.Leave(algorithm, score, stop).Leave(folder, setting.Name));
        }, stop);
    }

    /// <summary>What a task learns by.</summary>
    internal static ITableLearner Learner(TableJob job, Rows rows) => job.Plan.Task switch
    {
        TrainSection.Recommendation => new Recommending(job.Plan, rows, job.Data),
        TrainSection.Forecasting => new Forecasting(job.Plan, rows, job.Data),
        _ => new Supervised(job.Plan, rows, job.Data),
    };
}

/// <summary>Learns one task from a table.</summary>
internal interface ITableLearner : IDisposable
{
    /// <summary>All algorithms of the plan, each judged on the rows held back to test on.</summary>
    List<TableTune> Run(Action<double, string> tell, Action<JobStep> step, CancellationToken stop);

    /// <summary>The primary metric of an algorithm on the rows held back to choose by.</summary>
    double Try(TableAlgorithm algorithm, CancellationToken stop);

    /// <summary>The same algorithm, learned from all rows but those to test on, and judged on those.</summary>
    /// <param name="score">What it came to when it was tried.</param>
    TableTune Leave(TableAlgorithm algorithm, double score, CancellationToken stop);
}
