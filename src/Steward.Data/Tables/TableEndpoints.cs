using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Projects;
using Steward.Work;

namespace Steward.Data.Tables;

internal static class TableEndpoints
{
    private const int Most = 1000;

    public static void MapTables(this IEndpointRouteBuilder routes)
    {
        var tables = routes.MapGroup("/api/projects/{project}/tables").WithTags("Tables");
        tables.MapGet("/", async (string project, int? limit, ITables all, IProjects projects, CancellationToken stop) =>
        {
            await projects.Get(project, stop);
            return (await all.All(project, stop)).Take(Math.Clamp(limit ?? 100, 1, Most));
        }).Needs(Permission.Read);
        tables.MapPost("/query", (string project, QueryOrder body, TableDesk desk, CancellationToken stop) => desk.Query(project, body, stop)).Needs(Permission.Read);
        tables.MapGet("/{table}", (string project, string table, TableDesk desk, CancellationToken stop) => desk.Show(project, TableReference.Parse(table), stop)).Needs(Permission.Read);
        tables.MapGet("/{table}/history", async (string project, string table, int? limit, int? before, TableDesk desk, ITables all, CancellationToken stop) =>
        {
            await desk.Get(project, new(TableName.Parse(table)), stop);
            return await all.History(project, TableName.Parse(table), Math.Clamp(limit ?? 100, 1, Most), before, stop);
        }).Needs(Permission.Read);
        tables.MapGet("/{table}/diff", async (string project, string table, int? from, int? to, string? key, int? limit, TableDesk desk, ITableEngine engine, CancellationToken stop) =>
        {
            var newest = await desk.Get(project, new(TableName.Parse(table)), stop);
            var until = to ?? newest.Version;
            return await engine.Diff(project, TableName.Parse(table), from ?? Math.Max(1, until - 1), until, (key ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Math.Clamp(limit ?? 20, 0, Most), stop);
        }).Needs(Permission.Read);
        tables.MapGet("/{table}/profile", async (string project, string table, TableDesk desk, Profiles profiles, CancellationToken stop) => await profiles.Of(await desk.Get(project, TableReference.Parse(table), stop), stop)).Needs(Permission.Read);
        // Any other type gets here too, and is refused only after the caller showed who they are.
        tables.MapPost("/{table}/import", Import).Accepts<IFormFile>("multipart/form-data", "*/*").WithMetadata(new RequestSizeLimitAttribute(ImportBody.MostBytes)).Needs(Permission.Edit);
        tables.MapPost("/{table}/compact", (string project, string table, TableDesk desk, Who who, CancellationToken stop) => desk.Compact(who, project, TableName.Parse(table), stop)).Needs(Permission.Edit);
        tables.MapPost("/{table}/expire", (string project, string table, ExpireOrder body, TableDesk desk, Who who, CancellationToken stop) => desk.Expire(who, project, TableName.Parse(table), body.Keep ?? 10, stop)).Needs(Permission.Edit);
    }

    /// <summary>Answers with the task that reads the file, once its bytes are kept.</summary>
    private static async Task<TaskView> Import(string project, string table, HttpRequest request, Imports imports, IChildHosts hosts, Who who, CancellationToken stop)
    {
        var name = TableName.Parse(table);
        using var folder = hosts.Folder("import");
        var (order, path) = await ImportBody.Receive(request, folder, stop);
        return TaskView.Of(await imports.Add(who, project, name, order, path, stop));
    }
}
