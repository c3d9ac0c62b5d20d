using System.Collections.Concurrent;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>Looks for files that have arrived in the inbox and are finished; all that are found together make one window.</summary>
internal sealed class Arrivals(Db db, WindowStore store, Places places, PipelineSignals signals, TimeProvider clock)
{
    private const int MostAtOnce = 1000;

    /// <summary>Between two looks at a connection; the inbox is looked at every time.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<(string Project, string Pipeline), (DateTimeOffset At, Task<IReadOnlyList<PlacedFile>>? Found)> _looks = new();

    public async Task Look(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        if (plan.Trigger.Event is not { } on || await store.Find(project.Name, name, stop) is not { Paused: false } row)
            return;
        var now = clock.Now();
        if (await Seen(row, on, now, stop) is not { } there)
            return;
        var settled = there.Where(file => now - file.ChangedAt >= on.Settle).ToList();
        var known = (await db.All<Known>("SELECT name, bytes, changed_at FROM pipeline_file WHERE project = @project AND pipeline = @name", new { project = project.Name, name }, stop)).ToHashSet();
        var arrived = settled.Where(file => !known.Contains(Known.Of(file))).Take(MostAtOnce).ToList();
        if (arrived.Count > 0)
            await db.Write(tx => Take(tx, row, arrived, now), stop);
    }

    /// <summary>The files that a window was made for, by name.</summary>
    public Task<List<string>> Of(Window window, CancellationToken stop)
        => db.All<string>("SELECT name FROM pipeline_file WHERE project = @Project AND pipeline = @Pipeline AND start_at = @StartAt ORDER BY name", new { window.Project, window.Pipeline, window.StartAt }, stop);

    /// <summary>What is there; null while nobody knows. A place that cannot be looked at is the pipeline's trouble until it can.</summary>
    private async Task<IReadOnlyList<PlacedFile>?> Seen(PipelineRow row, EventPlan on, DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            var found = await Found(row.Project, row.Name, on, now, stop);
            if (found is not null)
                await Tell(row, null, stop);
            return found;
        }
        catch (ProblemException problem)
        {
            await Tell(row, Names.Shorten($"It cannot look for files in {on.Path}: {problem.Message} {problem.Try}".TrimEnd(), 1000), stop);
            return null;
        }
    }

    private async Task Tell(PipelineRow row, string? trouble, CancellationToken stop)
    {
        if (row.LookTrouble == trouble)
            return;
        await db.Run("UPDATE pipeline SET look_trouble = @trouble WHERE project = @Project AND name = @Name", new { row.Project, row.Name, trouble }, stop);
        signals.Changed.Ring();
    }

    /// <summary>A connection may take its time: it is asked aside, and its answer taken at a later look; null until then.</summary>
    private async Task<IReadOnlyList<PlacedFile>?> Found(string project, string pipeline, EventPlan on, DateTimeOffset now, CancellationToken stop)
    {
        if (Places.Elsewhere(on.Path) is null)
            return await places.Files(project, on.Path, on.Created, stop);
        var look = _looks.GetValueOrDefault((project, pipeline));
        if (look.Found is { IsCompleted: true } answer)
        {
            _looks[(project, pipeline)] = (now, null);
            return await answer;
        }

        if (look.Found is null && (now - look.At).Duration() >= Between)
            _looks[(project, pipeline)] = (now, Task.Run(() => places.Files(project, on.Path, on.Created, CancellationToken.None), CancellationToken.None));
        return null;
    }

    private async Task Take(Tx tx, PipelineRow found, List<PlacedFile> arrived, DateTimeOffset now)
    {
        var row = (await WindowStore.Lock(tx, found.Project, found.Name))!;
        if (row.NextAt >= now)
            return; // another server was quicker, or the clock went back: at the next look
        var taken = 0;
        foreach (var file in arrived.Select(Known.Of))
            taken += await tx.Run("""
                INSERT INTO pipeline_file (project, pipeline, name, bytes, changed_at, start_at) VALUES (@Project, @pipeline, @Name, @Bytes, @ChangedAt, @NextAt)
                ON CONFLICT (project, pipeline, name, bytes, changed_at) DO NOTHING
                """, new { row.Project, pipeline = row.Name, file.Name, file.Bytes, file.ChangedAt, row.NextAt });
        if (taken == 0)
            return;
        await WindowStore.Make(tx, row.Project, row.Name, [(new(row.NextAt, now), now)], WindowState.Waiting, Origin.Event, null);
        await WindowStore.Change(tx, row with { NextAt = now });
        tx.AfterCommit(signals.Ring);
    }

    private sealed record Known(string Name, long Bytes, DateTimeOffset ChangedAt)
    {
        public static Known Of(PlacedFile file) => new(file.Name, file.Bytes, Times.FromMicroseconds(file.ChangedAt.ToMicroseconds()));
    }
}
