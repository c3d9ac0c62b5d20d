using System.Globalization;
using System.Text;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>All SQL about pipelines and their windows.</summary>
internal sealed class WindowStore(Db db)
{
    private const int RowsAtOnce = 500;
    private const string Columns = """
        project, pipeline, start_at, end_at, state, due_at, origin, request, round, attempt, runs, why, waits_for, waits_at, waits_since, run, task, from_step, stale, rows_made, started_at, ended_at
        """;

    public Task<PipelineRow?> Find(string project, string name, CancellationToken stop)
        => db.One<PipelineRow>("SELECT project, name, grid, next_at, revision, paused, trouble, look_trouble FROM pipeline WHERE project = @project AND name = @name", new { project, name }, stop);

    /// <summary>Holds the pipeline until the transaction ends: its windows are started by one server at a time.</summary>
    public static Task<PipelineRow?> Lock(Tx tx, string project, string name)
        => tx.One<PipelineRow>($"SELECT project, name, grid, next_at, revision, paused, trouble, look_trouble FROM pipeline WHERE project = @project AND name = @name {tx.Dialect.ForUpdate}", new { project, name });

    public static Task Add(Tx tx, string project, string name, DateTimeOffset nextAt) => tx.Run("""
        INSERT INTO pipeline (project, name, next_at, revision, paused) VALUES (@project, @name, @nextAt, 0, 0)
        ON CONFLICT (project, name) DO NOTHING
        """, new { project, name, nextAt });

    public static Task Change(Tx tx, PipelineRow row) => tx.Run("""
        UPDATE pipeline SET grid = @Grid, next_at = @NextAt, revision = @Revision, paused = @Paused, trouble = @Trouble, look_trouble = @LookTrouble WHERE project = @Project AND name = @Name
        """, row);

    /// <summary>What there may be to do. A glance by indexes, so that a server without work writes nothing.</summary>
    public Task<Glance?> Glance(string project, string pipeline, DateTimeOffset now, DateTimeOffset longAgo, CancellationToken stop) => db.One<Glance>("""
        SELECT (SELECT count(*) FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'running') AS running,
               (SELECT count(*) FROM (SELECT 1 FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'waiting' AND due_at <= @now LIMIT 1) due) AS due,
               (SELECT count(*) FROM (SELECT 1 FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'waitingOnDependency' AND waits_since <= @longAgo LIMIT 1) late) AS late,
               (SELECT count(*) FROM (SELECT 1 FROM pipeline_window w JOIN pipeline_window u ON u.project = w.project AND u.pipeline = w.waits_for AND u.start_at = w.waits_at AND u.state = 'succeeded'
                                       WHERE w.project = @project AND w.pipeline = @pipeline AND w.state = 'waitingOnDependency' LIMIT 1) freed) AS freed
        """, new { project, pipeline, now, longAgo }, stop);

    public static async Task<int> Running(Tx tx, string project, string pipeline)
        => (int)await tx.One<long>("SELECT count(*) FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'running'", new { project, pipeline });

    public Task<List<Window>> Running(string project, string pipeline, CancellationToken stop)
        => db.All<Window>($"SELECT {Columns} FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'running' ORDER BY start_at", new { project, pipeline }, stop);

    public Task<Window?> Find(string project, string pipeline, DateTimeOffset start, CancellationToken stop)
        => db.One<Window>($"SELECT {Columns} FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND start_at = @start", new { project, pipeline, start }, stop);

    public static Task<Window?> Find(Tx tx, string project, string pipeline, DateTimeOffset start)
        => tx.One<Window>($"SELECT {Columns} FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND start_at = @start {tx.Dialect.ForUpdate}", new { project, pipeline, start });

    /// <summary>The newest that begin before a moment, the newest first.</summary>
    public Task<List<Window>> Newest(string project, string pipeline, DateTimeOffset before, int most, CancellationToken stop) => db.All<Window>($"""
        SELECT {Columns} FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND start_at < @before ORDER BY start_at DESC LIMIT @most
        """, new { project, pipeline, before, most }, stop);

