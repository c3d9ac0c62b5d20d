using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>
/// Images by the OCI distribution specification, to be pulled and never pushed: <c>/v2/{project}/{model}</c> with the tags <c>4</c> (the
/// image that runs), <c>4-model</c> (the model alone, to be mounted), and aliases, <c>production</c> and <c>production-model</c>, which move.
/// Credentials are those of this server: any name, and a token as password.
/// </summary>
internal static class DistributionEndpoints
{
    private const string Alone = "-model";

    public static void MapDistribution(this IEndpointRouteBuilder routes)
    {
        var images = routes.MapGroup("/v2/{project}/{model}").WithTags("Images (OCI distribution)");
        Map(images, "/manifests/{reference}", ["GET", "HEAD"], Manifest);
        Map(images, "/blobs/{digest}", ["GET", "HEAD"], Blob);
        Map(images, "/referrers/{digest}", ["GET"], Referrers);
        Map(images, "/tags/list", ["GET"], Tags);
    }

    private static void Map(RouteGroupBuilder images, string path, string[] methods, Delegate handle)
        => images.MapMethods(path, methods, handle).Needs(Permission.Read, ProjectOf).WithMetadata(new Challenge("Basic realm=\"steward\""));

    /// <summary>Only where an image was built; everything else is not there, whoever asks.</summary>
    private static async ValueTask<string?> ProjectOf(HttpContext context)
    {
        var (project, model) = (context.Request.RouteValues["project"] as string, context.Request.RouteValues["model"] as string);
        if (!ImageReference.IsName(project) || !ImageReference.IsName(model))
            return null;
        var store = (ImageStore)context.RequestServices.GetService(typeof(ImageStore))!;
        return (await store.Versions(project!, model!, context.RequestAborted)).Count > 0 ? project : null;
    }

    private static async Task<IResult> Manifest(string project, string model, string reference, HttpContext context, ImageStore store, IPromotions promotions, IBlobs blobs, CancellationToken stop)
    {
        var digest = OciDigest.TryParse(reference, out var named) ? named : await Tagged(project, model, reference, store, promotions, stop);
        if (digest is null || await store.Blob(project, digest.Value, stop) is not { MediaType: MediaTypes.Manifest })
            return Unknown("MANIFEST_UNKNOWN", "There is no such image here.");
        var bytes = await blobs.Read(Digest.Parse(digest.Value.Hex), stop);
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.Headers.ETag = $"\"{digest}\"";
        return Head(context, bytes.Length, MediaTypes.Manifest) ?? Results.Bytes(bytes, MediaTypes.Manifest);
    }

    private static async Task<IResult> Blob(string project, string model, string digest, HttpContext context, ImageStore store, IBlobs blobs, CancellationToken stop)
    {
        if (!OciDigest.TryParse(digest, out var named) || await store.Blob(project, named, stop) is not { } blob)
            return Unknown("BLOB_UNKNOWN", "There is no such blob here.");
        context.Response.Headers["Docker-Content-Digest"] = digest;
        context.Response.Headers.AcceptRanges = "bytes";
        if (Head(context, blob.Size, "application/octet-stream") is { } head)
            return head;
        var stream = await blobs.Open(Digest.Parse(named.Hex), stop) ?? throw new InvalidOperationException($"The blob store lost {digest}.");
        context.Response.ContentType = "application/octet-stream";
        return new FromPlace(stream, blob.Size, From(context.Request, blob.Size));
    }

    private static async Task<IResult> Referrers(string project, string model, string digest, string? artifactType, HttpContext context, ImageStore store, CancellationToken stop)
    {
        if (!OciDigest.TryParse(digest, out var subject))
            return Unknown("DIGEST_INVALID", "This is no digest.", 400);
        var all = (await store.Referrers(project, subject, stop)).Where(one => artifactType is null || one.ArtifactType == artifactType)
            .Select(one => new Descriptor(MediaTypes.Manifest, one.Digest, one.Size) { ArtifactType = one.ArtifactType });
        if (artifactType is not null)
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        return Results.Bytes(new Oci.Index([.. all]).Bytes(), MediaTypes.Index);
    }

    private static async Task<IResult> Tags(string project, string model, int? n, string? last, HttpContext context, ImageStore store, IPromotions promotions, CancellationToken stop)
    {
        var built = await store.Versions(project, model, stop);
        var tags = built.Select(version => version.ToString(CultureInfo.InvariantCulture))
            .Concat((await promotions.All(project, stop)).Where(one => one.Model == model && built.Contains(one.Version)).Select(one => one.Alias))
            .SelectMany(tag => (string[])[tag, tag + Alone]).Order(StringComparer.Ordinal).Where(tag => last is null || string.CompareOrdinal(tag, last) > 0).ToList();
        var page = tags.Take(Math.Clamp(n ?? 1000, 0, 1000)).ToList();
        if (page.Count > 0 && page.Count < tags.Count)
            context.Response.Headers.Link = $"</v2/{project}/{model}/tags/list?n={page.Count}&last={Uri.EscapeDataString(page[^1])}>; rel=\"next\"";
        return Results.Json(new { name = $"{project}/{model}", tags = page });
    }

    private static async Task<OciDigest?> Tagged(string project, string model, string tag, ImageStore store, IPromotions promotions, CancellationToken stop)
    {
        if (!ImageReference.IsTag(tag))
            return null;
        // Where cosign looks for signatures.
        if (tag.StartsWith("sha256-", StringComparison.Ordinal) && tag.EndsWith(".sig", StringComparison.Ordinal))
            return OciDigest.TryParse("sha256:" + tag[7..^4], out var signed) ? (await store.Referrers(project, signed, stop)).LastOrDefault(one => one.ArtifactType == ImageArtifacts.SignatureType)?.Digest : null;
        var alone = tag.EndsWith(Alone, StringComparison.Ordinal);
        var plain = alone ? tag[..^Alone.Length] : tag;
        var version = int.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : (await promotions.All(project, stop)).FirstOrDefault(one => one.Model == model && one.Alias == plain)?.Version;
        return version is { } known && await store.Newest(project, model, known, stop) is { } build ? (alone ? build.ModelDigest : build.Digest) : null;
    }

    private static IResult? Head(HttpContext context, long length, string type)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
            return null;
        (context.Response.ContentLength, context.Response.ContentType) = (length, type);
        return Results.StatusCode(200);
    }

    /// <summary>Where somebody wants to go on; 0 for all, and for what is not such a wish.</summary>
    private static long From(HttpRequest request, long size)
        => request.GetTypedHeaders().Range is { Unit.Value: "bytes", Ranges.Count: 1 } range && range.Ranges.First() is { From: { } from, To: null } && from > 0 && from < size ? from : 0;

    private static IResult Unknown(string code, string message, int status = 404) => Results.Json(new { errors = new[] { new { code, message } } }, statusCode: status);

    /// <summary>The bytes from a place on; what lies before is read, too, because only the whole can be compared with its digest.</summary>
    private sealed class FromPlace(Stream bytes, long size, long from) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (reply, stop) = (httpContext.Response, httpContext.RequestAborted);
            await using (bytes)
            {
                reply.ContentLength = size - from;
                if (from > 0)
                {
                    reply.StatusCode = StatusCodes.Status206PartialContent;
                    reply.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, size - 1, size);
                }

                var buffer = new byte[1 << 16];
                for (long at = 0; await bytes.ReadAsync(buffer, stop) is var read and > 0; at += read)
                    if (at + read > from)
                        await reply.Body.WriteAsync(buffer.AsMemory((int)Math.Max(0, from - at), (int)(read - Math.Max(0, from - at))), stop);
            }
        }
    }
}
