using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Projects;
using Steward.Work;

namespace Steward.Training;

internal static class TrainEndpoints
{
    public static void MapTraining(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/projects/{project}/train", Train).WithTags("Training").Needs(Permission.Edit);
        routes.MapGet("/api/projects/{project}/train", Plan).WithTags("Training").Needs(Permission.Read);
    }

    /// <summary>What the project file says, with what it does not say filled in.</summary>
    private static async Task<TrainSection> Plan(string project, IProjects projects, CancellationToken stop) => (await projects.Get(project, stop)).File.Get<TrainSection>("train");

    /// <summary>Adds a training task over the newest snapshot, or the one named; it is followed at <c>/api/projects/{project}/tasks/{id}</c>.</summary>
    private static async Task<IResult> Train(string project, Ask? body, IProjects projects, IDataSets dataSets, ITables tables, IExecutors engines, ILedger ledger, Who who, CancellationToken stop)
    {
        var plan = (await projects.Get(project, stop)).File.Get<TrainSection>("train");
        if (plan.Run is not null)
            throw ProblemException.Conflict("trains_by_command", "This project trains by a command of its own, which runs where its files are.", "steward run in the folder of its steward.yaml");
        if ((body?.On ?? plan.RunOn) is { } engine)
            CheckEngine(engines.Get(engine, project), plan);
        var (data, version, bytes) = plan.IsTable ? await Table(project, plan, body?.Version, tables, stop) : await Pictures(project, plan, body?.Version, dataSets, stop);
        var order = new TrainOrder(project, data, version, body?.Quick == true ? "first look" : "asked for", body?.Quick == true, who.Name, body?.On);
        var task = body?.Once == true ? await Once(order, plan, bytes, ledger, who, stop) : await ledger.Add(new(project, TrainOrder.Kind, $"train/{project}/{Names.NewId()}", order), who, stop);
        return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
    }

    private static void CheckEngine(IExecutor engine, TrainSection plan)
    {
        if (plan.IsTable)
            throw ProblemException.Invalid("engine_cannot", $"The engine '{engine.Name}' does not see the files of tables: what is learned from a table is learned by this server.", "Leave --on and train.on away.");
    }

    /// <summary>The task that trained, or trains, the same data with the same settings by the same program; one that failed is followed by another.</summary>
    private static async Task<WorkTask> Once(TrainOrder order, TrainSection plan, string bytes, ILedger ledger, Who who, CancellationToken stop)
    {
        var same = Digest.Of(Json.Write(new { plan = plan with { RunOn = null }, manifest = bytes, order.Quick, program = StudyLog.Code })).Hex;
        for (var attempt = 1; ; attempt++)
            if (await ledger.Add(new(order.Project, TrainOrder.Kind, $"train/{order.Project}/once/{same}/{attempt}", order), who, stop) is { State: not (WorkState.Failed or WorkState.Cancelled) } task)
                return task;
    }

    /// <summary>A data set, its version, and what tells its bytes from all others.</summary>
    private static async Task<(string, int, string)> Pictures(string project, TrainSection plan, int? version, IDataSets dataSets, CancellationToken stop)
    {
        var snapshot = await dataSets.Find(project, plan.Data, version, stop)
            ?? throw ProblemException.NotFound("data set", version is { } number ? $"{plan.Data}@{number}" : plan.Data, $"Add pictures first: steward data add {plan.Data} FOLDER");
        return (snapshot.DataSet, snapshot.Version, snapshot.Manifest.Hex);
    }

    private static async Task<(string, int, string)> Table(string project, TrainSection plan, int? version, ITables tables, CancellationToken stop)
    {
        var reference = TableReference.Parse(plan.From);
        var snapshot = await tables.Find(project, version is { } number ? new(reference.Table, number) : reference, stop)
            ?? throw ProblemException.NotFound("table", version is { } wanted ? $"{reference.Table}@{wanted}" : plan.From!, "Bring its rows first: see steward table --help.");
        return (snapshot.Table, snapshot.Version, $"{snapshot.Table}@{snapshot.Version}");
    }

    /// <param name="Version">Of the data set; the newest when it is not said.</param>
    /// <param name="Quick">A first look: the first tune only, with fewer patterns.</param>
    /// <param name="On">The engine that runs the tunes; as the project file says when it is not said.</param>
    /// <param name="Once">Not again what was trained before from the same: the task of then is the answer.</param>
    internal sealed record Ask(int? Version, bool? Quick, string? On, bool? Once);
}
