using Steward.Data;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Labeling;
using Steward.Models;
using Steward.Monitoring;
using Steward.Pipelines;
using Steward.Serving;
using Steward.Tracking;
using Steward.Work;
using Run = Steward.Tracking.Run;

namespace Steward.Host.Home;

/// <summary>Where a project stands, as its rooms tell it: what needs the person who looks, and the journey line.</summary>
internal sealed class Standing(IDataSets dataSets, ITables tables, IPipelines pipelines, IRuns runs, IModels models, ISignOffs signOffs, IEndpoints endpoints, ILedger ledger, IIncidents incidents, IQueues queues, TimeProvider clock)
{
    /// <summary>The kind of task that runs a window; one that fails is tried again or raises an alarm, which is what counts.</summary>
    private const string Windows = "window";

    /// <summary>At most this many cards are shown; more would be a dashboard.</summary>
    private const int MostNeeds = 6;

    public async Task<ProjectStanding> Of(string project, Who who, CancellationToken stop)
    {
        var data = (await dataSets.All(project, stop)).MaxBy(snapshot => snapshot.At);
        var run = (await runs.Newest(project, most: 1, stop: stop)).FirstOrDefault();
        var table = data is null ? (await tables.All(project, stop)).MaxBy(snapshot => snapshot.At) : null;
        var model = (await models.All(project, stop)).MaxBy(model => model.Newest.CreatedAt);
        var newest = model?.Newest;
        var asked = newest is null ? null : await signOffs.Last(project, newest.Model, newest.Version, stop);
        var serving = (await endpoints.All(project, stop)).FirstOrDefault(endpoint => endpoint.LiveVersion is not null);
        var watched = serving is not null && endpoints.IsWatched(serving.Name);
        return new(await Needs(project, who, newest, stop), Steps(project, data, table, run, newest, model?.Serving, asked, serving, watched), run is not null, watched ? serving!.Name : null);
    }

    private async Task<List<Need>> Needs(string project, Who who, ModelVersion? newest, CancellationToken stop)
    {
        var (at, now) = ($"/projects/{project}", clock.GetUtcNow());
        var needs = new List<Need>();
        foreach (var one in await signOffs.WaitingFor(who, project, stop))
            needs.Add(new("", "info", $"Sign-off {one.Number}", $"Should {one.Model}@{one.Version} serve?", one.WaitsFor(who.Id, now) is { Count: > 0 } seats
                ? $"You are asked for {string.Join(" and ", seats)}. Everything that speaks for and against it is on one page."
                : $"{one.OpenQuestions(now)[0].Asked.Name} asks you: “{one.OpenQuestions(now)[0].Asked.Reason}”", "Look and decide", $"{at}/signoffs/{one.Number}"));
        foreach (var one in (await incidents.All(project, 20, stop)).Where(one => !one.IsClosed))
            needs.Add(one.State is IncidentState.Open
                ? new("bad", "bad", $"Incident {one.Number}", one.Summary, $"Since {Say.Ago(one.Since, clock.GetUtcNow())}, {Say.Count(one.Answers, "answer")} of {one.Endpoint}.", "See what happened", $"{at}/incidents/{one.Number}")
                : new("warn", "warn", $"Incident {one.Number}", $"{one.Endpoint} is quiet again", "Nobody has said yet what it was.", "Say what it was", $"{at}/incidents/{one.Number}"));
        if (who.May(Permission.Edit, project))
        {
            foreach (var one in (await pipelines.All(project, stop)).SelectMany(pipeline => pipeline.Alarms))
                needs.Add(new("bad", "bad", "Pipeline", $"{one.Pipeline} needs a look", one.Why, "See its windows", $"{at}/pipelines/{one.Pipeline}"));
            foreach (var one in (await queues.All(project, 20, stop)).Where(one => one.State is QueueState.Open))
                needs.Add(new("", "info", "Labels", one.Trouble is null ? $"{Say.Count(one.Waiting, "picture")} wait for a name" : "The names were refused", one.Trouble ?? $"One key each, about {Say.Span(TimeSpan.FromSeconds(2 * one.Waiting))}. The next version learns from them.", "Name them", $"{at}/labels/{one.Number}"));
            foreach (var task in (await ledger.Newest(project, 20, stop)).Where(task => task.State is WorkState.Failed && task.Kind != Windows && task.EndedAt > clock.GetUtcNow().AddDays(-1)))
                needs.Add(new("bad", "bad", "Task failed", $"A task of kind '{task.Kind}' ended badly", task.Error ?? "Nobody said why.", "See the runs", $"{at}/runs"));
            if (newest?.Stage is Stage.GateFailed failed)
                needs.Add(new("warn", "warn", "Gate", $"{newest.Name} did not pass", string.Join(" ", failed.Failed.Select(gate => gate.Why)), "See what failed", $"{at}/models/{newest.Model}/{newest.Version}"));
            if (newest?.Stage is Stage.GatesPassed)
                needs.Add(new("", "info", "Ready", $"{newest.Name} passed its gates", $"Nobody was asked yet. Ask: steward signoff request {newest.Name}", "See the version", $"{at}/models/{newest.Model}/{newest.Version}"));
        }

        return [.. needs.Take(MostNeeds)];
    }

