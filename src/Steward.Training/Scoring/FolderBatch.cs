using System.Globalization;
using Steward.Cli;
using Steward.Work;

namespace Steward.Training;

/// <summary>
/// Scores the partitions of a folder, or of a table, into another folder: here, or on an engine as one array. What stands
/// there already, made by the same model from the same input, is not made again. A file appears whole or not at all.
/// </summary>
/// <param name="model">Name and version, and the digest of its bytes.</param>
/// <param name="from">A folder of this machine, or a table of the project.</param>
/// <param name="to">A folder of this machine.</param>
internal sealed class FolderBatch(Server server, string project, (string Name, Digest Onnx) model, string from, string to)
{
    /// <summary>What a progress report counts up to.</summary>
    public const long Whole = 1000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    private readonly BatchManifest? _before = BatchManifest.In(to) is { } before && before.Model == model.Name && before.Onnx == model.Onnx ? before : null;
    private readonly List<BatchManifestPart> _parts = [];

    /// <summary>One partition after the other, on this machine.</summary>
    public async Task<BatchManifest> Here(byte[] onnx, IProgress<long> done, CancellationToken stop)
    {
        var partitions = Partitions();
        foreach (var (partition, i) in partitions.Select((one, i) => (one, i)))
        {
            var input = await ScoreChild.DigestOf(partition.Path, stop);
            if (await Standing(partition.Name, input, stop) is { } standing)
                Note(standing);
            else
                Note(await Scored(partition, input, onnx, stop));
            Manifest(null, null).Write(to);
            done.Report(Whole * (i + 1) / partitions.Count);
        }

        return Manifest(null, null);
    }

    /// <summary>Each partition a task of the engine. What this machine has and the server has not is sent first; what was made comes back.</summary>
    public async Task<BatchManifest> On(string engine, IProgress<long> done, CancellationToken stop)
    {
        List<BatchPart> left = [];
        string? table = null;
        if (Directory.Exists(from))
            foreach (var partition in Partitions())
            {
                var input = await ScoreChild.DigestOf(partition.Path, stop);
                if (await Standing(partition.Name, input, stop) is { } standing)
                    Note(standing);
                else
                    left.Add(new(partition.Name, input));
            }
        else
            table = Data.Tables.TableReference.Parse(from).ToString();
        if (left.Count == 0 && table is null)
            return Written(engine, _before?.Job);
        if (table is null)
            await Send(left, stop);
        var task = await Followed(await server.Post<TaskView>(Batches, new { model = model.Name, on = engine, table, parts = table is null ? left : null }, stop), done, stop);
        await Bring(task, table is null ? left : null, stop);
        var manifest = Written(engine, task.Id);
        return task.State is WorkState.Cancelled ? throw ProblemException.Conflict("batch_cancelled", "Somebody cancelled the batch; what was scored is kept.", "Run it again: it goes on where it was.")
            : task.State is WorkState.Failed && manifest.Failed.Count == 0 ? throw ProblemException.Conflict(task.ErrorCode ?? "batch_failed", task.Error ?? "The batch failed.")
            : manifest;
    }

    private string Batches => $"/api/projects/{Server.Segment(project)}/batches";

