using Steward.Events;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>How a run of a window ends, whoever notices: with its effect, with another try, or for good. What a run that no longer holds its window wants is refused.</summary>
internal sealed class Endings(IEvents events, PipelineSignals signals, TimeProvider clock)
{
    /// <summary>The problem of a step that could not reach the records.</summary>
    public const string RecordsAway = "records_away";

    /// <summary>What is nobody's failure and passes: such a run is made again, up to so many runs of the window, and takes no try.</summary>
    private static readonly Dictionary<string, (string Words, TimeSpan Wait, int Most)> Passing = new(StringComparer.Ordinal)
    {
        ["table_conflict"] = ("A table has changed meanwhile", TimeSpan.Zero, 100),
        [RecordsAway] = ("The records could not be reached", TimeSpan.FromSeconds(5), 100),
        ["child_lost"] = ("A part of the program was ended from outside", TimeSpan.FromSeconds(5), 4),
    };

    public async Task Succeed(Tx tx, Project project, PipelinePlan plan, Window window, string run, int revision, long rows)
    {
        var now = clock.Now();
        var ended = await WindowStore.End(tx, window, run, WindowState.Succeeded, null, rows, window.Attempt, window.DueAt, now)
            ?? throw ProblemException.Conflict("window_taken", "The window was cancelled or is run by another; what this run made is not kept.");
        await RunStore.End(tx, run, RunState.Succeeded, revision, null, now);
        if (window.Round > 0)
            await MarkStale(tx, project.File, project.Name, window.Pipeline, [window.Slice], []);
        await Tell(tx, ended, run, null);
        await AlarmStore.Over(tx, ended, "failure", now);
        if (plan.Alarms.RowsAtLeast > rows || plan.Alarms.RowsAtMost < rows)
            await Alarm(tx, ended, "rows", $"{ended.Slice} wrote {Say.Count(rows, "row")}; {(plan.Alarms.RowsAtLeast > rows ? $"at least {plan.Alarms.RowsAtLeast:N0}" : $"at most {plan.Alarms.RowsAtMost:N0}")} are expected.", now);
        if (plan.Alarms.Duration is { } longest && now - ended.StartedAt > longest)
            await Alarm(tx, ended, "duration", $"{ended.Slice} took {Say.Span(now - ended.StartedAt!.Value)}; at most {Say.Span(longest)} are expected.", now);
    }

    /// <summary>The window is tried again, when it has tries left, or has failed. Nothing happens when the run no longer holds it.</summary>
    public async Task Fail(Tx tx, PipelinePlan? plan, Window window, string run, int? revision, string why, string? code = null)
    {
        var now = clock.Now();
        var retry = plan?.Trigger.Retry ?? new();
        var passes = Passing.TryGetValue(code ?? "", out var passing) && window.Runs < passing.Most;
        var again = passes || window.Attempt < retry.Count;
        var due = passes ? now + passing.Wait : again ? now + retry.Every : window.DueAt;
        var words = passes ? $"{passing.Words}; it is made again. {why}" : again ? $"Try {window.Attempt + 1} of {retry.Count + 1} failed, the next is at {due.UtcDateTime:HH:mm:ss} UTC: {why}" : why;
        if (await WindowStore.End(tx, window, run, again ? WindowState.Waiting : WindowState.Failed, Names.Shorten(words, 1000), null, window.Attempt + (passes ? 0 : 1), due, now) is not { } ended)
            return;
        await RunStore.End(tx, run, RunState.Failed, revision, Names.Shorten(why, 2000), now);
        tx.AfterCommit(signals.Ring);
        if (again)
            return;
        await Tell(tx, ended, run, ended.Why);
        if (plan?.Alarms.Failure ?? true)
            await Alarm(tx, ended, "failure", $"{ended.Slice} has failed: {ended.Why}", now);
    }

    public async Task Cancelled(Tx tx, Window window, string why)
    {
        if (window.Run is { } run)
            await RunStore.End(tx, run, RunState.Cancelled, null, why, clock.Now());
        await Tell(tx, window, window.Run, why);
    }

    private async Task Tell(Tx tx, Window window, string? run, string? why)
    {
        await events.Publish(tx, new WindowEnded(window.Project, window.Pipeline, window.StartAt, window.EndAt, window.State, run, window.RowsMade ?? 0, why));
        tx.AfterCommit(signals.Ring);
    }

    private async Task Alarm(Tx tx, Window window, string kind, string why, DateTimeOffset now)
    {
        if (await AlarmStore.Raise(tx, window.Project, window.Pipeline, kind, window.StartAt, why, now))
            await events.Publish(tx, new PipelineAlarm(window.Project, window.Pipeline, kind, window.StartAt, why));
    }

    /// <summary>Marks what was made from windows that were run again, and what was made from that.</summary>
    private static async Task MarkStale(Tx tx, ProjectFile file, string project, string pipeline, IReadOnlyList<Slice> again, IReadOnlyList<string> way)
    {
        foreach (var (name, plan) in file.Pipelines())
            if (name != pipeline && !way.Contains(name) && plan.Trigger.Tumbling is { Grid: { } own } tumbling)
            {
                var looking = tumbling.DependsOn.Where(on => on.Pipeline == pipeline).SelectMany(on => again.SelectMany(one => Wanted.LookingAt(own, one, on.Read()!))).Distinct().ToList();
                if (looking.Count > 0 && await WindowStore.Stale(tx, project, name, [.. looking.Select(one => one.Start)]) > 0)
                    await MarkStale(tx, file, project, name, looking, [.. way, pipeline]);
            }
    }
}
