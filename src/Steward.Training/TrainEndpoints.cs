using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Data;
using Steward.Identity;
using Steward.Projects;
using Steward.Work;

namespace Steward.Training;

internal static class TrainEndpoints
{
    public static void MapTraining(this IEndpointRouteBuilder routes)
        => routes.MapPost("/api/projects/{project}/train", Train).WithTags("Training").Needs(Permission.Edit);

    /// <summary>Adds a training task over the newest snapshot, or the one named; it is followed at <c>/api/projects/{project}/tasks/{id}</c>.</summary>
    private static async Task<IResult> Train(string project, Ask? body, IProjects projects, IDataSets dataSets, ILedger ledger, Who who, CancellationToken stop)
    {
        var plan = (await projects.Get(project, stop)).File.Get<TrainSection>("train");
        var snapshot = await dataSets.Find(project, plan.Data, body?.Version, stop)
            ?? throw ProblemException.NotFound("data set", body?.Version is { } version ? $"{plan.Data}@{version}" : plan.Data, $"Add pictures first: steward data add {plan.Data} FOLDER");
        var order = new TrainOrder(project, plan.Data, snapshot.Version, body?.Quick == true ? "first look" : "asked for", body?.Quick == true, who.Name);
        var task = body?.Once == true ? await Once(order, plan, snapshot, ledger, who, stop) : await ledger.Add(new(project, TrainOrder.Kind, $"train/{project}/{Names.NewId()}", order), who, stop);
        return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
    }

    /// <summary>The task that trained, or trains, the same pictures with the same settings by the same program; one that failed is followed by another.</summary>
    private static async Task<WorkTask> Once(TrainOrder order, TrainSection plan, Snapshot snapshot, ILedger ledger, Who who, CancellationToken stop)
    {
        var same = Digest.Of(Json.Write(new { plan, manifest = snapshot.Manifest.Hex, order.Quick, program = StudyLog.Code })).Hex;
        for (var attempt = 1; ; attempt++)
            if (await ledger.Add(new(order.Project, TrainOrder.Kind, $"train/{order.Project}/once/{same}/{attempt}", order), who, stop) is { State: not (WorkState.Failed or WorkState.Cancelled) } task)
                return task;
    }

    /// <param name="Version">Of the data set; the newest when it is not said.</param>
    /// <param name="Quick">A first look: the first tune only, with fewer patterns.</param>
    /// <param name="Once">Not again what was trained before from the same: the task of then is the answer.</param>
    internal sealed record Ask(int? Version, bool? Quick, bool? Once);
}
