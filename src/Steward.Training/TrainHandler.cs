using Steward.Blobs;
using Steward.Data;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>Does tasks of kind <c>train</c>: packs the snapshot for a process of its own, follows it, and keeps a study of tunes.</summary>
internal sealed class TrainHandler(IProjects projects, IDataSets dataSets, IBlobs blobs, IRuns runs, IChildHosts children, IExecutors engines) : IWorkHandler
{
    public string Kind => TrainOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<TrainOrder>();
        var project = await projects.Get(order.Project, stop);
        var plan = order.Plan(project);
        var snapshot = await dataSets.Find(order.Project, order.Data, order.Version, stop)
            ?? throw ProblemException.NotFound("data set", $"{order.Data}@{order.Version}", $"steward data add {order.Data} FOLDER");
        var who = Who.Steward with { Name = order.By };
        var items = (await dataSets.Items(snapshot, stop)).Where(item => item.IsNamed).ToList();

        var engine = (order.On ?? plan.On) is { } name ? engines.Get(name) : null;
        using var folder = engine is null ? children.Folder("train") : engine.Folder("train");
        var job = await Pack(folder, plan, snapshot, items, engine is not null, stop);
        using var study = await StudyLog.Begin(runs, blobs, who, order, plan, job, context.Claim.Task.Id, stop);
        try
        {
            var limits = new JobLimits { Memory = plan.Limits.Memory, Time = plan.Limits.Time, Cpus = plan.Limits.Cpus };
            await (engine is null ? children.Run("train", folder, limits, Tell, stop)
                : children.Run(engine, "train", folder, new(context.Claim.Task.Id, job.Tunes.Count, "tune", limits, new Dictionary<string, string> { ["project"] = order.Project, ["study"] = study.Id }), Tell, stop));
            await study.Keep(folder, stop);
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

    private async Task<TrainJob> Pack(ChildFolder folder, TrainSection plan, Snapshot snapshot, IReadOnlyList<Item> items, bool tuneByTask, CancellationToken stop)
    {
        var sizes = new List<long>(items.Count);
        await using (var file = File.Create(Path.Combine(folder.Path, TrainJob.Pictures)))
            foreach (var item in items)
            {
                var bytes = await blobs.Read(item.Blob, stop);
                await file.WriteAsync(bytes, stop);
                sizes.Add(bytes.Length);
            }

        var job = TrainJob.Of(plan, snapshot, items, sizes) with { TuneByTask = tuneByTask };
        await File.WriteAllTextAsync(Path.Combine(folder.Path, TrainJob.File), Json.Write(job), stop);
        return job;
    }
}
