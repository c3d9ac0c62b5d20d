using Steward.Blobs;
using Steward.Data.Tables;
using Steward.Storage;
using Steward.Work;

namespace Steward.Training;

/// <summary>Does tasks of kind <c>batch</c>: scores what is not scored yet, keeps each part as soon as it is whole, and ends as failed when one of them could not be scored.</summary>
internal sealed class BatchHandler(IScoring scoring, IBlobs blobs, ITables tables, BatchStore store, TimeProvider clock) : IWorkHandler
{
    private const int Named = 3;

    public string Kind => BatchOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var (order, task) = (context.Claim.Payload<BatchOrder>(), context.Claim.Task.Id);
        var done = await store.Done(order.Project, order.Parts.Select(part => part.Same(order.Model)), stop);
        List<(BatchPart Part, int Number)> left = [.. order.Parts.Select((part, i) => (part, i)).Where(one => !done.ContainsKey(one.part.Same(order.Model))).DistinctBy(one => one.part.Same(order.Model))];
        await using var reading = order.Table is null || left.Count == 0 ? null : await tables.Open(order.Project, [TableReference.Parse(order.Table)], stop);
        using var away = order.Engine == "process" ? null : context.Away();
        var scored = await scoring.Run(new(order.Project, task, order.Model, [.. left.Select(one => ToScore(one.Part, reading))], Keep) { Engine = order.Engine }, context.Report, stop);
        List<(int Number, ProblemException Problem)> failed = [.. scored.Where(part => part.Problem is not null).Select(part => (left[part.Number].Number, part.Problem!))];
        return async tx =>
        {
            foreach (var (number, problem) in failed)
                await BatchStore.Problem(tx, order.Project, task, number, problem);
            return failed.Count == 0
                ? new BatchDone(order.Model.Name, order.Engine, order.Parts.Count, left.Count)
                : new WorkFailed($"{failed.Count} of {Say.Count(order.Parts.Count, "partition")} could not be scored: {string.Join("; ", failed.Take(Named).Select(one => $"{Names.Shorten(order.Parts[one.Number].Name, 200)}: {one.Problem.Message}"))}{(failed.Count > Named ? $" and {failed.Count - Named} more" : "")} The others are kept.", "partitions_failed");
        };

        async Task Keep(ScoredPart part)
        {
            var output = await Put(part.File!);
            var aside = part.Aside is null ? null : await Put(part.Aside);
            await store.Keep(order.Project, new(left[part.Number].Part.Same(order.Model).Hex, output.Digest.Hex, output.Size, aside?.Digest.Hex, part.Rows, part.Bad, order.Engine, part.Machine, task, clock.Now()), stop);
        }
    }

    private PartToScore ToScore(BatchPart part, TableReading? reading) => new(part.Name, part.Ending, async (to, stop) =>
    {
        if (reading is not null)
        {
            var table = reading.Tables[0];
            BatchTable.Write(table with { Files = [table.Files.First(file => BatchTable.Input(table, file) == part.Input)] }, to, stop);
            return;
        }

        await using var bytes = await blobs.Open(part.Input, stop) ?? throw ProblemException.NotFound("file", Names.Shorten(part.Name, 200), "Send it again.");
        await using var file = File.Create(to);
        await bytes.CopyToAsync(file, stop);
    })
    {
        Values = reading is null ? Partition.Values(part.Name) : new Dictionary<string, string>(),
    };

    private async Task<Blob> Put(string file)
    {
        await using var bytes = File.OpenRead(file);
        return await blobs.Put(bytes, long.MaxValue, CancellationToken.None);
    }
}

/// <summary>The result of the task.</summary>
/// <param name="Scored">Of the partitions those that were not scored before.</param>
internal sealed record BatchDone(string Model, string Engine, int Partitions, int Scored);

/// <summary>A snapshot's files as partitions.</summary>
internal static class BatchTable
{
    public static IReadOnlyList<BatchPart> Parts(OpenTable table) => [.. table.Files.Select((file, i) => new BatchPart(Name(i), Input(table, file)))];

    public static string Name(int number) => $"part-{number.ToString("00000", System.Globalization.CultureInfo.InvariantCulture)}.parquet";

    public static void Write(OpenTable rows, string to, CancellationToken stop)
        => BatchFiles.Write(rows.Sql, to, true, rows.Snapshot.Reference, Path.GetDirectoryName(to)!, stop, threads: 1);

    /// <summary>Parts of snapshots never change, and their ids are theirs alone.</summary>
    public static Digest Input(OpenTable table, OpenFile file) => Digest.Of(Json.Write(new { table.Columns, parts = file.Parts.Select(part => new { part.Id, part.FirstRow, part.Rows }) }));
}
