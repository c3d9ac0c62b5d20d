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
        projects.MapGet("/{project}/file", async (string project, IProjects all, CancellationToken stop) => Results.Text((await all.Get(project, stop)).File.Text, "application/yaml")).Needs(Permission.Read);
        projects.MapPut("/{project}/file", Put).Needs(Permission.Edit);
        routes.MapGet("/api/project-schema.json", (ProjectFileReader reader) => ProjectSchema.Of(reader.Sections)).Needs(Permission.Anyone).WithTags("Projects");
    }

    private static async Task<ProjectSummary> Put(string project, PutFile body, IProjects all, ProjectFileReader reader, Who who, CancellationToken stop)
    {
        if (body.Yaml is null)
            throw ProblemException.Invalid("body_invalid", "The body has no 'yaml'.", "Send {\"yaml\": \"steward: 1 …\"}, the text of the file.");
        if (reader.Read(body.Yaml).File is { } file && file.Project != project)
            throw ProblemException.Invalid("project_mismatch", $"The file is for project '{file.Project}', the address names '{Names.Shorten(project)}'.", "Send it to the project it names.");
        return Summary(await all.Put(body.Yaml, who, stop));
    }

    private static ProjectSummary Summary(Project project) => new(project.Name, project.Title, project.Revision, project.FileDigest.Hex, project.ChangedAt);

    internal sealed record PutFile(string? Yaml);

    internal sealed record ProjectSummary(string Name, string Title, int Revision, string FileDigest, DateTimeOffset ChangedAt);
}
