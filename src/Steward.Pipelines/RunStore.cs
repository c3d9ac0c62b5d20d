using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>All SQL about runs and their steps.</summary>
internal sealed class RunStore(Db db)
{
    private const string Columns = "id, project, pipeline, start_at, number, task, revision, state, error, begun_at, ended_at";
    private const string StepColumns = "run, step, project, pipeline, start_at, round, kind, state, inputs, made, rows_made, words, begun_at, ended_at, task";

    public static Task Begin(Tx tx, Run run) => tx.Run($"""
        INSERT INTO pipeline_run ({Columns}) VALUES (@Id, @Project, @Pipeline, @StartAt, @Number, @Task, NULL, @State, NULL, @BegunAt, NULL)
        """, run);

    public static Task End(Tx tx, string run, RunState state, int? revision, string? error, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_run SET state = @state, revision = coalesce(@revision, revision), error = @error, ended_at = @now WHERE id = @run AND state = 'running'
        """, new { run, state, revision = (long?)revision, error, now });

    public Task<Run?> Find(string project, string id, CancellationToken stop) => db.One<Run>($"SELECT {Columns} FROM pipeline_run WHERE id = @id AND project = @project", new { project, id }, stop);

    /// <summary>The runs of a window, oldest first.</summary>
    public Task<List<Run>> Of(string project, string pipeline, DateTimeOffset start, CancellationToken stop) => db.All<Run>($"""
        SELECT {Columns} FROM pipeline_run WHERE project = @project AND pipeline = @pipeline AND start_at = @start ORDER BY number
        """, new { project, pipeline, start }, stop);

    public Task<List<Run>> Newest(string project, string pipeline, int most, CancellationToken stop) => db.All<Run>($"""
        SELECT {Columns} FROM pipeline_run WHERE project = @project AND pipeline = @pipeline ORDER BY id DESC LIMIT @most
        """, new { project, pipeline, most }, stop);

    /// <summary>The steps of a run in the order they began.</summary>
    public Task<List<StepRow>> Steps(string run, CancellationToken stop) => db.All<StepRow>($"""
        SELECT {StepColumns} FROM pipeline_step WHERE run = @run ORDER BY begun_at NULLS LAST, step
        """, new { run }, stop);

    /// <summary>Notes where a step stands; the same step again replaces what was said.</summary>
    public Task Note(StepRow step, CancellationToken stop) => db.Run($"""
        INSERT INTO pipeline_step ({StepColumns}) VALUES (@Run, @Step, @Project, @Pipeline, @StartAt, @Round, @Kind, @State, @Inputs, @Made, @RowsMade, @Words, @BegunAt, @EndedAt, @Task)
        ON CONFLICT (run, step) DO UPDATE SET state = excluded.state, inputs = excluded.inputs, made = excluded.made, rows_made = excluded.rows_made, words = excluded.words, begun_at = excluded.begun_at, ended_at = excluded.ended_at
        """, step, stop);

    /// <summary>Notes the task that a step ordered, in the transaction that orders it.</summary>
    public static Task Ordered(Tx tx, string run, string step, string task, string words) => tx.Run("UPDATE pipeline_step SET task = @task, words = @words WHERE run = @run AND step = @step", new { run, step, task, words = Names.Shorten(words, 1000) });

    /// <summary>What a step of a window made the last time, with these inputs when they are given.</summary>
    public Task<StepRow?> Made(Window window, string step, string? inputs, int? round, DateTimeOffset since, CancellationToken stop) => db.One<StepRow>($"""
        SELECT {StepColumns}
          FROM pipeline_step
         WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt AND step = @step AND made IS NOT NULL AND ended_at >= @since
           {(inputs is null ? "" : "AND inputs = @inputs")} {(round is null ? "" : "AND round = @round")}
         ORDER BY ended_at DESC
         LIMIT 1
        """, new { window.Project, window.Pipeline, window.StartAt, step, inputs, round = (long?)round, since }, stop);
}

/// <summary>One step of a run.</summary>
/// <param name="Inputs">Digest of all it depends on.</param>
/// <param name="Made">What it made, as JSON, until it is part of the tables and after.</param>
/// <param name="Words">What it did, or why it failed.</param>
/// <param name="Task">The task of the ledger that it ordered with the end of the window.</param>
public sealed record StepRow(
    string Run, string Step, string Project, string Pipeline, DateTimeOffset StartAt, int Round, string Kind, StepState State, string? Inputs, string? Made, long? RowsMade, string? Words, DateTimeOffset? BegunAt, DateTimeOffset? EndedAt, string? Task = null);

public enum StepState { Running, Succeeded, Taken, Failed, Skipped, Cancelled }
