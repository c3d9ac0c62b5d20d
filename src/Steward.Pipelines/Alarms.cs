using Steward.Events;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>Looks whether the newest window of a pipeline is as fresh as the project file wants it.</summary>
internal sealed class Alarms(Db db, AlarmStore store, IEvents events, TimeProvider clock)
{
    public async Task Look(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        if (plan.Alarms.Fresh is not { } fresh)
            return;
        var now = clock.Now();
        var newest = await store.NewestEnd(project.Name, name, stop);
        var open = await store.Open(project.Name, name, "fresh", stop);
        if ((newest is { } end ? now - end <= fresh : true) == open is null)
            return;
        await db.Write(async tx =>
        {
            if (open is not null)
                await AlarmStore.Over(tx, open, now);
            else if ($"The newest window that succeeded ended {Say.Ago(newest!.Value, now)}; it should be at most {Say.Span(fresh)} old." is var why && await AlarmStore.Raise(tx, project.Name, name, "fresh", newest.Value, why, now))
                await events.Publish(tx, new PipelineAlarm(project.Name, name, "fresh", newest.Value, why));
        }, stop);
    }
}

/// <summary>An alarm about a pipeline; over when it is as it should be again.</summary>
public sealed record OpenAlarm(string Project, string Pipeline, string Kind, DateTimeOffset StartAt, string Why, DateTimeOffset At, DateTimeOffset? OverAt);

/// <summary>All SQL about alarms.</summary>
internal sealed class AlarmStore(Db db)
{
    private const string Columns = "project, pipeline, kind, start_at, why, at, over_at";

    public async Task<DateTimeOffset?> NewestEnd(string project, string pipeline, CancellationToken stop)
        => await db.One<long?>("SELECT max(end_at) FROM pipeline_window WHERE project = @project AND pipeline = @pipeline AND state = 'succeeded'", new { project, pipeline }, stop) is { } end ? Times.FromMicroseconds(end) : null;

    public Task<OpenAlarm?> Open(string project, string pipeline, string kind, CancellationToken stop)
        => db.One<OpenAlarm>($"SELECT {Columns} FROM pipeline_alarm WHERE project = @project AND pipeline = @pipeline AND kind = @kind AND over_at IS NULL", new { project, pipeline, kind }, stop);

    public Task<List<OpenAlarm>> Open(string project, CancellationToken stop)
        => db.All<OpenAlarm>($"SELECT {Columns} FROM pipeline_alarm WHERE project = @project AND over_at IS NULL ORDER BY at DESC LIMIT 200", new { project }, stop);

    public async Task<int> Waiting(string project, CancellationToken stop)
        => (int)await db.One<long>("SELECT count(*) FROM pipeline_alarm WHERE project = @project AND over_at IS NULL", new { project }, stop);

    /// <summary>False when it is there already.</summary>
    public static async Task<bool> Raise(Tx tx, string project, string pipeline, string kind, DateTimeOffset start, string why, DateTimeOffset now) => await tx.Run("""
        INSERT INTO pipeline_alarm (project, pipeline, kind, start_at, why, at) VALUES (@project, @pipeline, @kind, @start, @why, @now)
        ON CONFLICT (project, pipeline, kind, start_at) DO UPDATE SET why = excluded.why, at = excluded.at, over_at = NULL WHERE pipeline_alarm.over_at IS NOT NULL
        """, new { project, pipeline, kind, start, why = Names.Shorten(why, 1000), now }) == 1;

    public static Task Over(Tx tx, Window window, string kind, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_alarm SET over_at = @now WHERE project = @Project AND pipeline = @Pipeline AND kind = @kind AND start_at = @StartAt AND over_at IS NULL
        """, new { window.Project, window.Pipeline, window.StartAt, kind, now });

    public static Task Over(Tx tx, OpenAlarm alarm, DateTimeOffset now) => tx.Run("""
        UPDATE pipeline_alarm SET over_at = @now WHERE project = @Project AND pipeline = @Pipeline AND kind = @Kind AND over_at IS NULL
        """, new { alarm.Project, alarm.Pipeline, alarm.Kind, now });
}
