using Steward.Identity;
using Steward.Events;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>
/// Starts windows of one pipeline: makes rows of those that are due, lets each wait for what it depends on, and gives the
/// oldest to the ledger while there are slots. A slot is the state 'running' itself, so none can leak.
/// </summary>
internal sealed class Starter(Db db, WindowStore store, ILedger ledger, IEvents events, PipelineSignals signals, TimeProvider clock)
{
    /// <summary>Rows made ahead of what can run now, and windows looked at in one transaction.</summary>
    private const int Ahead = 100, MostLooks = 500;

    /// <summary>A window that waits for another this long has failed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    /// <summary>How often a worker may die over one run before the run counts as failed.</summary>
    private const int MostDeaths = 10;

    /// <summary>True when there is more to start at once.</summary>
    public async Task<bool> Start(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        var now = clock.Now();
        var row = await store.Find(project.Name, name, stop);
        if (row is null || row.Revision < project.Revision)
            row = await TakeOver(project, name, plan, stop);
        if (row.Trouble is not null)
            return false;
        if (await store.Glance(project.Name, name, now, now - LongestWait, stop) is not { } glance || (glance is { Due: 0, Late: 0, Freed: 0 } && !IsDue(plan, row, now)) || (glance.Running >= plan.Trigger.AtOnce && glance.Late == 0))
            return false;
        return await db.Write(tx => Start(tx, project, name, plan, now), stop);
    }

    /// <summary>When the next window by itself is due; null when there is none.</summary>
    public static DateTimeOffset? NextDue(PipelinePlan plan, PipelineRow row) => Next(plan, row) is { } next ? next.DueAt : null;

    private static bool IsDue(PipelinePlan plan, PipelineRow row, DateTimeOffset now) => !row.Paused && (plan.Trigger.Kind is TriggerKind.Cron ? plan.Trigger.Cron!.After(row.NextAt, now).Any() : NextDue(plan, row) <= now);

    private static (Slice Window, DateTimeOffset DueAt)? Next(PipelinePlan plan, PipelineRow row)
    {
        if (plan.Trigger.Cron is { } cron)
            return cron.After(row.NextAt, DateTimeOffset.MaxValue).Select(at => ((Slice, DateTimeOffset)?)(new Slice(row.NextAt, at), at)).FirstOrDefault();
        return plan.Trigger.Tumbling is { Grid: { } grid } tumbling ? grid.From(row.NextAt).Select(window => ((Slice, DateTimeOffset)?)(window, window.End + tumbling.Delay)).FirstOrDefault() : null;
    }

    /// <summary>What a new project file changes: an end that moved, dependencies. Borders that would move are refused, and the pipeline stands still.</summary>
    private Task<PipelineRow> TakeOver(Project project, string name, PipelinePlan plan, CancellationToken stop) => db.Write(async tx =>
    {
        var grid = plan.Trigger.Tumbling?.Grid;
        var frozen = grid?.Frozen ?? plan.Trigger.Kind.ToString();
        await WindowStore.Add(tx, project.Name, name, grid?.Start ?? clock.Now());
        var row = (await WindowStore.Lock(tx, project.Name, name))!;
        if (row.Revision >= project.Revision)
            return row;
        var any = await WindowStore.Any(tx, project.Name, name) > 0;
        if (any && row.Grid is { } before && before != frozen)
        {
            row = row with { Revision = project.Revision, Trouble = $"Its windows are {before}, and the project file wants {frozen}. Where windows lie cannot change once there are some: change it back, or give the pipeline another name." };
            await WindowStore.Change(tx, row);
            return row;
        }

        row = row with { Revision = project.Revision, Grid = frozen, Trouble = null, LookTrouble = plan.Trigger.Event is null ? null : row.LookTrouble, NextAt = any ? row.NextAt : grid?.Start ?? row.NextAt };
        if (grid is { Count: { } count, End: { } end } && await WindowStore.Forget(tx, project.Name, name, end) >= 0 && row.NextAt > grid.Border(count))
            row = row with { NextAt = grid.Border(count) };
        await WindowStore.FreeAll(tx, project.Name, name);
        await WindowStore.Change(tx, row);
        return row;
    }, stop);

