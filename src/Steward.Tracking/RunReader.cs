using Steward.Storage;

namespace Steward.Tracking;

/// <summary>Finds runs, inside a transaction or beside it. What a run is made of is read in one query per kind, whatever the number of runs.</summary>
internal readonly struct RunReader
{
    private const string Columns = "r.id, r.project, r.experiment, r.name, r.status, r.parent, r.started_by AS by, r.data, r.code, r.environment, r.lineage, r.started_at, r.ended_at";
    private readonly Db? _db;
    private readonly Tx? _tx;
    private readonly CancellationToken _stop;

    public RunReader(Db db, CancellationToken stop) => (_db, _stop) = (db, stop);

    public RunReader(Tx tx) => _tx = tx;

    /// <summary>In a transaction the run is locked until it ends, so that nothing is logged to a run while it is ended.</summary>
    public async Task<Run?> Find(string id)
        => (await Whole($"SELECT {Columns} FROM run r WHERE r.id = @id {_tx?.Dialect.ForUpdate}", new { id })).FirstOrDefault();

    public Task<List<Run>> Several(string[] ids) => Whole($"SELECT {Columns} FROM run r WHERE r.id IN @ids", new { ids });

    public Task<List<Run>> Newest(string project, string? experiment, int most, bool children) => Whole($"""
        SELECT {Columns}
          FROM run r
         WHERE r.project = @project
           AND (r.experiment = @experiment OR @experiment IS NULL)
           AND (r.parent IS NULL OR @children = 1)
         ORDER BY r.started_at DESC, r.id DESC
         LIMIT @most
        """, new { project, experiment, most, children });

    public Task<List<Run>> Children(string parent) => Whole($"""
        SELECT {Columns}
          FROM run r
         WHERE r.parent = @parent
         ORDER BY r.started_at, r.id
        """, new { parent });

    public async Task<List<Run>> Children(string[] parents) => parents.Length == 0 ? [] : await Whole($"""
        SELECT {Columns}
          FROM run r
         WHERE r.parent IN @parents
         ORDER BY r.started_at, r.id
        """, new { parents });

    public async Task<Run?> Best(string project, string? experiment, string metric, Direction direction, string? parent) => (await Whole($"""
        SELECT {Columns}
          FROM run r
          JOIN run_last m ON m.run = r.id AND m.key = @metric
         WHERE r.project = @project
           AND (r.experiment = @experiment OR @experiment IS NULL)
           AND (r.parent = @parent OR @parent IS NULL)
           AND r.status = 'finished'
           AND m.value IS NOT NULL
         ORDER BY m.value {(direction is Direction.Maximize ? "DESC" : "ASC")}, r.started_at, r.id
         LIMIT 1
        """, new { project, experiment, metric, parent })).FirstOrDefault();

    /// <summary>The parameters that a new run is named against: its parent's, or those of the first run beside it; null when it is the first.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> Baseline(string run, string project, string experiment, string? parent)
    {
        if (parent is not null && await Params([parent]) is { Count: > 0 } given)
            return given.ToDictionary(pair => pair.Key, pair => pair.Value);
        var first = (await All<string>("""
            SELECT id
              FROM run
             WHERE project = @project AND experiment = @experiment
               AND (parent = @parent OR (parent IS NULL AND @parent IS NULL))
             ORDER BY started_at, id
             LIMIT 1
            """, new { project, experiment, parent })).FirstOrDefault();
        return first is null || first == run ? null : (await Params([first])).ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    public Task<List<RunArtifact>> Artifacts(string run)
        => All<RunArtifact>("SELECT name, blob, size, at FROM run_artifact WHERE run = @run ORDER BY name", new { run });

    public async Task<List<MetricPoint>> Metrics(string run, string? key, long from = long.MinValue, int most = int.MaxValue)
        => [.. (await All<PointRow>("""
            SELECT key, value, word, step, at
              FROM run_metric
             WHERE run = @run AND (key = @key OR @key IS NULL) AND step >= @from
             ORDER BY key, step, at
             LIMIT @most
            """, new { run, key, from, most })).Select(row => new MetricPoint(row.Key, Number.Read(row.Value, row.Word), row.Step, row.At))];

    /// <summary>At most as many points as a page can draw.</summary>
    public async Task<ILookup<string, MetricPoint>> Points(string[] runs) => (await All<RunPointRow>("""
        SELECT run, key, value, word, step, at
          FROM run_metric
         WHERE run IN @runs
         ORDER BY run, key, step, at
         LIMIT 200000
        """, new { runs })).ToLookup(row => row.Run, row => new MetricPoint(row.Key, Number.Read(row.Value, row.Word), row.Step, row.At));

    private async Task<List<Run>> Whole(string sql, object values)
    {
        var runs = await All<RunRow>(sql, values);
        if (runs.Count == 0)
            return [];
        var ids = runs.Select(run => run.Id).ToArray();
        var given = (await Params(ids)).ToLookup(pair => pair.Run);
        var tags = (await All<Pair>("SELECT run, key, value FROM run_tag WHERE run IN @ids", new { ids })).ToLookup(pair => pair.Run);
        var last = (await All<LastRow>("SELECT run, key, value, word FROM run_last WHERE run IN @ids", new { ids })).ToLookup(row => row.Run);
        return runs.ConvertAll(run => run.With(given[run.Id], tags[run.Id], last[run.Id]));
    }

    private Task<List<Pair>> Params(string[] ids) => All<Pair>("SELECT run, key, value FROM run_param WHERE run IN @ids", new { ids });

    private Task<List<T>> All<T>(string sql, object values) => _tx is null ? _db!.All<T>(sql, values, _stop) : _tx.All<T>(sql, values);

    private sealed record Pair(string Run, string Key, string Value);

    private sealed record LastRow(string Run, string Key, double? Value, string? Word);

    private sealed record PointRow(string Key, double? Value, string? Word, long Step, DateTimeOffset At);

    private sealed record RunPointRow(string Run, string Key, double? Value, string? Word, long Step, DateTimeOffset At);

    private sealed record RunRow(
        string Id, string Project, string Experiment, string Name, RunStatus Status, string? Parent, string By,
        string? Data, string? Code, string? Environment, string? Lineage, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
    {
        public Run With(IEnumerable<Pair> given, IEnumerable<Pair> tags, IEnumerable<LastRow> last)
            => new(Id, Project, Experiment, Name, Status, Parent, By, Data, Code, Environment, StartedAt, EndedAt)
            {
                Lineage = Lineage is null ? null : Json.Read<Lineage>(Lineage),
                Params = Sorted(given, pair => pair.Key, pair => pair.Value),
                Tags = Sorted(tags, pair => pair.Key, pair => pair.Value),
                Metrics = Sorted(last, row => row.Key, row => Number.Read(row.Value, row.Word)),
            };

        private static SortedDictionary<string, TValue> Sorted<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, string> key, Func<TRow, TValue> value)
        {
            var sorted = new SortedDictionary<string, TValue>(StringComparer.Ordinal);
            foreach (var row in rows)
                sorted.Add(key(row), value(row));
            return sorted;
        }
    }
}
