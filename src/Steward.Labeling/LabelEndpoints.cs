using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Identity;
using Steward.Labeling.Heaps;
using Steward.Work;

namespace Steward.Labeling;

internal static class LabelEndpoints
{
    private const int HeadBytes = 16;

    public static void MapLabels(this IEndpointRouteBuilder routes)
    {
        var labels = routes.MapGroup("/api/projects/{project}/labels").WithTags("Labels");
        labels.MapGet("/", (string project, int? limit, IQueues all, CancellationToken stop) => all.All(project, limit ?? 100, stop)).Needs(Permission.Read);
        // Whose they are is who asks: there is no way to ask about somebody else.
        labels.MapGet("/mine", (string project, IQueues all, Who who, CancellationToken stop) => all.Own(who, project, stop)).Needs(Permission.Read);
        labels.MapGet("/{queue:int}", async (string project, int queue, int? limit, IQueues all, CancellationToken stop) => new QueueView(
            await all.Find(project, queue, stop) ?? throw Queues.NotFound(queue), await all.Items(project, queue, limit ?? 1000, stop), await all.Lesson(project, queue, stop))).Needs(Permission.Read);
        labels.MapPost("/start", async (string project, StartWith body, Sortings all, Who who, CancellationToken stop) =>
        {
            var task = await all.Ask(who, project, body.DataSet, body.Count ?? HeapOrder.UsualNames, body.Names ?? [], stop);
            return Results.Accepted($"/api/projects/{project}/tasks/{task.Id}", TaskView.Of(task));
        }).Needs(Permission.Edit);
        labels.MapGet("/{queue:int}/items/{item:int}/picture", Picture).Needs(Permission.Read);
        labels.MapPost("/{queue:int}/next", (string project, int queue, int? ahead, IQueues all, Who who, CancellationToken stop) => all.Next(who, project, queue, ahead ?? 1, stop)).Needs(Permission.Edit);
        labels.MapPost("/{queue:int}/items/{item:int}/answer", (string project, int queue, int item, AnswerWith body, IQueues all, Who who, CancellationToken stop) => all.Answer(who, project, queue, item, body.Label ?? "", stop)).Needs(Permission.Edit);
        labels.MapPost("/{queue:int}/items/{item:int}/skip", (string project, int queue, int item, IQueues all, Who who, CancellationToken stop) => all.Skip(who, project, queue, item, stop)).Needs(Permission.Edit);
        labels.MapPost("/{queue:int}/undo", (string project, int queue, IQueues all, Who who, CancellationToken stop) => all.Undo(who, project, queue, stop)).Needs(Permission.Edit);
        labels.MapPost("/{queue:int}/finish", (string project, int queue, IQueues all, Who who, CancellationToken stop) => all.Finish(who, project, queue, stop)).Needs(Permission.Edit);
    }

    /// <summary>What was sent to the endpoint, as it was sent; a browser must not guess that it is anything but a picture.</summary>
    private static async Task Picture(string project, int queue, int item, QueueStore store, IBlobs blobs, HttpContext context, CancellationToken stop)
    {
        if (await store.Item(project, queue, item, stop) is not { } found || await blobs.Open(found.Picture, stop) is not { } bytes)
            throw ProblemException.NotFound("picture", $"{item}", "The queue names its pictures.");
        await using var open = bytes;
        var reply = context.Response;
        reply.Headers.XContentTypeOptions = "nosniff";
        reply.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        reply.Headers.CacheControl = "private, max-age=86400, immutable";
        var head = new byte[HeadBytes];
        var known = await open.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, stop);
        reply.ContentType = Drawing.Picture.MediaType(head.AsSpan(0, known)) ?? "application/octet-stream";
        reply.ContentLength = await blobs.Size(found.Picture, stop);
        await reply.Body.WriteAsync(head.AsMemory(0, known), stop);
        await open.CopyToAsync(reply.Body, stop);
    }

    internal sealed record AnswerWith(string? Label);

    /// <param name="Names">To choose from, beside those that the data set has.</param>
    internal sealed record StartWith(string? DataSet, int? Count, IReadOnlyList<string>? Names);
}

/// <param name="Items">In the order of usefulness.</param>
public sealed record QueueView(LabelQueue Queue, IReadOnlyList<LabelItem> Items, Lesson Lesson);