    public Task<List<Window>> InState(string project, string pipeline, WindowState state, int most, CancellationToken stop) => db.All<Window>($"""
        SELECT {Columns} FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = @state ORDER BY start_at LIMIT @most
        """, new { project, pipeline, state, most }, stop);

    public async Task<Dictionary<WindowState, long>> Counts(string project, string pipeline, CancellationToken stop)
        => (await db.All<Counted>("SELECT state, count(*) AS windows FROM pipeline_window WHERE project = @project AND pipeline = @pipeline GROUP BY state", new { project, pipeline }, stop)).ToDictionary(one => one.State, one => one.Windows);

    public async Task<Dictionary<WindowState, long>> Counts(string project, string pipeline, Slice stretch, CancellationToken stop)
        => (await db.All<Counted>("SELECT state, count(*) AS windows FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND start_at >= @Start AND start_at < @End GROUP BY state", new { project, pipeline, stretch.Start, stretch.End }, stop)).ToDictionary(one => one.State, one => one.Windows);

    /// <summary>The oldest that wait and are due; while the pipeline is paused, only those somebody asked for.</summary>
    public static Task<List<Window>> Due(Tx tx, string project, string pipeline, DateTimeOffset now, bool paused, int most) => tx.All<Window>($"""
        SELECT {Columns}
          FROM pipeline_window
         WHERE project = @project AND pipeline = @pipeline AND state = 'waiting' AND due_at <= @now{(paused ? " AND origin IN ('hand', 'backfill', 'rerun')" : "")}
         ORDER BY start_at
         LIMIT @most
        """, new { project, pipeline, now, most });

    /// <summary>Makes rows of windows that have none; those that are there stay as they are. How many were made.</summary>
    public static async Task<int> Make(Tx tx, string project, string pipeline, IEnumerable<(Slice Window, DateTimeOffset DueAt)> windows, WindowState state, Origin origin, string? request, string? why = null, DateTimeOffset? endedAt = null)
    {
        var made = 0;
        foreach (var chunk in windows.Chunk(RowsAtOnce))
        {
            // Numbers only, made by us: one statement for many rows is what makes ten thousand quick on either engine.
            var values = new StringBuilder();
            foreach (var (window, due) in chunk)
                values.Append(values.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"(@project, @pipeline, {window.Start.ToMicroseconds()}, {window.End.ToMicroseconds()}, @state, {due.ToMicroseconds()}, @origin, @request, @why, CAST(@endedAt AS bigint), 0, 0, 0, 0)");
            made += await tx.Run($"""
                INSERT INTO pipeline_window (project, pipeline, start_at, end_at, state, due_at, origin, request, why, ended_at, round, attempt, runs, stale) VALUES {values}
                ON CONFLICT (project, pipeline, start_at) DO NOTHING
                """, new { project, pipeline, state, origin, request, why, endedAt = endedAt?.ToMicroseconds() });
        }

        return made;
    }

