using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Tracking;

internal sealed partial class Runs(Db db, IProjects projects, IBlobs blobs, IEnumerable<IDataDigests> digests, IAudit audit, IEvents events, RunsLive live, TimeProvider clock, ILogger<Runs> log) : IRuns
{
    public async Task<Run> Start(Who who, NewRun add, CancellationToken stop)
    {
        who.Demand(Permission.Edit, add.Project);
        RunWords.Check(add);
        var (lineage, files) = await Made(add, stop);
        var run = await db.Write(async tx =>
        {
            if (add.Parent is not null && (await new RunReader(tx).Find(add.Parent) is not { } parent || parent.Project != add.Project))
                throw ProblemException.NotFound("run", Names.Shorten(add.Parent));
            var id = Names.NewId();
            var name = add.Name ?? RunName.Of(add.Params, await new RunReader(tx).Baseline(id, add.Project, add.Experiment, add.Parent));
            var fresh = new Run(id, add.Project, add.Experiment, name, RunStatus.Running, add.Parent, who.Name, add.Data, add.Code ?? lineage.Commit, add.Environment, clock.Now(), null) { Lineage = lineage };
            await RunWriter.Insert(tx, fresh, nameIsOurs: add.Name is null);
            await RunWriter.Params(tx, fresh, add.Params);
            await RunWriter.Tags(tx, fresh, add.Tags);
            foreach (var (file, blob) in files)
                await RunWriter.Artifact(tx, fresh, file, blob, clock.Now());
            return (await new RunReader(tx).Find(id))!;
        }, stop);
        Started(log, run.Name, run.Id, run.Experiment, run.Project);
        live.Wake(run);
        return run;
    }

    public Task Params(Who who, string run, IReadOnlyDictionary<string, string> values, CancellationToken stop)
    {
        RunWords.Check("parameter", values);
        return Change(who, run, async (tx, open) =>
        {
            await RunWriter.Params(tx, open, values);
            var named = await new RunReader(tx).Baseline(open.Id, open.Project, open.Experiment, open.Parent);
            await RunWriter.Rename(tx, open.Id, RunName.Of((await new RunReader(tx).Find(open.Id))!.Params, named));
            return open;
        }, stop);
    }

    public Task Metrics(Who who, string run, IReadOnlyList<MetricPoint> points, CancellationToken stop)
    {
        RunWords.Check(points);
        var now = clock.Now();
        var timed = points.Select(point => point.At is null ? point with { At = now } : point).ToList();
        return Change(who, run, async (tx, open) =>
        {
            await RunWriter.Metrics(tx, open, timed);
            return open;
        }, stop);
    }

    public async Task Tags(Who who, string run, IReadOnlyDictionary<string, string> values, CancellationToken stop)
    {
        RunWords.Check("tag", values);
        live.Wake(await db.Write(async tx =>
        {
            var tagged = await Editable(tx, who, run);
            await RunWriter.Tags(tx, tagged, values);
            if (!tagged.IsOver && (tagged.Lineage ?? new()).With(values) is { Commit: not null } told && told != tagged.Lineage)
                await RunWriter.Came(tx, tagged with { Code = tagged.Code ?? told.Commit, Lineage = told });
            return tagged;
        }, stop));
    }

    public Task<RunArtifact> Artifact(Who who, string run, string name, Blob blob, CancellationToken stop)
    {
        RunWords.CheckFile(name);
        return Change(who, run, (tx, open) => RunWriter.Artifact(tx, open, name, blob, clock.Now()), stop);
    }

    public async Task<Run> End(Who who, string run, RunStatus status, CancellationToken stop)
        => await db.Write(tx => End(tx, who, run, status), stop);

    public async Task<Run> End(Tx tx, Who who, string run, RunStatus status)
    {
        var open = await Editable(tx, who, run);
        if (open.IsOver && open.Status == status)
            return open;
        var over = open.End(status, clock.Now());
        await RunWriter.End(tx, over);
        await audit.Write(tx, who, "run.ended", over.Project, over.Name, new { run = over.Id, over.Experiment, status = over.Status });
        await events.Publish(tx, new RunEnded(over.Project, over.Experiment, over.Id, over.Parent, over.Status));
        tx.AfterCommit(() => live.Wake(over));
        return over;
    }

    public Task<Run?> Find(string run, CancellationToken stop) => new RunReader(db, stop).Find(run);

    public Task<List<Run>> Newest(string project, string? experiment, int most, bool children, CancellationToken stop)
        => new RunReader(db, stop).Newest(project, experiment, Math.Clamp(most, 1, 1000), children);

    public Task<List<Run>> Children(string run, CancellationToken stop) => new RunReader(db, stop).Children(run);

    public Task<Run?> Best(string project, string? experiment, string metric, Direction direction, string? parent, CancellationToken stop)
        => new RunReader(db, stop).Best(project, experiment, metric, direction, parent);

    public Task<List<RunArtifact>> ArtifactsOf(string run, CancellationToken stop) => new RunReader(db, stop).Artifacts(run);

    public Task<List<MetricPoint>> MetricsOf(string run, string? key, CancellationToken stop) => new RunReader(db, stop).Metrics(run, key);

    /// <summary>What it is made from, and the files that hold what nobody else keeps.</summary>
    private async Task<(Lineage Lineage, List<(string Name, Blob Blob)> Files)> Made(NewRun add, CancellationToken stop)
    {
        var files = new List<(string Name, Blob Blob)>();
        var project = await projects.Get(add.Project, stop);
        var checkout = add.Checkout;
        var made = new Lineage
        {
            Commit = checkout?.Commit, Branch = checkout?.Branch, Dirty = checkout?.Dirty, NotKept = checkout?.NotKept is { Count: > 0 } notes ? notes : null,
            ProjectFile = add.ProjectFile ?? project.Revision,
            Changes = await Keep(Checkout.ChangesFile, checkout?.Changes),
            Environment = await Keep(add.Lock?.Name, add.Lock?.Text),
        };
        if (add.Data is { } data)
            foreach (var known in digests)
                made = made with { Data = made.Data ?? await known.Of(add.Project, data, stop) };
        return (made.With(add.Tags), files);

        async Task<Digest?> Keep(string? name, string? text)
        {
            if (name is null || text is null)
                return null;
            files.Add((name, await blobs.Put(System.Text.Encoding.UTF8.GetBytes(text), stop)));
            return files[^1].Blob.Digest;
        }
    }

    /// <summary>Changes a run that is not over, and tells those who watch it.</summary>
    private async Task<T> Change<T>(Who who, string run, Func<Tx, Run, Task<T>> change, CancellationToken stop)
    {
        var (changed, result) = await db.Write(async tx =>
        {
            var open = await Editable(tx, who, run);
            return open.IsOver ? throw open.Over() : (open, await change(tx, open));
        }, stop);
        live.Wake(changed);
        return result;
    }

    private static async Task<Run> Editable(Tx tx, Who who, string id)
    {
        var run = await new RunReader(tx).Find(id) ?? throw ProblemException.NotFound("run", Names.Shorten(id), "steward runs list shows them.");
        who.Demand(Permission.Edit, run.Project);
        return run;
    }

    [LoggerMessage(LogLevel.Information, "Run {Name} ({Id}) started in {Experiment} of {Project}.")]
    private static partial void Started(ILogger log, string name, string id, string experiment, string project);
}
