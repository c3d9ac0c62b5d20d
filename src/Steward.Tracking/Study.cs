using Steward.Storage;

namespace Steward.Tracking;

/// <summary>A run with its tunes, if it has any.</summary>
public sealed record Study(Run Run, IReadOnlyList<Run> Tunes)
{
    public Primary? Primary => Primary.Of(Run) ?? (Tunes.Count == 0 ? null : Tunes.Select(tune => Primary.Of(tune)).FirstOrDefault(one => one is not null));

    /// <summary>The best tune that finished.</summary>
    public Run? Best => Primary?.Best(Tunes);

    /// <summary>What the run scored: its best tune, or itself when it has none.</summary>
    public double? Score => Primary is { } primary ? Best is { } best ? primary.In(best) : primary.In(Run) : null;

    /// <summary>The tunes, best first; those without a value come last, oldest first.</summary>
    public IEnumerable<Run> Ranked => Primary is not { } primary ? Tunes : primary.Rank(Tunes);

    /// <summary>Parameters that are not the same in all tunes: what was tried.</summary>
    public IReadOnlyList<string> Differing => [.. Tunes.SelectMany(tune => tune.Params.Keys).Distinct().Order(StringComparer.Ordinal)
        .Where(key => Tunes.Select(tune => tune.Params.GetValueOrDefault(key)).Distinct().Count() > 1)];
}

/// <summary>Reads runs together with their tunes, in a few queries whatever their number.</summary>
internal sealed class Studies(Db db)
{
    public async Task<List<Study>> Newest(string project, string? experiment, int most, CancellationToken stop)
        => await With(await new RunReader(db, stop).Newest(project, experiment, most, children: false), stop);

    public async Task<Study?> Find(string project, string id, CancellationToken stop)
        => await new RunReader(db, stop).Find(id) is { } run && run.Project == project ? (await With([run], stop))[0] : null;

    /// <summary>Of these ids those that the project has, in no order.</summary>
    public async Task<List<Run>> Several(string project, IEnumerable<string> ids, CancellationToken stop)
        => [.. (await new RunReader(db, stop).Several([.. ids])).Where(run => run.Project == project)];

    public Task<List<MetricPoint>> History(string run, string? key, long from, int most, CancellationToken stop) => new RunReader(db, stop).Metrics(run, key, from, most);

    /// <summary>What these runs measured, by run; for drawing.</summary>
    public Task<ILookup<string, MetricPoint>> Points(IEnumerable<string> runs, CancellationToken stop) => new RunReader(db, stop).Points([.. runs]);

    public Task<List<string>> Experiments(string project, CancellationToken stop)
        => db.All<string>("SELECT DISTINCT experiment FROM run WHERE project = @project ORDER BY experiment LIMIT 200", new { project }, stop);

    public async Task<List<Study>> With(List<Run> runs, CancellationToken stop)
    {
        var tunes = (await new RunReader(db, stop).Children([.. runs.Select(run => run.Id)])).ToLookup(tune => tune.Parent);
        return runs.ConvertAll(run => new Study(run, [.. tunes[run.Id]]));
    }
}
