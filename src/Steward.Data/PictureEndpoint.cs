using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Drawing;
using Steward.Identity;

namespace Steward.Data;

/// <summary>The bytes of a picture, for readers of a project that holds it.</summary>
internal static class PictureEndpoint
{
    private const int HeadBytes = 16;

    public static void MapPictures(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/projects/{project}/pictures/{digest}", Give).WithTags("Data").Needs(Permission.Read);

    /// <summary>What other projects hold looks like what is not there.</summary>
    private static async Task Give(string project, string digest, IDataSets sets, IBlobs blobs, HttpContext context, CancellationToken stop)
    {
        if (!Digest.TryParse(digest, out var wanted) || !await sets.Holds(project, wanted, stop) || await blobs.Open(wanted, stop) is not { } bytes)
            throw ProblemException.NotFound("picture", Names.Shorten(digest), "The items of a data set name its pictures.");
        await using var open = bytes;
        var reply = context.Response;
        reply.Headers.XContentTypeOptions = "nosniff";
        reply.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        // The address names the bytes: they never change. Not shared, since they are for readers of the project.
        reply.Headers.CacheControl = "private, max-age=31536000, immutable";
        reply.Headers.ETag = $"\"{wanted.Hex}\"";
        if (context.Request.Headers.IfNoneMatch.ToString() == reply.Headers.ETag)
        {
            reply.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var head = new byte[HeadBytes];
        var known = await open.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, stop);
        reply.ContentType = Picture.MediaType(head.AsSpan(0, known));
        if (reply.ContentType is null)
        {
            reply.ContentType = "application/octet-stream";
            reply.Headers.ContentDisposition = "attachment";
        }

        reply.ContentLength = await blobs.Size(wanted, stop);
        await reply.Body.WriteAsync(head.AsMemory(0, known), stop);
        await open.CopyToAsync(reply.Body, stop);
    }
}
