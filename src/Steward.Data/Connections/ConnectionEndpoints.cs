using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Data.Connections;

internal static class ConnectionEndpoints
{
    private const int Most = 1000;

    public static void MapConnections(this IEndpointRouteBuilder routes)
    {
        var connections = routes.MapGroup("/api/projects/{project}/connections").WithTags("Connections");
        connections.MapGet("/", (string project, IConnections all, CancellationToken stop) => all.All(project, stop)).Needs(Permission.Read);
        connections.MapPost("/{connection}/test", (string project, string connection, IConnections all, Who who, CancellationToken stop) => all.Test(who, project, connection, stop)).Needs(Permission.Edit);
        connections.MapGet("/{connection}/files", Files).Needs(Permission.Edit);
        connections.MapGet("/{connection}/tables", Tables).Needs(Permission.Edit);
        connections.MapGet("/{connection}/tables/{table}", Columns).Needs(Permission.Edit);
    }

    private static async Task<List<StoredFile>> Files(string project, string connection, string? prefix, string? after, int? limit, IConnections all, CancellationToken stop)
    {
        var most = Math.Clamp(limit ?? 100, 1, Most);
        await using var files = await all.Files(project, connection, stop);
        var found = new List<StoredFile>();
        await foreach (var file in files.List(prefix ?? "", after, stop))
        {
            found.Add(file);
            if (found.Count == most)
                break;
        }

        return found;
    }

    private static async Task<IEnumerable<string>> Tables(string project, string connection, int? limit, IConnections all, CancellationToken stop)
    {
        await using var tables = await all.Tables(project, connection, stop);
        return (await tables.Tables(stop)).Take(Math.Clamp(limit ?? 100, 1, Most));
    }

    private static async Task<IReadOnlyList<SourceColumn>> Columns(string project, string connection, string table, IConnections all, CancellationToken stop)
    {
        await using var tables = await all.Tables(project, connection, stop);
        return await tables.Columns(table, stop);
    }
}
