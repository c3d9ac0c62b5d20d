using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Steward.Blobs;
using Steward.Identity;

namespace Steward.Tracking;

/// <summary>Files of runs: what a training left, brought and fetched as bytes.</summary>
internal static class ArtifactEndpoints
{
    private const long MostBytes = 1L << 30;

    public static void MapArtifacts(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/api/projects/{project}/runs/{id}/artifacts").WithTags("Runs");
        files.MapGet("/", async (string project, string id, int? limit, IRuns all, CancellationToken stop) =>
        {
            await all.In(project, id, stop);
            return (await all.ArtifactsOf(id, stop)).Take(Math.Clamp(limit ?? 1000, 1, 1000)).Select(ArtifactView.Of);
        }).Needs(Permission.Read);
        files.MapGet("/{**name}", Download).Needs(Permission.Read);
        files.MapPut("/{**name}", Upload).Accepts<Stream>("application/octet-stream", "*/*").WithMetadata(new RequestSizeLimitAttribute(MostBytes)).Needs(Permission.Edit);
    }

    /// <summary>The body is the file, whatever its type says.</summary>
    private static async Task<ArtifactView> Upload(string project, string id, string name, HttpRequest request, IRuns all, IBlobs blobs, Who who, CancellationToken stop)
    {
        RunWords.CheckFile(name = Slashed(name));
        var run = await all.In(project, id, stop);
        who.Demand(Permission.Edit, project);
        if (run.IsOver)
            throw run.Over();
        return ArtifactView.Of(await all.Artifact(who, id, name, await blobs.Put(request.Body, MostBytes, stop), stop));
    }

    /// <summary>Always a download: what a run left may be a page or a drawing with script in it.</summary>
    private static async Task<IResult> Download(string project, string id, string name, IRuns all, IBlobs blobs, HttpContext context, CancellationToken stop)
    {
        await all.In(project, id, stop);
        name = Slashed(name);
        if ((await all.ArtifactsOf(id, stop)).Find(one => one.Name == name) is not { } file || await blobs.Open(file.Blob, stop) is not { } bytes)
            throw ProblemException.NotFound("artifact", Names.Shorten(name), $"steward runs show {id} lists the files of the run.");
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        context.Response.ContentLength = file.Size;
        return Results.Stream(bytes, "application/octet-stream", file.Name.Split('/')[^1], entityTag: new EntityTagHeaderValue($"\"{file.Blob.Hex}\""));
    }

    /// <summary>The framework leaves an escaped slash as it came.</summary>
    private static string Slashed(string name) => name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
