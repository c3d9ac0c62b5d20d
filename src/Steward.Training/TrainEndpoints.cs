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
    private static async Task<IResult> Train(string project, Ask? body, IProjects projects, IDataSets dataSets, IExecutors engines, ILedger ledger, Who who, CancellationToken stop)
    {
        var plan = (await projects.Get(project, stop)).File.Get<TrainSection>("train");
        var snapshot = await dataSets.Find(project, plan.Data, body?.Version, stop)
            ?? throw ProblemException.NotFound("data set", body?.Version is { } version ? $"{plan.Data}@{version}" : plan.Data, $"Add pictures first: steward data add {plan.Data} FOLDER");
        if ((body?.On ?? plan.On) is { } engine)
            _ = engines.Get(engine);
        var order = new TrainOrder(project, plan.Data, snapshot.Version, body?.Quick == true ? "first look" : "asked for", body?.Quick == true, who.Name, body?.On);
        var task = await ledger.Add(new(project, TrainOrder.Kind, $"train/{project}/{Names.NewId()}", order), who, stop);
        return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
    }

    /// <param name="Version">Of the data set; the newest when it is not said.</param>
    /// <param name="Quick">A first look: the first tune only, with fewer patterns.</param>
    /// <param name="On">The engine that runs the tunes; as the project file says when it is not said.</param>
    internal sealed record Ask(int? Version, bool? Quick, string? On);
}