    public static Task Block(Tx tx, Window window, string why, string? on, DateTimeOffset? at, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_window
           SET state = 'waitingOnDependency', why = @why, waits_for = @on, waits_at = @at, waits_since = coalesce(waits_since, @now)
         WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt
        """, new { window.Project, window.Pipeline, window.StartAt, why, on, at, now });

    /// <summary>Windows whose first wait is over wait to be looked at again.</summary>
    public static Task<int> Free(Tx tx, string project, string pipeline) => tx.Run("""
        UPDATE pipeline_window
           SET state = 'waiting', why = NULL, waits_for = NULL, waits_at = NULL
         WHERE project = @project AND pipeline = @pipeline AND state = 'waitingOnDependency'
           AND EXISTS (SELECT 1 FROM pipeline_window u WHERE u.project = pipeline_window.project AND u.pipeline = pipeline_window.waits_for AND u.start_at = pipeline_window.waits_at AND u.state = 'succeeded')
        """, new { project, pipeline });

    /// <summary>All of them are looked at again: what they wait for may have another meaning now.</summary>
    public static Task FreeAll(Tx tx, string project, string pipeline) => tx.Run("""
        UPDATE pipeline_window SET state = 'waiting', why = NULL, waits_for = NULL, waits_at = NULL WHERE project = @project AND pipeline = @pipeline AND state = 'waitingOnDependency'
        """, new { project, pipeline });

    public static Task<List<Window>> GiveUp(Tx tx, string project, string pipeline, DateTimeOffset longAgo, DateTimeOffset now) => tx.All<Window>($"""
        UPDATE pipeline_window
           SET state = 'failed', why = 'It waited for 7 days: ' || coalesce(why, ''), ended_at = @now, waits_for = NULL, waits_at = NULL, waits_since = NULL
         WHERE project = @project AND pipeline = @pipeline AND state = 'waitingOnDependency' AND waits_since <= @longAgo
        RETURNING {Columns}
        """, new { project, pipeline, longAgo, now });

    public static Task Begin(Tx tx, Window window, string run, string task, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_window
           SET state = 'running', run = @run, task = @task, runs = runs + 1, started_at = @now, ended_at = NULL, why = NULL, waits_for = NULL, waits_at = NULL, waits_since = NULL
         WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt
        """, new { window.Project, window.Pipeline, window.StartAt, run, task, now });

    /// <summary>Ends the run that holds a window; null when it holds it no more.</summary>
    public static Task<Window?> End(Tx tx, Window window, string run, WindowState state, string? why, long? rows, int attempt, DateTimeOffset dueAt, DateTimeOffset now) => tx.One<Window>($"""
        UPDATE pipeline_window
           SET state = @state, why = @why, attempt = @attempt, due_at = @dueAt,
               rows_made = CASE WHEN @state = 'succeeded' THEN @rows ELSE rows_made END,
               stale     = CASE WHEN @state = 'succeeded' THEN 0 ELSE stale END,
               from_step = CASE WHEN @state = 'succeeded' THEN NULL ELSE from_step END,
               ended_at  = CASE WHEN @state = 'waiting' THEN NULL ELSE CAST(@now AS bigint) END
         WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt AND run = @run AND state = 'running'
        RETURNING {Columns}
        """, new { window.Project, window.Pipeline, window.StartAt, run, state, why, rows, attempt, dueAt, now });

    /// <summary>Windows that are over run again, from the oldest on; what they say of an earlier wait is forgotten.</summary>
    public static Task<List<Window>> Again(Tx tx, string project, string pipeline, Slice stretch, IReadOnlyCollection<WindowState> states, Origin origin, string request, string? fromStep, string? why = null) => tx.All<Window>($"""
        UPDATE pipeline_window
           SET state = 'waiting', round = round + 1, attempt = 0, origin = @origin, request = @request, from_step = @fromStep, why = @why, due_at = end_at, ended_at = NULL
         WHERE project = @project AND pipeline = @pipeline AND start_at >= @Start AND start_at < @End AND state IN @states
        RETURNING {Columns}
        """, new { project, pipeline, stretch.Start, stretch.End, states = Words(states), origin, request, fromStep, why });

    /// <summary>The same for windows by their starts, those that ran.</summary>
    public static async Task<int> Again(Tx tx, string project, string pipeline, IEnumerable<DateTimeOffset> starts, string request, string why)
    {
        var again = 0;
        foreach (var chunk in starts.Chunk(RowsAtOnce))
            again += await tx.Run("""
                UPDATE pipeline_window
                   SET state = 'waiting', round = round + 1, attempt = 0, origin = 'rerun', request = @request, from_step = NULL, why = @why, due_at = end_at, ended_at = NULL
                 WHERE project = @project AND pipeline = @pipeline AND state IN ('succeeded', 'failed') AND start_at IN @starts
                """, new { project, pipeline, starts = chunk.Select(one => one.ToMicroseconds()), request, why });
        return again;
    }

