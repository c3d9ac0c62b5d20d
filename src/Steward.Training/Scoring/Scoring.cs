using Steward.Blobs;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

internal sealed class Scoring(IVersionFiles versions, IBlobs blobs, IExecutors engines, IChildHosts children) : IScoring
{
    private const int MostAtOnce = 64, Again = 3;

    public async Task<ScoringModel> Model(string project, Reference reference, CancellationToken stop)
    {
        var found = await versions.Get(project, reference, stop);
        return new(found.Model, found.Version, found.Onnx);
    }

    public async Task<IReadOnlyList<ScoredPart>> Run(ScoreOrder order, Func<double?, string?, Task> report, CancellationToken stop)
    {
        if (order.Parts.Count > ScoreOrder.MostParts)
            throw ProblemException.Invalid("too_many_parts", $"There are {order.Parts.Count:N0} partitions; at most {ScoreOrder.MostParts:N0} are scored at once.", "Score some folders of them after the others, or write them into fewer files.");
        if (order.Parts.Count == 0)
            return [];
        var engine = engines.Get(order.Engine, order.Project);
        using var folder = engine.Folder("score");
        await Pack(order, folder.Path, engine, report, stop);
        var kept = new ScoredPart?[order.Parts.Count];
        var array = new ChildArray(order.Key, order.Parts.Count, "partition", order.Limits, new Dictionary<string, string> { ["project"] = order.Project, ["model"] = order.Model.Name })
        {
            // Tasks of this machine share it.
            AtOnce = engine.Kind == "process" ? Environment.ProcessorCount : MostAtOnce, Requeue = Again,
        };
        var problems = await children.Each(engine, "score", folder, array, async (done, message) =>
        {
            await Keep(order, folder.Path, kept);
            await report(done, message);
        }, stop);
        await Keep(order, folder.Path, kept);
        return [.. order.Parts.Select((part, i) => kept[i] ?? new(i, part, null, null, null, 0, 0, "", problems[i] ?? new(ProblemKind.Unavailable, "child_failed", $"The task that scored {Names.Shorten(part.Name, 200)} left nothing.", "Try again.")))];
    }

    private async Task Pack(ScoreOrder order, string folder, IExecutor engine, Func<double?, string?, Task> report, CancellationToken stop)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, ScoreJob.ModelFile), await blobs.Read(order.Model.Onnx, stop), stop);
        var parts = new List<ScoreJobPart>();
        foreach (var (part, i) in order.Parts.Select((part, i) => (part, i)))
        {
            await report(0, $"Bringing partition {i + 1} of {order.Parts.Count} to {engine.Name}");
            var file = Path.Combine(folder, ScoreJob.Input(i, part.Ending));
            await part.Bring(file, stop);
            parts.Add(new(part.Name, part.Ending, await ScoreChild.DigestOf(file, stop), part.Values));
        }

        var job = new ScoreJob(order.Model.Name, order.Model.Onnx, parts, order.Keep, order.Top, order.Limits.Cpus);
        await File.WriteAllTextAsync(Path.Combine(folder, ScoreJob.File), Json.Write(job), stop);
    }

    /// <summary>What a task says is not trusted: only plain files of its own, with the bytes that it names.</summary>
    private static async Task Keep(ScoreOrder order, string folder, ScoredPart?[] kept)
    {
        for (var i = 0; i < kept.Length; i++)
            if (kept[i] is null && ScoreJob.DoneOf(folder, i) is { } done && Within(folder, done.File) is { } file && await ScoreChild.DigestOf(file, CancellationToken.None) == done.Output)
            {
                var part = new ScoredPart(i, order.Parts[i], file, done.Output, done.Aside is null ? null : Within(folder, done.Aside), done.Rows, done.Bad, Names.Shorten(done.Machine), null);
                await order.Kept(part);
                kept[i] = part;
            }
    }

    private static string? Within(string folder, string name) => Path.GetFileName(name) == name && new FileInfo(Path.Combine(folder, name)) is { Exists: true, LinkTarget: null } file ? file.FullName : null;
}
