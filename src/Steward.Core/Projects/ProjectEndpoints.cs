using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;

namespace Steward.Projects;

public static class ProjectEndpoints
{
    public static IServiceCollection AddProjects(this IServiceCollection services, IEnumerable<Section> sections) => services
        .AddSingleton(new ProjectFileReader(sections))
        .AddSingleton<IProjects, Projects>();

    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var projects = routes.MapGroup("/api/projects").WithTags("Projects");
        projects.MapGet("/", async (IProjects all, Who who, CancellationToken stop) => (await all.All(stop)).Where(one => who.May(Permission.Read, one.Name)).Select(Summary))
            .Needs(Permission.SignedIn);
        projects.MapGet("/{project}", async (string project, IProjects all, CancellationToken stop) => Summary(await all.Get(project, stop))).Needs(Permission.Read);
        projects.MapGet("/{project}/file", File).Needs(Permission.Read);
        projects.MapGet("/{project}/revisions", (string project, int? limit, IProjects all, CancellationToken stop) => all.Revisions(project, Math.Clamp(limit ?? 100, 1, 1000), stop)).Needs(Permission.Read);
        projects.MapPut("/{project}/file", Put).Needs(Permission.Edit);
        routes.MapGet("/api/project-schema.json", (ProjectFileReader reader) => ProjectSchema.Of(reader.Sections)).Needs(Permission.Anyone).WithTags("Projects");
    }

    private static async Task<ProjectSummary> Put(string project, PutFile body, IProjects all, ProjectFileReader reader, Who who, CancellationToken stop)
    {
        if (body.Yaml is null)
            throw ProblemException.Invalid("body_invalid", "The body has no 'yaml'.", "Send {\"yaml\": \"steward: 1 …\"}, the text of the file.");
        if (reader.Read(body.Yaml).File is { } file && file.Project != project)
            throw ProblemException.Invalid("project_mismatch", $"The file is for project '{file.Project}', the address names '{Names.Shorten(project)}'.", "Send it to the project it names.");
        return Summary(body.Revision is { } from ? await all.Change(body.Yaml, from, who, stop) : await all.Put(body.Yaml, who, stop));
    }

    /// <summary>The newest text, or that of a revision.</summary>
    private static async Task<IResult> File(string project, int? revision, IProjects all, CancellationToken stop)
    {
        var newest = await all.Get(project, stop);
        return Results.Text(revision is null ? newest.File.Text : await all.Text(project, revision.Value, stop) ?? throw NoRevision(project, revision.Value), "application/yaml");
    }

    internal static ProblemException NoRevision(string project, int revision) => ProblemException.NotFound("revision", $"{revision} of {project}", "steward project history shows them.");

    private static ProjectSummary Summary(Project project) => new(project.Name, project.Title, project.Revision, project.FileDigest.Hex, project.ChangedAt);

    /// <param name="Revision">What it was written against; when another came since, nothing is changed.</param>
    internal sealed record PutFile(string? Yaml, int? Revision);

    internal sealed record ProjectSummary(string Name, string Title, int Revision, string FileDigest, DateTimeOffset ChangedAt);
}
