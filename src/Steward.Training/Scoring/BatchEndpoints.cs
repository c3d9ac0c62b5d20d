using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Work;

namespace Steward.Training;

/// <summary>Files sent to be scored on an engine, the order, and what came of it.</summary>
internal static class BatchEndpoints
{
    /// <summary>Largest partition.</summary>
    private const long MostFile = 16L << 30;

    private const int LongestName = 500;

    public static void MapBatches(this IEndpointRouteBuilder routes)
    {
        var batches = routes.MapGroup("/api/projects/{project}/batches").WithTags("Batches");
        batches.MapPost("/missing", Missing).Needs(Permission.Edit);
        batches.MapPut("/files/{digest}", Take).Accepts<Stream>("application/octet-stream", "*/*").WithMetadata(new RequestSizeLimitAttribute(MostFile)).Needs(Permission.Edit);
        batches.MapPost("/", Order).Needs(Permission.Edit);
        batches.MapGet("/{task}", Show).Needs(Permission.Read);
        batches.MapGet("/{task}/parts/{part:int}/output", (string project, string task, int part, BatchDesk desk, CancellationToken stop) => desk.Open(project, task, part, aside: false, stop)).Needs(Permission.Read);
        batches.MapGet("/{task}/parts/{part:int}/aside", (string project, string task, int part, BatchDesk desk, CancellationToken stop) => desk.Open(project, task, part, aside: true, stop)).Needs(Permission.Read);
    }

    private static async Task<List<Digest>> Missing(string project, Wanted body, BatchStore store, CancellationToken stop)
    {
        Checked(body.Files?.Count);
        var there = await store.Files(project, body.Files!, stop);
        return [.. body.Files!.Distinct().Where(one => !there.Contains(one))];
    }

    /// <summary>Takes a partition. It counts for this project only, whoever else keeps the same bytes.</summary>
    private static async Task<IResult> Take(string project, string digest, HttpContext context, IBlobs blobs, BatchStore store, CancellationToken stop)
    {
        var named = Digest.Parse(digest);
        var kept = await blobs.Put(context.Request.Body, MostFile, stop);
        if (kept.Digest != named)
            throw ProblemException.Invalid("digest_differs", "The bytes that came are not those that were named.", "Send the file again; it may have changed meanwhile.");
        await store.Took(project, named, kept.Size, stop);
        return Results.Created();
    }

    private static async Task<IResult> Order(string project, Ask body, IScoring scoring, ITables tables, IExecutors engines, BatchStore store, ILedger ledger, Who who, CancellationToken stop)
    {
        var engine = engines.Get(body.On ?? "process", project);
        var model = await scoring.Model(project, Reference.Parse("model", body.Model), stop);
        if (body.Table is null == body.Parts is null)
            throw ProblemException.Invalid("batch_invalid", "A batch has either a table or files.", "steward batch MODEL IN OUT --on ENGINE");
        var (table, parts) = body.Table is null ? (null, body.Parts!) : await Table(project, body.Table, tables, stop);
        Checked(parts.Count);
        if (body.Table is null)
        {
            if (parts.FirstOrDefault(part => part.Name is not { Length: > 0 and <= LongestName } || part.Name.Any(char.IsControl) || Partition.Ending(part.Name) is null) is { } odd)
                throw ProblemException.Invalid("partition_invalid", $"'{Names.Shorten(odd.Name)}' is no partition: its name ends with .parquet or .csv and has at most {LongestName} characters.");
            var there = await store.Files(project, parts.Select(part => part.Input), stop);
            if (parts.FirstOrDefault(part => !there.Contains(part.Input)) is { } missing)
                throw ProblemException.NotFound("file", Names.Shorten(missing.Name, 200), "Send it first.");
        }

        return Results.Json(TaskView.Of(await Once(new(project, model, engine.Name, table, parts), ledger, who, stop)), Json.Options, statusCode: 202);
    }

