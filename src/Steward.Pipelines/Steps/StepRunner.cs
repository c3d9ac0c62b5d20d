using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Steward.Data.Tables;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>Runs the steps of one run, several at once where the graph lets them, and notes how each of them went.</summary>
internal sealed class StepRunner(RunStore store, IReadOnlyDictionary<string, IStep> kinds, TimeProvider clock, PipelineSignals signals, Project project, PipelinePlan plan, Window window, string run, RunTables tables, Func<double?, string?, Task> report, Func<IDisposable> away)
{
    /// <summary>What nobody has committed is cleaned away after a day: what is older is made again.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(12);
    private readonly Dictionary<string, StepState> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepMade> _made = new(StringComparer.Ordinal);

    /// <summary>What was made, step by step in the order of the plan. Throws when a step failed, with its name.</summary>
    public async Task<IReadOnlyList<StepMade>> Run(CancellationToken stop)
    {
        var graph = StepGraph.Of(plan.Steps);
        var before = Before(graph);
        Dictionary<Task<Outcome>, StepNode> running = [];
        List<StepNode> left = [.. graph.Nodes];
        Outcome? failed = null;
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        while (left.Count > 0 || running.Count > 0)
        {
            foreach (var node in left.Where(node => IsReady(node, graph)).Take(plan.StepsAtOnce - running.Count).ToList())
            {
                left.Remove(node);
                running[Task.Run(() => One(node, before.Contains(node.Step), Runs(node, graph), own.Token), CancellationToken.None)] = node;
            }

            var done = await Task.WhenAny(running.Keys);
            running.Remove(done, out var ended);
            var outcome = await done;
            _ended[ended!.Id] = outcome.State;
            if (outcome.Made is { } made)
            {
                _made[ended.Id] = made;
                tables.Add(made.Changes);
            }

            if (outcome.State is StepState.Failed)
                failed ??= outcome;
            await report((double)_ended.Count / graph.Nodes.Count, $"{_ended.Count} of {graph.Nodes.Count} steps: {ended.Id} {outcome.State.ToString().ToLowerInvariant()}");
        }

        stop.ThrowIfCancellationRequested();
        return failed is null ? [.. graph.Nodes.Where(node => _made.ContainsKey(node.Id)).Select(node => _made[node.Id])] : throw failed.Problem!;
    }

    /// <summary>The steps that a run from a later one takes as they were.</summary>
    private HashSet<string> Before(StepGraph graph) => window.FromStep is { } from && graph.Nodes.Any(node => node.Step == from)
        ? [.. graph.Nodes.TakeWhile(node => node.Step != from).Select(node => node.Step)]
        : [];

    private bool IsReady(StepNode node, StepGraph graph) => Needed(node, graph).All(_ended.ContainsKey);

    private bool Runs(StepNode node, StepGraph graph)
    {
        var states = Needed(node, graph).Select(id => _ended[id]).ToList();
        return node.Settings.When switch
        {
            StepWhen.Success => states.TrueForAll(state => state is StepState.Succeeded or StepState.Taken),
            StepWhen.Failure => states.Contains(StepState.Failed),
            _ => true,
        };
    }

    private static IEnumerable<string> Needed(StepNode node, StepGraph graph) => graph.Nodes.Where(other => node.Needs.Contains(other.Step)).Select(other => other.Id);

