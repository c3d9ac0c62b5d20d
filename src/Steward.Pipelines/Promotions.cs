using Steward.Events;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>An alias of a model moved, as the registry tells it; this room knows no more of models than that.</summary>
internal sealed record AliasMoved(string Project, string Model, string Alias, int Version, long Epoch, string Reason) : IEvent
{
    public static string Name => "models.promoted";
}

/// <summary>What moved an alias, for the window that it made run.</summary>
public sealed record MovedAlias(string Model, string Alias, int Version, long Epoch, string Reason)
{
    internal string InWords => $"{Model}@{Version} is {Alias}{(Reason.Length > 0 ? $": {Reason}" : "")}";
}

/// <summary>Notes promotions that pipelines wait for, however often they are told, and makes one window of each, in their order.</summary>
internal sealed class Promotions(Db db, IProjects projects, WindowStore store, PipelineSignals signals, TimeProvider clock) : IListen<AliasMoved>
{
    public async Task Hear(AliasMoved happened, CancellationToken stop)
    {
        if (await projects.Find(happened.Project, stop) is not { } project)
            return;
        var waiting = project.File.Pipelines().Where(one => one.Value.Trigger.Promoted is { } on && on.Model == happened.Model && on.Alias == happened.Alias).Select(one => one.Key).ToList();
        if (waiting.Count == 0)
            return;
        await db.Write(async tx =>
        {
            foreach (var pipeline in waiting)
                await tx.Run("""
                    INSERT INTO pipeline_promotion (project, pipeline, model, alias, epoch, version, reason, at) VALUES (@Project, @pipeline, @Model, @Alias, @Epoch, @Version, @reason, @now)
                    ON CONFLICT (project, pipeline, model, alias, epoch) DO NOTHING
                    """, new { happened.Project, pipeline, happened.Model, happened.Alias, happened.Epoch, Version = (long)happened.Version, reason = Names.Shorten(happened.Reason, 500), now = clock.GetUtcNow() });
        }, stop);
        signals.Due.Ring();
    }

    public async Task Look(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        if (plan.Trigger.Promoted is not null && await Waiting(project.Name, name, stop) > 0 && await store.Find(project.Name, name, stop) is { Paused: false })
            await db.Write(tx => Take(tx, project.Name, name), stop);
    }

    /// <summary>What a window was made for; null when nothing was promoted.</summary>
    public Task<MovedAlias?> Of(Window window, CancellationToken stop) => db.One<MovedAlias>("""
        SELECT model, alias, version, epoch, reason FROM pipeline_promotion WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt
        """, new { window.Project, window.Pipeline, window.StartAt }, stop);

    private Task<long> Waiting(string project, string pipeline, CancellationToken stop)
        => db.One<long>("SELECT count(*) FROM (SELECT 1 FROM pipeline_promotion WHERE project = @project AND pipeline = @pipeline AND start_at IS NULL LIMIT 1) one", new { project, pipeline }, stop);

    private async Task Take(Tx tx, string project, string pipeline)
    {
        var row = (await WindowStore.Lock(tx, project, pipeline))!;
        var now = clock.Now();
        foreach (var one in await tx.All<MovedAlias>("SELECT model, alias, version, epoch, reason FROM pipeline_promotion WHERE project = @project AND pipeline = @pipeline AND start_at IS NULL ORDER BY epoch", new { project, pipeline }))
        {
            // Its window reaches back to the one before; several at once, or a clock that went back, make windows of an instant.
            var window = row.NextAt < now ? new(row.NextAt, now) : Slice.At(row.NextAt);
            while (await WindowStore.Make(tx, project, pipeline, [(window, now)], WindowState.Waiting, Origin.Event, null) == 0)
                window = Slice.At(window.End); // a run by hand began at that very instant
            await tx.Run("UPDATE pipeline_promotion SET start_at = @start WHERE project = @project AND pipeline = @pipeline AND model = @Model AND alias = @Alias AND epoch = @Epoch", new { project, pipeline, one.Model, one.Alias, one.Epoch, start = window.Start });
            await WindowStore.Change(tx, row = row with { NextAt = window.End });
        }

        tx.AfterCommit(signals.Ring);
    }
}
