using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Work;

namespace Steward.Labeling.Heaps;

internal static class HeapEndpoints
{
    public static void MapHeaps(this IEndpointRouteBuilder routes)
    {
        var heaps = routes.MapGroup("/api/projects/{project}/heaps").WithTags("Heaps");
        heaps.MapPost("/", async (string project, Make body, Sortings all, Who who, CancellationToken stop) =>
        {
            var task = await all.Make(who, project, body.DataSet, body.Count, stop);
            return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
        }).Needs(Permission.Edit);
        heaps.MapGet("/", (string project, int? limit, Sortings all, CancellationToken stop) => all.All(project, limit ?? 100, stop)).Needs(Permission.Read);
        heaps.MapGet("/{number:int}", (string project, int number, Sortings all, CancellationToken stop) => all.Get(project, number, stop)).Needs(Permission.Read);
        heaps.MapGet("/{number:int}/heaps/{heap:int}/pictures", async (string project, int number, int heap, int? skip, int? limit, Sortings all, CancellationToken stop) =>
        {
            await all.Get(project, number, stop);
            return await all.Pictures(project, number, heap, skip ?? 0, limit ?? 100, stop);
        }).Needs(Permission.Read);
        heaps.MapPost("/{number:int}/heaps/{heap:int}/name", (string project, int number, int heap, NameWith body, Sortings all, Who who, CancellationToken stop) => all.Name(who, project, number, heap, body.Name, stop)).Needs(Permission.Edit);
        heaps.MapPost("/{number:int}/heaps/{heap:int}/split", (string project, int number, int heap, Sortings all, Who who, CancellationToken stop) => all.Split(who, project, number, heap, stop)).Needs(Permission.Edit);
        heaps.MapPost("/{number:int}/pictures/{picture:int}/aside", (string project, int number, int picture, AsideWith body, Sortings all, Who who, CancellationToken stop) => all.Aside(who, project, number, picture, body.Aside ?? true, stop)).Needs(Permission.Edit);
        heaps.MapPost("/{number:int}/undo", (string project, int number, Sortings all, Who who, CancellationToken stop) => all.Undo(who, project, number, stop)).Needs(Permission.Edit);
        heaps.MapPost("/{number:int}/done", (string project, int number, Sortings all, Who who, CancellationToken stop) => all.Done(who, project, number, stop)).Needs(Permission.Edit);
    }

    /// <param name="DataSet">Whose unnamed pictures are sorted.</param>
    /// <param name="Count">At most so many heaps; unsaid, more of them for more pictures.</param>
    internal sealed record Make(string? DataSet, int? Count);

    /// <param name="Name">Nothing takes the name away.</param>
    internal sealed record NameWith(string? Name);

    /// <param name="Aside">False puts it back.</param>
    internal sealed record AsideWith(bool? Aside);
}
