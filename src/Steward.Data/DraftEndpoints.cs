using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Data;

internal static class DraftEndpoints
{
    // Beside the pictures: the items, and the heads of 500 parts.
    private const long Overhead = 2 << 20;

    public static void MapDrafts(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/api/projects/{project}/data/{dataset}/drafts").WithTags("Data");
        drafts.MapPost("/", async (string project, string dataset, Drafts all, Who who, CancellationToken stop)
            => DraftView.Of(await all.Begin(who, project, dataset, stop))).Needs(Permission.Edit);
        // Any other type gets here too, and is refused only after the caller showed who they are.
        drafts.MapPost("/{id}/items", Add).Accepts<IFormFile>("multipart/form-data", "*/*").WithMetadata(new RequestSizeLimitAttribute(DraftLimits.MostBatchBytes + Overhead)).Needs(Permission.Edit);
        drafts.MapPost("/{id}/commit", async (string project, string dataset, string id, CommitDraft body, Drafts all, Who who, CancellationToken stop)
            => SnapshotView.Of(await all.Commit(who, project, dataset, id, body.Reason ?? Reason.Import, body.Whole, stop))).Needs(Permission.Edit);
        drafts.MapDelete("/{id}", async (string project, string dataset, string id, Drafts all, Who who, CancellationToken stop) =>
        {
            await all.Drop(who, project, dataset, id, stop);
            return Results.Ok(new { id, dropped = true });
        }).Needs(Permission.Edit);
    }

    private static async Task<BatchView> Add(string project, string dataset, string id, HttpRequest request, Drafts all, PictureBatch batch, Who who, CancellationToken stop)
    {
        await all.Check(who, project, dataset, id, stop);
        var items = await batch.Receive(request, stop);
        return new(id, items.Count, items.Sum(item => item.Size), await all.Put(who, project, dataset, id, items, stop));
    }

    /// <param name="Reason">Import, unless people named what they were asked to name.</param>
    /// <param name="Whole">The snapshot holds only what the draft holds.</param>
    internal sealed record CommitDraft(Reason? Reason, bool Whole);

    /// <param name="Taken">Pictures of this batch.</param>
    /// <param name="Items">Pictures of the draft now.</param>
    internal sealed record BatchView(string Id, int Taken, long Bytes, long Items);
}

internal sealed record DraftView(string Id, string Project, string DataSet, DateTimeOffset StartedAt)
{
    public static DraftView Of(Draft draft) => new(draft.Id, draft.Project, draft.DataSet, draft.StartedAt);
}

/// <summary>A snapshot as it is told over HTTP.</summary>
/// <param name="Digest">Names the content: the same items give the same digest on every machine.</param>
/// <param name="Unchanged">After a commit: the newest snapshot held all of it already, and no new one was added.</param>
public sealed record SnapshotView(
    string Project, string DataSet, int Version, string Reference, Digest Digest, int Items, int NewItems, long NewBytes, Reason Reason, string By, DateTimeOffset At, bool Unchanged = false)
{
    internal static SnapshotView Of(Snapshot one) => new(one.Project, one.DataSet, one.Version, one.Reference, one.Manifest, one.Items, one.NewItems, one.NewBytes, one.Reason, one.By, one.At);

    internal static SnapshotView Of(Committed done) => Of(done.Snapshot) with { Unchanged = done.Unchanged };
}
