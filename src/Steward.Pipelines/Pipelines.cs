using Steward.Audit;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Pipelines;

internal sealed class Pipelines(Db db, IProjects projects, WindowStore store, RunStore runs, AlarmStore alarms, Arrivals arrivals, Promotions promotions, Endings endings, ILedger ledger, IAudit audit, PipelineSignals signals, TimeProvider clock) : IPipelines
{
    /// <summary>Windows of one request.</summary>
    private const int MostWindows = 100_000;
    private static readonly WindowState[] Over = [WindowState.Succeeded, WindowState.Failed, WindowState.Cancelled], NotDone = [WindowState.Failed, WindowState.Cancelled];
    private static readonly WindowState[] Waiting = [WindowState.Waiting, WindowState.WaitingOnDependency];

    public async Task<List<PipelineView>> All(string project, CancellationToken stop)
    {
        var found = await projects.Get(project, stop);
        List<PipelineView> all = [];
        foreach (var (name, plan) in found.File.Pipelines())
            all.Add(await View(found, name, plan, stop));
        return all;
    }

    public async Task<PipelineView> Get(string project, string pipeline, CancellationToken stop)
    {
        var (found, plan) = await Plan(project, pipeline, stop);
        return await View(found, pipeline, plan, stop);
    }

    public Task<List<Window>> Windows(string project, string pipeline, DateTimeOffset? before, int most, WindowState? state, CancellationToken stop) => state is { } only
        ? store.InState(project, pipeline, only, Math.Clamp(most, 1, 10_000), stop)
        : store.Newest(project, pipeline, before ?? DateTimeOffset.MaxValue, Math.Clamp(most, 1, 10_000), stop);

    public async Task<WindowView?> Window(string project, string pipeline, DateTimeOffset start, CancellationToken stop)
    {
        if (await store.Find(project, pipeline, start, stop) is not { } window)
            return null;
        var all = await runs.Of(project, pipeline, start, stop);
        return new(window, all, all.Count > 0 ? await runs.Steps(all[^1].Id, stop) : [], await arrivals.Of(window, stop), await promotions.Of(window, stop));
    }

    public async Task<Preview> Preview(string project, string pipeline, WindowRange range, CancellationToken stop)
    {
        var (found, plan) = await Plan(project, pipeline, stop);
        var (tumbling, grid) = Grid(pipeline, plan);
        var stretch = Stretch(pipeline, grid, tumbling, range);
        var there = await store.Counts(project, pipeline, stretch, stop);
        var states = States(range);
        var all = grid.NumberAt(stretch.End.AddTicks(-1)) - grid.NumberAt(stretch.Start) + 1;
        var missing = range.Kind is Origin.Backfill ? Math.Max(0, all - there.Values.Sum()) : 0;
        var others = range.Cascade ? Cascade(found.File, pipeline, [.. grid.Within(stretch)]).ToDictionary(pair => pair.Key, pair => (long)pair.Value.Count) : [];
        var took = await Took(project, pipeline, stop);
        var again = there.Where(pair => states.Contains(pair.Key)).ToDictionary(pair => Word(pair.Key), pair => pair.Value);
        var preview = new Preview(project, pipeline, range.Kind, null, stretch.Start, stretch.End, missing, again, others, took, null);
        return preview.Windows > MostWindows
            ? throw ProblemException.Invalid("too_many_windows", $"These are {Say.Count(preview.Windows, "window")}; a request has at most {MostWindows:N0}.", "Ask for them in parts, with --from and --to.")
            : preview with { Seconds = took * Math.Ceiling(preview.Windows / (double)plan.Trigger.AtOnce) };
    }