    private IReadOnlyList<Partition> Partitions()
    {
        if (!Directory.Exists(from))
            throw ProblemException.NotFound("folder", Names.Shorten(from, 200), "Name a folder of Parquet files, or with --on a table.");
        if ((Below(to) + "/").StartsWith(Below(from) + "/", StringComparison.Ordinal) || (Below(from) + "/").StartsWith(Below(to) + "/", StringComparison.Ordinal))
            throw ProblemException.Invalid("folders_overlap", "One of the two folders lies in the other, so that answers would be taken for rows.", "Choose a folder beside it.");
        var partitions = Partition.In(from);
        if (partitions.Count == 0)
            throw ProblemException.NotFound("partition", Names.Shorten(from, 200), "The folder has no Parquet or CSV file.");
        var known = partitions.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        Directory.CreateDirectory(to);
        return Partition.In(to).FirstOrDefault(one => !known.Contains(one.Name)) is { } other
            ? throw ProblemException.Conflict("output_has_more", $"'{Names.Shorten(other.Name, 200)}' stands in the output and has no partition in the input: whoever reads the folder would count its rows, too.", "Remove it, or choose another folder.")
            : partitions;

        static string Below(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    }

    /// <summary>Null when it has to be made: the manifest does not know it, or the file is not what the manifest says.</summary>
    private async Task<BatchManifestPart?> Standing(string name, Digest input, CancellationToken stop)
        => _before?.Parts.FirstOrDefault(part => part.Name == name && part.Input == input) is { Output: { } output } part && await Is(name, output, stop) ? part : null;

    private async Task<bool> Is(string name, Digest output, CancellationToken stop) => File.Exists(PathOf(name)) && await ScoreChild.DigestOf(PathOf(name), stop) == output;

    private async Task<BatchManifestPart> Scored(Partition partition, Digest input, byte[] onnx, CancellationToken stop)
    {
        try
        {
            var report = await BatchScoring.Score(onnx, model.Name, partition.Path, PathOf(partition.Name), new() { Values = Partition.Values(partition.Name) }, null, stop);
            return new(partition.Name, input, await ScoreChild.DigestOf(PathOf(partition.Name), stop), report.Rows, report.Bad, null, null);
        }
        catch (ProblemException problem)
        {
            return new(partition.Name, input, null, 0, 0, null, problem.Message);
        }
    }

    private async Task Send(List<BatchPart> parts, CancellationToken stop)
    {
        var missing = (await server.Post<List<Digest>>($"{Batches}/missing", new { files = parts.Select(part => part.Input) }, stop)).ToHashSet();
        foreach (var part in parts.Where(part => missing.Remove(part.Input)))
        {
            await using var file = File.OpenRead(Path.Combine(from, part.Name));
            using var body = new StreamContent(file);
            await server.Send<string>(HttpMethod.Put, $"{Batches}/files/{part.Input.Hex}", body, stop);
        }
    }

    private async Task<TaskView> Followed(TaskView task, IProgress<long> done, CancellationToken stop)
    {
        var path = $"/api/projects/{Server.Segment(project)}/tasks/{task.Id}";
        try
        {
            for (; !task.IsOver; task = await server.Get<TaskView>(path, stop))
            {
                done.Report((long)((task.Progress ?? 0) * Whole));
                await Task.Delay(BetweenLooks, stop);
            }

            return task;
        }
        catch (OperationCanceledException)
        {
            await server.Post<TaskView>($"{path}/cancel", null, CancellationToken.None);
            throw;
        }
    }

    /// <param name="sent">Null for the parts of a table.</param>
    private async Task Bring(TaskView task, List<BatchPart>? sent, CancellationToken stop)
    {
        var view = await server.Get<BatchView>($"{Batches}/{task.Id}", stop);
        Directory.CreateDirectory(to);
        for (var i = 0; i < view.Parts.Count; i++)
        {
            // By our own list: what a server says never becomes a path.
            var (part, name) = (view.Parts[i], sent?[i].Name ?? BatchTable.Name(i));
            if (part.Output is { } output)
            {
                if (!await Is(name, output, stop))
                    await Download($"{Batches}/{task.Id}/parts/{i.ToString(CultureInfo.InvariantCulture)}/output", PathOf(name), output, stop);
                if (part.HasAside)
                    await Download($"{Batches}/{task.Id}/parts/{i.ToString(CultureInfo.InvariantCulture)}/aside", PathOf(name) + ".bad.csv", null, stop);
                else
                    File.Delete(PathOf(name) + ".bad.csv");
            }

            Note(new(name, part.Input, part.Output, part.Rows, part.Bad, part.Machine, part.Output is null ? part.Problem ?? "It was not scored." : null));
        }
    }

    private async Task Download(string path, string file, Digest? wanted, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = Path.Combine(Path.GetDirectoryName(file)!, $".{Names.NewId()}.part");
        try
        {
            using (var reply = await server.Open(path, stop))
            await using (var target = File.Create(draft))
            {
                await reply.Content.CopyToAsync(target, stop);
                target.Flush(flushToDisk: true);
            }

            if (wanted is { } digest && await ScoreChild.DigestOf(draft, stop) != digest)
                throw ProblemException.Conflict("digest_differs", $"What came for '{Names.Shorten(Path.GetFileName(file))}' is not what was made.", "Run it again.");
            File.Move(draft, file, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(to, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private void Note(BatchManifestPart part) => _parts.Add(part);

    private BatchManifest Manifest(string? engine, string? job) => BatchManifest.Of(model.Name, model.Onnx, from, engine, job, _parts.OrderBy(part => part.Name, StringComparer.Ordinal));

    private BatchManifest Written(string engine, string? job)
    {
        var manifest = Manifest(engine, job);
        manifest.Write(to);
        return manifest;
    }
}