    private List<JourneyStep> Steps(string project, Snapshot? data, TableSnapshot? table, Run? run, ModelVersion? newest, Promotion? released, SignOff? asked, Serving.Endpoint? serving, bool watched)
    {
        var (at, version) = ($"/projects/{project}", newest is null ? null : $"/projects/{project}/models/{newest.Model}/{newest.Version}");
        var passed = newest?.Gates.Count(gate => gate.Passed) ?? 0;
        List<JourneyStep> steps =
        [
            table is not null ? new(table.Reference, $"{table.Rows:N0} rows, the newest of the tables", $"{at}/tables", true)
                : data is null ? new("Data", "add pictures", $"{at}/data") : new(data.Reference, $"{data.Items:N0} pictures, +{data.NewItems:N0}", $"{at}/data/{data.DataSet}", true),
            run is null ? new("Run", "train on them", $"{at}/runs") : new(run.Name, $"{run.Status.ToString().ToLowerInvariant()}{(run.Took is { } took ? $", {Say.Span(took)}" : "")}", $"{at}/runs/{run.Id}", run.Status is RunStatus.Finished),
            newest is null ? new("Version", "the best run becomes one", $"{at}/models") : new(newest.Name, newest.Metrics.TryGetValue("test.f1_macro", out var f1) ? $"F1 {Say.Score(f1)}{Spread(newest)}" : $"from {newest.Data}", version!, true),
            newest is null || newest.Gates.Count == 0 ? new("Gates", "machines look first", $"{at}/models") : new($"{passed} of {newest.Gates.Count} gates", newest.CheckedAt is { } checkedAt ? $"checked {Say.Ago(checkedAt, clock.GetUtcNow())}" : "", version!, passed == newest.Gates.Count),
            Votes(newest, asked, at, version),
            serving is null && released is not null ? new($"{released.Model}@{released.Version} is released", "no endpoint; pipelines may ask it", version!, true)
                : serving is null ? new("Serving", "nothing serves yet", $"{at}/endpoints") : new($"{serving.Model}@{serving.LiveVersion} serves", $"endpoint {serving.Name}", $"{at}/endpoints/{serving.Name}", true),
            serving is not null && !watched ? new("Answers are counted", "numbers have no kind to watch", $"{at}/endpoints/{serving.Name}", true)
                : new("Watching", serving is null ? "begins with the first answer" : "every answer counts", serving is null ? $"{at}/incidents" : $"{at}/monitor/{serving.Name}", serving is not null),
        ];
        var now = steps.FindIndex(step => !step.Done);
        return now < 0 ? steps : [.. steps.Select((step, i) => step with { Now = i == now })];
    }

    private static JourneyStep Votes(ModelVersion? newest, SignOff? asked, string at, string? version)
    {
        if (newest?.Stage is Stage.Approved)
            return new("Approved", asked is null ? "nobody had to be asked" : $"“{asked.Words}”", asked is null ? version! : $"{at}/signoffs/{asked.Number}", true);
        return newest?.Stage is Stage.AwaitingSignOff waits
            ? new("Waiting for people", string.Join(", ", waits.Missing) + " asked", $"{at}/signoffs/{waits.SignOff}")
            : new("Votes", newest is null ? "then people decide" : newest.Stage.Words, version ?? $"{at}/models");
    }

    private static string Spread(ModelVersion version)
        => version.Metrics.TryGetValue("test.f1_macro.low", out var low) && version.Metrics.TryGetValue("test.f1_macro.high", out var high) ? $" ± {Say.Score((high - low) / 2)}" : "";
}

/// <param name="Needs">What waits for the person who looks.</param>
/// <param name="Steps">Data, run, version, gates, votes, serving, watching: always in this order.</param>
/// <param name="Watched">The endpoint whose answers are watched.</param>
internal sealed record ProjectStanding(IReadOnlyList<Need> Needs, IReadOnlyList<JourneyStep> Steps, bool HasRuns, string? Watched);

/// <param name="Card">The card's colour: bad, warn or plain.</param>
/// <param name="Chip">The chip's colour.</param>
public sealed record Need(string Card, string Chip, string What, string Title, string Why, string Go, string Path);

public sealed record JourneyStep(string Title, string Sub, string Path, bool Done = false, bool Now = false);
