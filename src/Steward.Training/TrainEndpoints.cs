using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Tracking;
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
    private static async Task<IResult> Train(string project, Ask? body, ITraining training, Db db, Who who, CancellationToken stop)
    {
        var quick = body?.Quick == true;
        var found = await training.Look(project, new(quick ? "first look" : "asked for") { Version = body?.Version, Quick = quick, On = body?.On, Checkout = body?.Checkout, Once = body?.Once == true }, [], stop);
        var task = await db.Write(tx => training.Order(tx, who, found), stop);
        return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
    }

    /// <param name="Version">Of the data set; the newest when it is not said.</param>
    /// <param name="Quick">A first look: the first tune only, with fewer patterns.</param>
    /// <param name="On">The engine that runs the tunes; as the project file says when it is not said.</param>
    /// <param name="Checkout">The work tree that it is asked for in.</param>
    /// <param name="Once">Not again what was trained before from the same: the task of then is the answer.</param>
    internal sealed record Ask(int? Version, bool? Quick, string? On, bool? Once, Checkout? Checkout);
}
