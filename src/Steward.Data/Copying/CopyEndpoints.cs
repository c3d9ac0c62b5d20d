using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Work;

namespace Steward.Data.Copying;

internal static class CopyEndpoints
{
    public static void MapCopies(this IEndpointRouteBuilder routes)
        => routes.MapPost("/api/projects/{project}/copies", Add).WithTags("Connections").Needs(Permission.Edit);

    private static async Task<TaskView> Add(string project, CopyBody body, ICopies copies, Who who, CancellationToken stop)
        => TaskView.Of(await copies.Add(who, project, new CopyOrder(body.From ?? "", body.To ?? "") { Bandwidth = body.Bandwidth ?? 0 }, stop));

    /// <param name="Bandwidth">Bytes a second at most.</param>
    internal sealed record CopyBody(string? From, string? To, long? Bandwidth);
}
