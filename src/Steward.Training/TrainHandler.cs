using Steward.Blobs;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>Does tasks of kind <c>train</c>: gives a process of its own the pictures or the table, follows it, and keeps a study of tunes.</summary>
internal sealed class TrainHandler(IProjects projects, IDataSets dataSets, ITables tables, IBlobs blobs, IRuns runs, IChildHosts children, IExecutors engines, ILedger ledger) : IWorkHandler
{
    public string Kind => TrainOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<TrainOrder>();
        var project = await projects.Get(order.Project, stop);
        var plan = order.Plan(project);
        return plan.IsTable ? await FromTable(context, order, project.Revision, plan, stop) : await FromPictures(context, order, project.Revision, plan, stop);
    }

    private async Task<Func<Tx, Task<object?>>> FromPictures(WorkContext context, TrainOrder order, int revision, TrainSection plan, CancellationToken stop)
    {
        var snapshot = await dataSets.Find(order.Project, order.Data, order.Version, stop)
            ?? throw ProblemException.NotFound("data set", $"{order.Data}@{order.Version}", $"steward data add {order.Data} FOLDER");
        var items = (await dataSets.Items(snapshot, stop)).Where(item => item.IsNamed).ToList();
        var engine = plan.RunOn is { } name ? engines.Get(name, order.Project) : null;
        using var folder = engine is null ? children.Folder("train") : engine.Folder("train");
        var job = await Pack(folder, plan, snapshot, items, stop);
        return await Study(context, order, plan, StudyPlan.Of(plan, job) with { ProjectFile = revision }, "train", engine, folder, stop);
    }

    private async Task<Func<Tx, Task<object?>>> FromTable(WorkContext context, TrainOrder order, int revision, TrainSection plan, CancellationToken stop)
    {
        // The files stay where they are while the process reads them: open snapshots are not cleaned away.
        await using var reading = await tables.Open(order.Project, [new(TableName.Parse(order.Data), order.Version)], stop);
        var table = reading.Tables[0];
        using var folder = children.Folder("train-table");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, TableJob.File), Json.Write(new TableJob(plan, table.Snapshot.Reference, table.Sql)), stop);
        return await Study(context, order, plan, StudyPlan.Of(plan, table.Snapshot.Reference) with { ProjectFile = revision }, "train-table", null, folder, stop);
    }

    private async Task<Func<Tx, Task<object?>>> Study(WorkContext context, TrainOrder order, TrainSection plan, StudyPlan about, string child, IExecutor? engine, ChildFolder folder, CancellationToken stop)
    {
        var who = Who.Steward with { Name = order.By };
        var checkout = order.Checkout is { } kept ? Json.Read<Checkout>(System.Text.Encoding.UTF8.GetString(await blobs.Read(kept, stop))) : null;
        using var study = await StudyLog.Begin(runs, blobs, who, order, plan.Model, about, checkout, context.Claim.Task.Id, stop);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, DoneTune.File), Json.Write(study.Done), stop);
            var limits = new JobLimits { Memory = plan.Limits.Memory, Time = plan.Limits.Time, Cpus = plan.Limits.Cpus };
            using var away = engine is null or { Kind: "process" } ? null : context.Away();
            await (engine is null
                ? children.Run(child, folder, limits, Tell, stop)
                : children.Run(engine, child, folder, new(context.Claim.Task.Id, about.Parts.Count, "tune", limits, new Dictionary<string, string> { ["project"] = order.Project, ["study"] = study.Id }), Tell, stop));
            await study.Keep(folder, stop);
        }
        catch (OperationCanceledException) when (study.GoesOn && stop.IsCancellationRequested)
        {
            // Cancelled, it is over; given back with the server's end, whoever takes the task goes on with it.
            if (await ledger.Find(context.Claim.Task.Id, CancellationToken.None) is not { CancelAsked: false })
                await study.GiveUp(RunStatus.Cancelled, new OperationCanceledException());
            throw;
        }
        catch (Exception error)
        {
            await study.GiveUp(error is OperationCanceledException ? RunStatus.Cancelled : RunStatus.Failed, error);
            throw;
        }

        var id = study.Id;
        return async tx =>
        {
            await runs.End(tx, who, id, RunStatus.Finished);
            return new TrainDone(id, plan.Model ?? order.Project);
        };

        async Task Tell(double? done, string? message)
        {
            await study.Follow(folder, stop);
            await context.Report(done, message);
        }
    }

    private async Task<TrainJob> Pack(ChildFolder folder, TrainSection plan, Snapshot snapshot, IReadOnlyList<Item> items, CancellationToken stop)
    {
        var sizes = new List<long>(items.Count);
        await using (var file = File.Create(Path.Combine(folder.Path, TrainJob.Pictures)))
            foreach (var item in items)
            {
                var bytes = await blobs.Read(item.Blob, stop);
                await file.WriteAsync(bytes, stop);
                sizes.Add(bytes.Length);
            }

        var job = TrainJob.Of(plan, snapshot, items, sizes) with { TuneByTask = plan.RunOn is not null };
        await File.WriteAllTextAsync(Path.Combine(folder.Path, TrainJob.File), Json.Write(job), stop);
        return job;
    }
}