    private async Task<Outcome> One(StepNode node, bool asBefore, bool runs, CancellationToken stop)
    {
        var row = new StepRow(run, node.Id, project.Name, window.Pipeline, window.StartAt, window.Round, node.Settings.Kind, StepState.Skipped, null, null, null, null, clock.Now(), null);
        if (!runs)
            return await Ended(row with { BegunAt = null, Words = "What it needs did not end as it wants it." }, null);
        try
        {
            var settings = node.Settings.Filled(new Variables(window.Slice, run, window.Pipeline, plan.Trigger.Kind, node.Each));
            var context = new StepContext(project, plan, window, run, node.Id, settings, tables, (share, message) => report((_ended.Count + Math.Clamp(share ?? 0, 0, 1)) / Math.Max(1, _ended.Count + 1), message is null ? null : $"{node.Id}: {message}"), away);
            var step = kinds.GetValueOrDefault(settings.Kind) ?? throw ProblemException.Invalid("step_unknown", $"There is no step '{settings.Kind}' here.");
            row = row with { Inputs = await Inputs(step, context, stop) };
            if (await Earlier(row, settings, asBefore, stop) is { } taken)
                return await Ended(row with { State = StepState.Taken, Made = Json.Write(taken), RowsMade = taken.Rows, Words = $"As before: {taken.Words}" }, taken);
            await Note(row with { State = StepState.Running });
            var made = await Within(settings.Timeout, late => step.Do(context, late), stop);
            return await Ended(row with { State = StepState.Succeeded, Made = made.Effect is null ? Json.Write(made) : null, RowsMade = made.Rows, Words = Names.Shorten(made.Words, 1000) }, made);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await Ended(row with { State = StepState.Cancelled }, null);
        }
        catch (ProblemException problem)
        {
            return await Failed(row, node, problem);
        }
        catch (DbException error) when (error.IsTransient)
        {
            return await Failed(row, node, new ProblemException(ProblemKind.Unavailable, Endings.RecordsAway, $"The records could not be reached ({Names.Shorten(error.Message)})."));
        }
        catch (Exception error)
        {
            return await Failed(row, node, new ProblemException(ProblemKind.Unavailable, "our_mistake", $"It failed by a mistake of the program ({error.GetType().Name}: {error.Message})."));
        }
    }

    private async Task<Outcome> Failed(StepRow row, StepNode node, ProblemException problem)
    {
        await Ended(row with { State = StepState.Failed, Words = Names.Shorten($"{problem.Message} {problem.Try}", 2000) }, null);
        return new(StepState.Failed, null, new ProblemException(problem.Kind, problem.Code, $"{node.Id}: {problem.Message}", problem.Try));
    }

    private async Task<Outcome> Ended(StepRow row, StepMade? made)
    {
        await Note(row with { EndedAt = row.BegunAt is null ? null : clock.Now() });
        return new(row.State, made, null);
    }

    private async Task Note(StepRow row)
    {
        await store.Note(row, CancellationToken.None);
        signals.Changed.Ring();
    }

    private async Task<string> Inputs(IStep step, StepContext context, CancellationToken stop)
    {
        var all = new StringBuilder().AppendLine(Json.Write<object>(context.Settings)).AppendLine(window.Slice.ToString());
        foreach (var table in context.Settings.Reads.Order(StringComparer.Ordinal))
            all.AppendLine(await tables.Fingerprint(table, stop));
        foreach (var input in await step.Inputs(context, stop))
            all.AppendLine(input);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    /// <summary>What an earlier try of this round made from the same inputs; for steps before the one a run begins from, what was made last.</summary>
    private async Task<StepMade?> Earlier(StepRow row, StepSettings settings, bool asBefore, CancellationToken stop)
    {
        if (!asBefore && !settings.Cache)
            return null;
        var made = asBefore
            ? await store.Made(window, row.Step, null, null, DateTimeOffset.UnixEpoch, stop)
            : await store.Made(window, row.Step, row.Inputs, window.Round, clock.Now() - Kept, stop);
        if (made is null)
            return null;
        var earlier = Json.Read<StepMade>(made.Made!);
        // What an earlier run has committed is in the tables already.
        if (asBefore && (await store.Find(project.Name, made.Run, stop))?.State is RunState.Succeeded)
            return earlier with { Changes = [] };
        List<TableChange> changes = [];
        foreach (var change in earlier.Changes)
            if (await tables.Anew(change, stop) is { } anew)
                changes.Add(anew);
            else
                return null;
        return earlier with { Changes = changes };
    }

    private async Task<StepMade> Within(TimeSpan timeout, Func<CancellationToken, Task<StepMade>> work, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return await work(own.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw ProblemException.Invalid("step_too_slow", $"It was given up after {Say.Span(timeout)}.", "Give it more time with timeout, or less to do.");
        }
    }

    private sealed record Outcome(StepState State, StepMade? Made, ProblemException? Problem);
}