    /// <summary>A window that waits runs as somebody asked, also while the pipeline is paused.</summary>
    public static Task Hurry(Tx tx, Window window, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_window SET origin = 'hand', due_at = CASE WHEN due_at > @now THEN CAST(@now AS bigint) ELSE due_at END WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt
        """, new { window.Project, window.Pipeline, window.StartAt, now });

    public static Task<List<Window>> Cancel(Tx tx, string project, string pipeline, Slice stretch, string? request, IReadOnlyCollection<WindowState> states, string why, DateTimeOffset now) => tx.All<Window>($"""
        UPDATE pipeline_window
           SET state = 'cancelled', why = @why, ended_at = @now, waits_for = NULL, waits_at = NULL, waits_since = NULL
         WHERE project = @project AND pipeline = @pipeline AND start_at >= @Start AND start_at < @End AND state IN @states{(request is null ? "" : " AND request = @request")}
        RETURNING {Columns}
        """, new { project, pipeline, stretch.Start, stretch.End, states = Words(states), why, request, now });

    /// <summary>Rows of windows that never began go: they come back when they are due again.</summary>
    public static Task<int> Forget(Tx tx, string project, string pipeline, DateTimeOffset end) => tx.Run("""
        DELETE FROM pipeline_window
         WHERE project = @project AND pipeline = @pipeline AND end_at > @end AND state IN ('waiting', 'waitingOnDependency') AND runs = 0 AND origin = 'schedule'
        """, new { project, pipeline, end });

    public static Task<long> Any(Tx tx, string project, string pipeline)
        => tx.One<long>("SELECT count(*) FROM (SELECT 1 FROM pipeline_window WHERE project = @project AND pipeline = @pipeline LIMIT 1) one", new { project, pipeline });

    /// <summary>The starts of those of a stretch that have succeeded.</summary>
    public static async Task<HashSet<DateTimeOffset>> Succeeded(Tx tx, string project, string pipeline, DateTimeOffset first, DateTimeOffset last)
        => [.. (await tx.All<long>("SELECT start_at FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'succeeded' AND start_at >= @first AND start_at <= @last", new { project, pipeline, first, last })).Select(Times.FromMicroseconds)];

    public static Task<string?> StateOf(Tx tx, string project, string pipeline, DateTimeOffset start)
        => tx.One<string>("SELECT state FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND start_at = @start", new { project, pipeline, start });

    /// <summary>Marks those that have succeeded; the newly marked.</summary>
    public static Task<int> Stale(Tx tx, string project, string pipeline, IReadOnlyCollection<DateTimeOffset> starts) => tx.Run("""
        UPDATE pipeline_window SET stale = 1 WHERE project = @project AND pipeline = @pipeline AND state = 'succeeded' AND stale = 0 AND start_at IN @starts
        """, new { project, pipeline, starts = starts.Select(one => one.ToMicroseconds()) });

    public static Task Ask(Tx tx, Request request) => tx.Run("""
        INSERT INTO pipeline_request (id, project, pipeline, kind, from_at, to_at, windows, asked_by, asked_at) VALUES (@Id, @Project, @Pipeline, @Kind, @FromAt, @ToAt, @Windows, @AskedBy, @AskedAt)
        """, request);

    public Task<List<Request>> Requests(string project, string pipeline, int most, CancellationToken stop) => db.All<Request>("""
        SELECT id, project, pipeline, kind, from_at, to_at, windows, asked_by, asked_at FROM pipeline_request WHERE project = @project AND pipeline = @pipeline ORDER BY asked_at DESC, id DESC LIMIT @most
        """, new { project, pipeline, most }, stop);

    private static IEnumerable<string> Words(IEnumerable<WindowState> states) => states.Select(state => Json.Write(state).Trim('"'));

    private sealed class Counted
    {
        public WindowState State { get; init; }

        public long Windows { get; init; }
    }
}

/// <summary>How much of each there is to look at; more than none is all that counts, but for what runs.</summary>
internal sealed record Glance(long Running, long Due, long Late, long Freed);

/// <summary>A stretch of windows that somebody wants run.</summary>
public sealed record Request(string Id, string Project, string Pipeline, Origin Kind, DateTimeOffset FromAt, DateTimeOffset ToAt, long Windows, string AskedBy, DateTimeOffset AskedAt);
