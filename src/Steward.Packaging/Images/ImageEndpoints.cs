using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Storage;
using Steward.Work;

namespace Steward.Packaging.Images;

internal static class ImageEndpoints
{
    /// <summary>Largest layer of a base that is taken.</summary>
    private const long MostLayer = 4L << 30;

    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        var images = routes.MapGroup("/api/projects/{project}/images").WithTags("Images");
        images.MapGet("/", (string project, string? model, int? limit, ImageStore store, CancellationToken stop) => store.Builds(project, model, null, Math.Clamp(limit ?? 100, 1, 1000), stop)).Needs(Permission.Read);
        images.MapPost("/", Order).Needs(Permission.Edit);
        images.MapGet("/{model}/{version}", Show).Needs(Permission.Read);
        images.MapPost("/{model}/{version}/signature", Sign).Needs(Permission.Edit);
        images.MapGet("/blobs/{digest}", async (string project, string digest, ImageStore store, CancellationToken stop)
            => OciDigest.TryParse(digest, out var named) && await store.Blob(project, named, stop) is { } blob ? new { blob.Digest, blob.Size } : throw ProblemException.NotFound("image blob", Names.Shorten(digest))).Needs(Permission.Edit);
        images.MapGet("/steps/{step}", async (string project, string step, ImageStore store, CancellationToken stop) => await store.Step(project, step, stop) ?? throw ProblemException.NotFound("step", Names.Shorten(step))).Needs(Permission.Edit);
        images.MapPut("/steps/{step}", TakeStep).Needs(Permission.Edit);
        images.MapPut("/blobs/{digest}", Take).Accepts<Stream>("application/octet-stream", "*/*").WithMetadata(new RequestSizeLimitAttribute(MostLayer)).Needs(Permission.Edit);
    }

    private static async Task<IResult> Order(string project, OrderImage body, IModels models, ImageStore store, ILedger ledger, Who who, CancellationToken stop)
    {
        var version = await models.Get(project, Reference.Parse("model", body.Model), stop);
        if (body.Base is { } ground && await store.Blob(project, ground.Digest, stop) is null)
            throw ProblemException.NotFound("base image", ground.Digest.ToString(), "Send it first: steward image build … --base");
        var order = new ImageOrder(project, version.Model, version.Version, body.Base, body.Base is null ? null : Names.Text("base", body.BaseName ?? body.Base.Digest.ToString(), 300), who.Name) { Steps = body.Steps ?? [] };
        foreach (var step in order.Steps)
            if (await store.Step(project, step, stop) is null)
                throw ProblemException.NotFound("step", Names.Shorten(step), "Build where the project's files are: steward image build");
        var task = await ledger.Add(new NewTask(project, ImageOrder.Kind, $"{version.Name}/{Names.NewId()}", order), who, stop);
        return Results.Json(TaskView.Of(task), Json.Options, statusCode: 202);
    }

    private static async Task<ImageView> Show(string project, string model, string version, IModels models, ImageStore store, CancellationToken stop)
    {
        var (found, build) = await Built(project, model, version, models, store, stop);
        return new(build, await store.Builds(project, found.Model, found.Version, 50, stop), await store.Referrers(project, build.Digest, stop), await store.Referrers(project, build.ModelDigest, stop));
    }

    /// <summary>Takes a blob of a base. It counts for this project only, whoever else keeps the same bytes.</summary>
    private static async Task<IResult> Take(string project, string digest, HttpContext context, IBlobs blobs, ImageStore store, Db db, CancellationToken stop)
    {
        if (!OciDigest.TryParse(digest, out var named))
            throw ProblemException.Invalid("digest_invalid", $"'{Names.Shorten(digest)}' is not a digest: sha256: and 64 hex digits are expected.");
        if (context.Request.ContentLength is not { } size)
            throw ProblemException.Invalid("length_missing", "The request does not say how many bytes come.", "Send Content-Length.");
        if (size > MostLayer)
            throw new ProblemException(ProblemKind.TooLarge, "too_large", $"A layer of {Say.Bytes(size)} is too large; at most {Say.Bytes(MostLayer)} are taken.");
        try
        {
            await using var bytes = new Oci.VerifiedStream(context.Request.Body, named, size, "blob of the base");
            await blobs.Put(bytes, MostLayer, stop);
        }
        catch (OciException refused)
        {
            throw refused.AsProblem();
        }

        await db.Write(tx => ImageStore.Keep(tx, project, [new("application/octet-stream", named, size)]), stop);
        return Results.Created();
    }

    /// <summary>Takes the layer of a step, whose bytes were sent before; all of it is read first.</summary>
    private static async Task<ImageStep> TakeStep(string project, string step, SentStep body, IBlobs blobs, ImageStore store, Audit.IAudit audit, Db db, Who who, CancellationToken stop)
    {
        var (name, says) = (Digest.Parse(step).Hex, Names.Text("step", body.Says, 200));
        if (await store.Blob(project, body.Digest, stop) is not { } kept || kept.Size != body.Size || await blobs.Open(Digest.Parse(body.Digest.Hex), stop) is not { } bytes)
            throw ProblemException.NotFound("image blob", body.Digest.ToString(), "Send it first.");
        try
        {
            await using var packed = bytes;
            var made = new ImageStep(name, says, body.Digest, body.Size, await ImageStep.Check(kept, packed, stop));
            await db.Write(async tx =>
            {
                if (await store.Keep(tx, project, made, who.Name) > 0)
                    await audit.Write(tx, who, "image.step_made", project, name[..12], new { made.Says, digest = made.Digest.ToString() });
            }, stop);
            return (await store.Step(project, name, stop))!;
        }
        catch (OciException refused)
        {
            throw refused.AsProblem();
        }
    }

    /// <summary>Takes a signature over the image's digest, made with the caller's own key.</summary>
    private static async Task<ImageView> Sign(string project, string model, string version, SignImage body, IModels models, IPeople people, IBlobs blobs, ImageStore store, Audit.IAudit audit, Db db, Who who, CancellationToken stop)
    {
        var (found, build) = await Built(project, model, version, models, store, stop);
        var payload = SimpleSigning.Demand(body.Payload, build.Digest);
        var key = await people.KeyOf(body.Key ?? "", stop);
        if (key is null || key.Person != who.Id || key.RevokedAt is not null || !SimpleSigning.IsSignedBy(key, payload, body.Signature))
            throw ProblemException.Denied("The signature was not made with a key of yours over exactly this image.", "Make a key with: steward user key add");
        var image = (await store.Blob(project, build.Digest, stop))!;
        var (manifest, kept) = await ImageArtifacts.Keep(ImageArtifacts.Signature(image, payload, body.Signature!, key.Hint), blobs, stop);
        await db.Write(async tx =>
        {
            await ImageStore.Keep(tx, project, kept);
            await store.Refer(tx, project, build.Digest, manifest);
            await audit.Write(tx, who, "image.signed", project, found.Name, new { digest = build.Digest.ToString(), key = key.Hint });
        }, stop);
        return await Show(project, model, version, models, store, stop);
    }

    private static async Task<(ModelVersion, ImageBuild)> Built(string project, string model, string version, IModels models, ImageStore store, CancellationToken stop)
    {
        var found = await models.Get(project, Reference.Parse("model", $"{model}@{version}"), stop);
        return (found, await store.Newest(project, found.Model, found.Version, stop) ?? throw ProblemException.NotFound("image", found.Name, $"Build it: steward image build {found.Name}"));
    }

    /// <param name="Model">name@4, name@alias or name.</param>
    /// <param name="Steps">Names of steps that were sent, in the order of the project file.</param>
    internal sealed record OrderImage(string Model, Descriptor? Base, string? BaseName, IReadOnlyList<string>? Steps);

    internal sealed record SentStep(string? Says, OciDigest Digest, long Size);

    /// <param name="Payload">The signed document, base64.</param>
    /// <param name="Signature">ECDSA, DER, base64.</param>
    /// <param name="Key">The fingerprint of the key.</param>
    internal sealed record SignImage(string? Payload, string? Signature, string? Key);
}

/// <summary>The image of a version, its builds with what each cost, and what is kept beside it.</summary>
public sealed record ImageView(ImageBuild Newest, IReadOnlyList<ImageBuild> Builds, IReadOnlyList<ImageReferrer> Referrers, IReadOnlyList<ImageReferrer> ModelReferrers);