    /// <summary>Who asks again for the same, because the line was cut, follows the task of then; one that failed is followed by another.</summary>
    private static async Task<WorkTask> Once(BatchOrder order, ILedger ledger, Who who, CancellationToken stop)
    {
        var same = Digest.Of(Json.Write(order)).Hex;
        for (var attempt = 1; ; attempt++)
            if (await ledger.Add(new NewTask(order.Project, BatchOrder.Kind, $"{order.Model.Name}/{same}/{attempt}", order), who, stop) is { State: not (WorkState.Failed or WorkState.Cancelled), CancelAsked: false } task)
                return task;
    }

    private static async Task<(string, IReadOnlyList<BatchPart>)> Table(string project, string reference, ITables tables, CancellationToken stop)
    {
        await using var reading = await tables.Open(project, [TableReference.Parse(reference)], stop);
        return (reading.Tables[0].Snapshot.Reference, BatchTable.Parts(reading.Tables[0]));
    }

    private static Task<BatchView> Show(string project, string task, BatchDesk desk, CancellationToken stop) => desk.View(project, task, stop);

    private static void Checked(int? count)
    {
        if (count is null or 0 or > ScoreOrder.MostParts)
            throw ProblemException.Invalid("too_many_parts", $"A batch has 1 to {ScoreOrder.MostParts:N0} partitions; this one has {count ?? 0:N0}.", "Score some folders of them after the others, or write them into fewer files.");
    }

    internal sealed record Wanted(IReadOnlyList<Digest>? Files);

    /// <param name="Model">name@4, name@alias or name.</param>
    /// <param name="On">The engine; this server's own machine when it is not said.</param>
    /// <param name="Table">A table or a snapshot of one; or <paramref name="Parts"/>, files that were sent.</param>
    internal sealed record Ask(string? Model, string? On, string? Table, IReadOnlyList<BatchPart>? Parts);
}

/// <summary>Looks up how a batch stands.</summary>
internal sealed class BatchDesk(ILedger ledger, BatchStore store, IBlobs blobs)
{
    public async Task<BatchView> View(string project, string task, CancellationToken stop)
    {
        var order = await Order(project, task, stop);
        var (done, problems) = (await store.Done(project, order.Parts.Select(part => part.Same(order.Model)), stop), await store.Problems(project, task, stop));
        return new(order.Model.Name, order.Model.Onnx, order.Engine, order.Table, [.. order.Parts.Select((part, i) => done.GetValueOrDefault(part.Same(order.Model)) is { } made
            ? new BatchPartView(part.Name, part.Input, Digest.Parse(made.Output), made.Size, made.Aside is not null, made.RowCount, made.BadRows, made.Machine, made.Task, null)
            : new BatchPartView(part.Name, part.Input, null, 0, false, 0, 0, null, null, problems.GetValueOrDefault(i)))]);
    }

    public async Task<IResult> Open(string project, string task, int part, bool aside, CancellationToken stop)
    {
        var order = await Order(project, task, stop);
        var same = part >= 0 && part < order.Parts.Count ? order.Parts[part].Same(order.Model) : throw NotThere(part);
        var made = (await store.Done(project, [same], stop)).GetValueOrDefault(same) ?? throw NotThere(part);
        var digest = aside ? made.Aside ?? throw NotThere(part) : made.Output;
        return Results.Stream(await blobs.Open(Digest.Parse(digest), stop) ?? throw ProblemException.NotFound("blob", digest), "application/octet-stream");
    }

    private async Task<BatchOrder> Order(string project, string task, CancellationToken stop)
        => await ledger.In(project, task, stop) is { Kind: BatchOrder.Kind } found ? Json.Read<BatchOrder>(found.Payload) : throw ProblemException.NotFound("batch", Names.Shorten(task), "steward task list shows those of the project.");

    private static ProblemException NotThere(int part) => ProblemException.NotFound("scored partition", part.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