    public async Task<Preview> Ask(Who who, string project, string pipeline, WindowRange range, CancellationToken stop)
    {
        var preview = await Preview(project, pipeline, range, stop);
        var (found, plan) = await Plan(project, pipeline, stop);
        var (tumbling, grid) = Grid(pipeline, plan);
        await TakenOver(found, pipeline, stop);
        var (stretch, request, now) = (new Slice(preview.From, preview.To), Names.NewId(), clock.Now());
        return await db.Write(async tx =>
        {
            await WindowStore.Lock(tx, project, pipeline);
            var again = await WindowStore.Again(tx, project, pipeline, stretch, States(range), range.Kind, request, null);
            var made = range.Kind is Origin.Backfill ? await WindowStore.Make(tx, project, pipeline, grid.Within(stretch).Select(window => (window, window.End + tumbling.Delay)), WindowState.Waiting, Origin.Backfill, request) : 0;
            Dictionary<string, long> others = [];
            foreach (var (name, starts) in range.Cascade ? Cascade(found.File, pipeline, [.. again.Select(window => window.Slice)]) : [])
                others[name] = await WindowStore.Again(tx, project, name, starts, request, $"It is made again, because {pipeline} is.");
            await WindowStore.Ask(tx, new(request, project, pipeline, range.Kind, stretch.Start, stretch.End, again.Count + made, who.Name, now));
            await audit.Write(tx, who, range.Kind is Origin.Backfill ? "pipeline.backfill" : "pipeline.rerun", project, pipeline, new { from = stretch.Start, to = stretch.End, request, windows = again.Count + made, others });
            tx.AfterCommit(signals.Ring);
            return preview with { Request = request, New = made, Again = again.GroupBy(_ => "waiting").ToDictionary(one => one.Key, one => (long)one.Count()), Others = others };
        }, stop);
    }

    public async Task<int> Cancel(Who who, string project, string pipeline, DateTimeOffset? from, DateTimeOffset? to, string? request, CancellationToken stop)
    {
        var (found, plan) = await Plan(project, pipeline, stop);
        await TakenOver(found, pipeline, stop);
        var (why, now) = ($"{who.Name} cancelled it.", clock.Now());
        var stretch = new Slice(from ?? DateTimeOffset.UnixEpoch, to ?? DateTimeOffset.MaxValue);
        var (cancelled, made) = await db.Write(async tx =>
        {
            var row = (await WindowStore.Lock(tx, project, pipeline))!;
            var running = await WindowStore.Cancel(tx, project, pipeline, stretch, request, [WindowState.Running], why, now);
            var open = running.Concat(await WindowStore.Cancel(tx, project, pipeline, stretch, request, Waiting, why, now)).ToList();
            foreach (var window in open.Where(window => window.Runs > 0))
                await endings.Cancelled(tx, window, why);
            // Windows that are due and have no row yet would come after all: they get one, cancelled.
            var ahead = request is null && plan.Trigger.Tumbling is { Grid: { } grid } tumbling
                ? await WindowStore.Make(tx, project, pipeline, grid.From(Max(row.NextAt, stretch.Start)).TakeWhile(window => window.Start < stretch.End && window.End + tumbling.Delay <= now).Take(MostWindows).Select(window => (window, window.End + tumbling.Delay)), WindowState.Cancelled, Origin.Schedule, null, why, now)
                : 0;
            if (open.Count + ahead > 0)
                await audit.Write(tx, who, "pipeline.cancelled", project, pipeline, new { from, to, request, windows = open.Count + ahead });
            tx.AfterCommit(signals.Ring);
            return (running, open.Count + ahead);
        }, stop);
        foreach (var window in cancelled)
            await StopTask(who, window.Task!, stop);
        return made;
    }

    public async Task<PipelineView> Pause(Who who, string project, string pipeline, bool paused, CancellationToken stop)
    {
        var (found, plan) = await Plan(project, pipeline, stop);
        await TakenOver(found, pipeline, stop);
        await db.Write(async tx =>
        {
            var row = (await WindowStore.Lock(tx, project, pipeline))!;
            if (row.Paused == paused)
                return;
            await WindowStore.Change(tx, row with { Paused = paused });
            await audit.Write(tx, who, paused ? "pipeline.paused" : "pipeline.resumed", project, pipeline);
            tx.AfterCommit(signals.Ring);
        }, stop);
        return await View(found, pipeline, plan, stop);
    }

