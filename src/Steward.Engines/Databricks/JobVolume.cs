using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Steward.Outside;
using Steward.Work;

namespace Steward.Engines.Databricks;

/// <summary>Jobs as they lie in a volume, reached by the Files API: what to do, written here; what was said, written by the machines.</summary>
internal sealed class JobVolume(DatabricksApi api, string volume)
{
    private const string Job = "job.json", Numbers = "runs.json", Cancelled = "cancelled", End = "end.json", Part = ".jsonl";
    private static readonly byte[] Task = Resource();
    private bool _hasScript;

    /// <summary>What every task is run by; it has its content in its name.</summary>
    public string Script { get; } = $"{volume}/steward-task-{Convert.ToHexStringLower(SHA256.HashData(Task))[..12]}.py";

    public string Folder(string id) => $"{volume}/job-{id}";

    public async Task Create(JobFile job, CancellationToken stop)
    {
        await api.Put(Folders(Folder(job.Id)), [], stop);
        await Write($"{Folder(job.Id)}/{Job}", Encoding.UTF8.GetBytes(Json.Write(job)), stop);
    }

    public async Task PutScript(CancellationToken stop)
    {
        if (!_hasScript)
            await Write(Script, Task, stop);
        _hasScript = true;
    }

    /// <summary>The runs that a job was given; null when nobody has written them down.</summary>
    public Task<List<long>?> Runs(string id, CancellationToken stop) => Read<List<long>>($"{Folder(id)}/{Numbers}", stop);

    public Task Keep(string id, List<long> runs, CancellationToken stop) => Write($"{Folder(id)}/{Numbers}", Encoding.UTF8.GetBytes(Json.Write(runs)), stop);

    /// <summary>A job that was not taken: nothing of it was begun.</summary>
    public async Task Remove(string id, CancellationToken stop)
    {
        await api.Delete(Address($"{Folder(id)}/{Job}"), stop);
        await api.Delete(Folders(Folder(id)), stop);
    }

    /// <summary>Null when it is not there, or none of ours.</summary>
    public async Task<JobFile?> Find(string id, CancellationToken stop)
        => await Read<JobFile>($"{Folder(id)}/{Job}", stop) is { Tasks: >= 1 and <= 10_000, Labels: not null } job && job.Id == id ? job : null;

    public Task Cancel(string id, CancellationToken stop) => Write($"{Folder(id)}/{Cancelled}", [], stop);

    public async Task<bool> IsCancelled(string id, CancellationToken stop) => await api.Bytes(Address($"{Folder(id)}/{Cancelled}"), stop) is not null;

    public Task<TaskEnd?> EndOf(string id, int task, long run, CancellationToken stop) => Read<TaskEnd>($"{Attempt(id, task, run)}/{End}", stop);

    /// <summary>Whether the host of an attempt made its folder.</summary>
    public async Task<bool> HasBegun(string id, int task, long run, CancellationToken stop) => await List(Attempt(id, task, run), stop) is not null;

    /// <summary>The parts of an attempt's log from one on, in their order, and whether its last word is there.</summary>
    public async Task<(List<int> Parts, bool Ended)> Parts(string id, int task, long run, int from, CancellationToken stop)
    {
        var names = await List(Attempt(id, task, run), stop) ?? [];
        return ([.. names.Where(name => name.EndsWith(Part, StringComparison.Ordinal)).Select(name => int.TryParse(name[..^Part.Length], NumberStyles.None, null, out var number) ? number : -1).Where(number => number >= from).Order()], names.Contains(End));
    }

    /// <summary>The lines of one part; none when it is gone, as the oldest go.</summary>
    public async Task<List<LogLine>> Lines(string id, int task, long run, int part, CancellationToken stop)
        => await api.Bytes(Address($"{Attempt(id, task, run)}/{part:000000}{Part}"), stop) is { } bytes ? [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line).OfType<LogLine>()] : [];

    /// <summary>The names in a folder; null when there is none.</summary>
    public async Task<List<string>?> List(string folder, CancellationToken stop)
    {
        var (names, next) = (new List<string>(), "");
        do
        {
            if (await api.Get(Folders(folder) + (next.Length > 0 ? $"?page_token={Uri.EscapeDataString(next)}" : ""), stop) is not { } page)
                return null;
            names.AddRange((page["contents"]?.AsArray() ?? []).Select(one => (string?)one?["name"]).OfType<string>());
            next = (string?)page["next_page_token"] ?? "";
        }
        while (next.Length > 0);
        return names;
    }

    private string Attempt(string id, int task, long run) => $"{Folder(id)}/{task}/{run}";

    private Task Write(string path, byte[] content, CancellationToken stop) => api.Put(Address(path) + "?overwrite=true", content, stop);

    private async Task<T?> Read<T>(string path, CancellationToken stop) where T : class
    {
        try
        {
            return await api.Bytes(Address(path), stop) is { } bytes ? Json.Read<T>(Encoding.UTF8.GetString(bytes)) : null;
        }
        catch (JsonException)
        {
            return null; // a machine that fell while it wrote, or not ours
        }
    }

    private static LogLine? Line(string text)
    {
        try
        {
            return JsonNode.Parse(text) is { } line && (double?)line["at"] is { } at && (string?)line["text"] is { } said ? new(DateTimeOffset.UnixEpoch.AddSeconds(at), (bool?)line["error"] == true, said) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    // Paths of volumes are plain letters, see the settings; ids and numbers are ours.
    private static string Address(string path) => "/api/2.0/fs/files" + path;

    private static string Folders(string path) => "/api/2.0/fs/directories" + path;

    private static byte[] Resource()
    {
        using var from = typeof(JobVolume).Assembly.GetManifestResourceStream("databricks/task.py")!;
        using var bytes = new MemoryStream();
        from.CopyTo(bytes);
        return bytes.ToArray();
    }
}