    private async Task<bool> Start(Tx tx, Project project, string name, PipelinePlan plan, DateTimeOffset now)
    {
        var row = (await WindowStore.Lock(tx, project.Name, name))!;
        foreach (var late in await WindowStore.GiveUp(tx, project.Name, name, now - LongestWait, now))
            await events.Publish(tx, new WindowEnded(late.Project, late.Pipeline, late.StartAt, late.EndAt, WindowState.Failed, null, 0, late.Why));
        await WindowStore.Free(tx, project.Name, name);
        var free = plan.Trigger.AtOnce - await WindowStore.Running(tx, project.Name, name);
        var looked = 0;
        while (free > 0 && looked < MostLooks)
        {
            var due = await WindowStore.Due(tx, project.Name, name, now, row.Paused, plan.Trigger.Tumbling is { DependsOn.Count: > 0 } ? Math.Max(free, Ahead / 2) : free);
            if (due.Count == 0)
            {
                if (row.Paused || await MakeDue(tx, plan, row, now) is not { } ahead)
                    break;
                row = ahead;
                continue;
            }

            foreach (var window in due.TakeWhile(_ => free > 0))
            {
                looked++;
                if (!await Waits(tx, project, name, plan, window, now))
                {
                    await Begin(tx, window, now);
                    free--;
                }
            }
        }

        tx.AfterCommit(signals.Changed.Ring);
        return looked >= MostLooks && free > 0;
    }

    /// <summary>Makes rows of the next windows that are due; null when there is none.</summary>
    private static async Task<PipelineRow?> MakeDue(Tx tx, PipelinePlan plan, PipelineRow row, DateTimeOffset now)
    {
        List<(Slice Window, DateTimeOffset DueAt)> due = [];
        if (plan.Trigger.Cron is { } cron)
        {
            // One run makes up for all times that were missed: its window goes back to the last one.
            if (cron.After(row.NextAt, now).ToList() is { Count: > 0 } missed)
                due.Add((new(row.NextAt, missed[^1]), missed[^1]));
        }
        else if (plan.Trigger.Tumbling is { Grid: { } grid } tumbling)
            due = [.. grid.From(row.NextAt).Select(window => (window, window.End + tumbling.Delay)).TakeWhile(one => one.Item2 <= now).Take(Ahead)];
        if (due.Count == 0)
            return null;
        await WindowStore.Make(tx, row.Project, row.Name, due, WindowState.Waiting, Origin.Schedule, null);
        row = row with { NextAt = due[^1].Window.End };
        await WindowStore.Change(tx, row);
        return row;
    }

    /// <summary>Whether a window waits for another; then it says for which.</summary>
    private static async Task<bool> Waits(Tx tx, Project project, string name, PipelinePlan plan, Window window, DateTimeOffset now)
    {
        if (plan.Trigger.Tumbling is not { Grid: { } own } tumbling)
            return false;
        foreach (var on in tumbling.DependsOn.Select(one => one.Read()!))
        {
            if (project.File.Pipelines().GetValueOrDefault(on.Pipeline)?.Trigger.Tumbling?.Grid is not { } upstream)
                return await Block($"{on.Pipeline} has no windows any more.", null, null);
            var wanted = Wanted.Of(own, window.Slice, on, upstream, on.Pipeline == name);
            if (wanted.Never is { } never)
                return await Block($"It can never run: {never}.", null, null);
            if (wanted.Windows is not [var first, ..])
                continue;
            var there = await WindowStore.Succeeded(tx, project.Name, on.Pipeline, first.Start, wanted.Windows[^1].Start);
            if (wanted.Windows.Any(one => !there.Contains(one.Start)) && wanted.Windows.First(one => !there.Contains(one.Start)) is var missing)
                return await Block($"It waits for {on.Pipeline} {missing}{(wanted.Windows.Count - there.Count is > 1 and var more ? $" and {more - 1} more" : "")}.", on.Pipeline, missing.Start);
        }

        return false;

        async Task<bool> Block(string why, string? pipeline, DateTimeOffset? at)
        {
            await WindowStore.Block(tx, window, why, pipeline, at, now);
            return true;
        }
    }

    private async Task Begin(Tx tx, Window window, DateTimeOffset now)
    {
        var run = Names.NewId();
        var order = new WindowOrder(window.Project, window.Pipeline, window.StartAt, run, window.Runs + 1);
        var task = await ledger.Add(tx, new NewTask(window.Project, WindowOrder.Kind, order.Key, order, MostDeaths), Who.Steward);
        await WindowStore.Begin(tx, window, run, task.Id, now);
        await RunStore.Begin(tx, new(run, window.Project, window.Pipeline, window.StartAt, window.Runs + 1, task.Id, null, RunState.Running, null, now, null));
    }
}

/// <summary>The task of the ledger that runs a window once.</summary>
internal sealed record WindowOrder(string Project, string Pipeline, DateTimeOffset Start, string Run, int Number)
{
    public const string Kind = "window";

    /// <summary>A window has it once for each of its runs.</summary>
    public string Key => $"{Pipeline} {Start.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} {Number}";
}