    public async Task<Window> Run(Who who, string project, string pipeline, DateTimeOffset? at, string? fromStep, CancellationToken stop)
    {
        var (found, plan) = await Plan(project, pipeline, stop);
        await TakenOver(found, pipeline, stop);
        if (fromStep is not null && StepGraph.Of(plan.Steps).Nodes.All(node => node.Step != fromStep))
            throw ProblemException.NotFound("step", Names.Shorten(fromStep), $"{pipeline} has {string.Join(", ", StepGraph.Of(plan.Steps).Nodes.Select(node => node.Step).Distinct())}.");
        var now = clock.Now();
        var (window, due) = plan.Trigger.Tumbling is { Grid: { } grid } tumbling ? (Lying(pipeline, grid, at ?? grid.Border(Math.Max(0, grid.NumberAt(now - tumbling.Delay) - 1)), now), now) : (Slice.At(at ?? now), now);
        return await db.Write(async tx =>
        {
            await WindowStore.Lock(tx, project, pipeline);
            switch (await WindowStore.Find(tx, project, pipeline, window.Start))
            {
                case null when plan.Trigger.Tumbling is null && at is not null:
                    throw ProblemException.NotFound("window", at.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss"), $"steward pipeline windows {pipeline} shows them.");
                case null:
                    await WindowStore.Make(tx, project, pipeline, [(window, due)], WindowState.Waiting, Origin.Hand, null);
                    break;
                case { State: WindowState.Running }:
                    throw ProblemException.Conflict("window_running", $"The window {window} of {pipeline} is running already.", $"Watch it, or stop it first: steward pipeline cancel {pipeline}");
                case { IsOver: true }:
                    await WindowStore.Again(tx, project, pipeline, Slice.At(window.Start), Over, Origin.Hand, Names.NewId(), fromStep);
                    break;
                case var waiting:
                    await WindowStore.Hurry(tx, waiting, now);
                    break;
            }

            await audit.Write(tx, who, "pipeline.run", project, pipeline, new { window.Start, window.End, fromStep });
            tx.AfterCommit(signals.Ring);
            return (await WindowStore.Find(tx, project, pipeline, window.Start))!;
        }, stop);
    }

    private async Task<(Project Project, PipelinePlan Plan)> Plan(string project, string pipeline, CancellationToken stop)
    {
        var found = await projects.Get(project, stop);
        return found.File.Pipelines().TryGetValue(pipeline, out var plan) ? (found, plan) : throw ProblemException.NotFound("pipeline", Names.Shorten(pipeline), "steward pipeline list shows them.");
    }

    /// <summary>A person may be quicker than the first look at a new project file.</summary>
    private async Task TakenOver(Project project, string pipeline, CancellationToken stop)
    {
        if (await store.Find(project.Name, pipeline, stop) is null)
            await db.Write(tx => WindowStore.Add(tx, project.Name, pipeline, project.File.Pipelines()[pipeline].Trigger.Tumbling?.Grid?.Start ?? clock.Now()), stop);
    }

    private static (TumblingPlan Plan, Grid Grid) Grid(string pipeline, PipelinePlan plan) => plan.Trigger.Tumbling is { Grid: { } grid } tumbling
        ? (tumbling, grid)
        : throw ProblemException.Invalid("no_windows", $"'{pipeline}' runs {plan.Trigger.InWords()}; only a pipeline with a tumbling trigger has windows to fill.", $"steward pipeline run {pipeline}");

    /// <summary>The whole windows that a range names and that are due; all of them when it names none.</summary>
    private Slice Stretch(string pipeline, Grid grid, TumblingPlan tumbling, WindowRange range)
    {
        var last = grid.Border(Math.Max(0, Math.Min(grid.NumberAt(clock.Now() - tumbling.Delay), grid.Count ?? long.MaxValue)));
        var from = range.From is { } first ? grid.Border(Math.Max(0, grid.NumberAt(first))) : grid.Start;
        var to = range.To is { } until && until < last ? grid.Border(grid.NumberAt(until.AddTicks(-1)) + 1) : last;
        return from < to ? new(from, to) : throw ProblemException.Invalid("no_windows", $"No window of {pipeline} that is due lies there: the first begins at {grid.Start.UtcDateTime:yyyy-MM-dd HH:mm}, the last that is due ends at {last.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", "Choose --from before --to, between these.");
    }

    private static Slice Lying(string pipeline, Grid grid, DateTimeOffset at, DateTimeOffset now)
    {
        var number = grid.NumberAt(at);
        if (number < 0 || number >= grid.Count)
            throw ProblemException.NotFound("window", at.UtcDateTime.ToString("yyyy-MM-dd HH:mm"), $"{pipeline} has windows {(grid.Covered is { } covered ? $"from {covered.Start.UtcDateTime:yyyy-MM-dd HH:mm}{(grid.End is null ? " on" : $" to {covered.End.UtcDateTime:yyyy-MM-dd HH:mm}")}" : "nowhere")}.");
        var window = grid.At(number);
        return window.End <= now ? window : throw ProblemException.Invalid("window_not_over", $"The window {window} is not over yet.", "A window runs when its time is over.");
    }

    private static WindowState[] States(WindowRange range) => range.Kind is Origin.Backfill || range.FailedOnly ? NotDone : Over;

    /// <summary>The windows of other pipelines that look at these, and those that look at them in turn.</summary>
    private static Dictionary<string, HashSet<DateTimeOffset>> Cascade(ProjectFile file, string pipeline, IReadOnlyList<Slice> windows)
    {
        Dictionary<string, HashSet<DateTimeOffset>> found = [];
        Queue<(string Name, IReadOnlyList<Slice> Windows)> next = new([(pipeline, windows)]);
        while (next.TryDequeue(out var from))
            foreach (var (name, plan) in file.Pipelines().Where(pair => pair.Key != from.Name && pair.Key != pipeline))
                if (plan.Trigger.Tumbling is { Grid: { } own } tumbling)
                {
                    var known = found.TryGetValue(name, out var set) ? set : [];
                    List<Slice> looking = [.. tumbling.DependsOn.Where(on => on.Pipeline == from.Name).SelectMany(on => from.Windows.SelectMany(one => Wanted.LookingAt(own, one, on.Read()!))).Where(one => known.Add(one.Start))];
                    if (looking.Count > 0)
                    {
                        found[name] = known;
                        next.Enqueue((name, looking));
                    }
                }

        return found;
    }

    private async Task StopTask(Who who, string task, CancellationToken stop)
    {
        try
        {
            await ledger.Cancel(task, who, stop);
        }
        catch (ProblemException over) when (over.Code == "task_over")
        {
            // It came to its end first; the window refused its effect.
        }
    }

    private async Task<double?> Took(string project, string pipeline, CancellationToken stop)
    {
        var last = (await store.Newest(project, pipeline, DateTimeOffset.MaxValue, 50, stop)).Where(window => window.State is WindowState.Succeeded).Select(window => (window.EndedAt - window.StartedAt)!.Value.TotalSeconds).Order().ToList();
        return last.Count > 0 ? last[last.Count / 2] : null;
    }

    private async Task<PipelineView> View(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        var row = await store.Find(project.Name, name, stop);
        var counts = (await store.Counts(project.Name, name, stop)).ToDictionary(pair => Word(pair.Key), pair => pair.Value);
        var graph = StepGraph.Of(plan.Steps);
        return new(
            project.Name, name, plan.Title, plan.Trigger.Kind, plan.Trigger.InWords(), [.. plan.Trigger.Cron?.InWords(clock.GetUtcNow()) ?? []], row?.Paused ?? false, row?.Trouble ?? row?.LookTrouble, plan.Trigger.AtOnce, counts, Ahead(plan, row),
            row is null or { Paused: true } or { Trouble: not null } ? null : Starter.NextDue(plan, row), (await store.Newest(project.Name, name, DateTimeOffset.MaxValue, 1, stop)).FirstOrDefault(),
            [.. graph.Nodes.DistinctBy(node => node.Step).Select(node => new StepView(node.Step, node.Settings.Kind, node.Settings.InWords(project), node.Needs, node.Settings.When, node.Settings.Reads, node.Settings.Writes))],
            [.. plan.Trigger.Tumbling?.DependsOn.Select(on => new DependencyView(on.Pipeline, on.Offset, on.Size)) ?? []],
            [.. project.File.Pipelines().Where(other => other.Key != name && (other.Value.Trigger.Tumbling?.DependsOn.Any(on => on.Pipeline == name) ?? false)).Select(other => other.Key)],
            (await alarms.Open(project.Name, stop)).FindAll(alarm => alarm.Pipeline == name), await store.Requests(project.Name, name, 10, stop));
    }

    private long Ahead(PipelinePlan plan, PipelineRow? row) => plan.Trigger.Tumbling is { Grid: { } grid } tumbling
        ? Math.Max(0, Math.Min(grid.NumberAt(clock.GetUtcNow() - tumbling.Delay), grid.Count ?? long.MaxValue) - grid.NumberAt(row?.NextAt ?? grid.Start))
        : 0;

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string Word(WindowState state) => Json.Write(state).Trim('"');
}
