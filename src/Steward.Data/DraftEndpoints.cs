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
            => SnapshotView.Of(await all.Commit(who, project, dataset, id, body, stop))).Needs(Permission.Edit);
        drafts.MapDelete("/{id}", async (string project, string dataset, string id, Drafts all, Who who, CancellationToken stop) =>
        {
            await all.Drop(who, project, dataset, id, stop);
            return Results.Ok(new { id, dropped = true });
        }).Needs(Permission.Edit);
    }

    /// <summary>Without <paramref name="skipBroken"/> one picture that cannot be read refuses its batch; with it the others are kept and it is named.</summary>
    private static async Task<BatchView> Add(string project, string dataset, string id, bool? skipBroken, HttpRequest request, Drafts all, PictureBatch batch, Who who, CancellationToken stop)
    {
        await all.Check(who, project, dataset, id, stop);
        var (items, moving, refused) = await batch.Receive(request, skipBroken ?? false, stop);
        return new(id, items.Count, items.Sum(item => item.Size), await all.Put(who, project, dataset, id, items, stop), moving, refused);
    }

    /// <param name="Taken">Pictures of this batch.</param>
    /// <param name="Items">Pictures of the draft now.</param>
    /// <param name="Moving">Keys of pictures that have more frames: the first is what is looked at.</param>
    /// <param name="Refused">Those that cannot be read, each with the reason.</param>
    internal sealed record BatchView(string Id, int Taken, long Bytes, long Items, IReadOnlyList<string> Moving, IReadOnlyList<RefusedPicture> Refused);
}

/// <summary>A picture that was left out.</summary>
/// <param name="Code">For programs: <c>picture_broken</c>.</param>
public sealed record RefusedPicture(string Key, string Code, string Why);

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
