using System.Security.Cryptography;
using Steward.Work;

namespace Steward.Agents.Running;

/// <summary>
/// A task's folder on the agent's machine: what it was given is fetched by digest, what it left is brought back. Files of
/// all tasks of a job are fetched once and kept for the next; a fetch that was cut goes on where it was.
/// </summary>
internal sealed class TaskLuggage(AgentLink link, AgentSettings settings, Persistence again) : IDisposable
{
    private const long MostKept = 8L << 30;
    private readonly string _kept = PrivateFolder.Make(Path.Combine(Path.GetFullPath(settings.Data), "fetched"));
    private readonly string _tasks = PrivateFolder.Make(Path.Combine(Path.GetFullPath(settings.Data), "tasks"));
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Removes what a crash left: nothing works here yet.</summary>
    public void Clear()
    {
        foreach (var folder in Directory.EnumerateDirectories(_tasks))
            Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _one.Dispose();

    public async Task<ChildFolder> Unpack(GivenTask given, CancellationToken stop)
    {
        var files = given.Files!;
        if (files.FirstOrDefault(file => Path.GetFileName(file.Name) != file.Name || file.Name is "." or "..") is { } odd)
            throw ProblemException.Invalid("name_invalid", $"'{Names.Shorten(odd.Name)}' is not a plain name.");
        if (files.Sum(file => file.Size) is var all && new DriveInfo(_tasks).AvailableFreeSpace is var free && all > free / 2)
            throw new ProblemException(ProblemKind.Conflict, "no_room", $"Its files are {Say.Bytes(all)}, and this machine has {Say.Bytes(free)} left.", "Make room for the agent.");
        var folder = new ChildFolder(PrivateFolder.Make(Path.Combine(_tasks, Names.NewId())));
        try
        {
            foreach (var file in files)
                await Fetch(given.Key, file, Path.Combine(folder.Path, file.Name), stop);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Brings what the task left: plain files of its own, nothing else.</summary>
    public async Task<IReadOnlyList<TaskFile>> Pack(GivenTask given, ChildFolder folder, CancellationToken stop)
    {
        var had = given.Files!.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var made = new List<TaskFile>();
        foreach (var file in new DirectoryInfo(folder.Path).EnumerateFiles().Where(file => file.LinkTarget is null && !had.Contains(file.Name) && IsWanted(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList())
        {
            if (!AgentFiles.IsName(file.Name))
                throw ProblemException.Invalid("name_invalid", $"it left '{Names.Shorten(file.Name)}', and files that are brought have names of letters, digits, dashes, underscores and dots.", "Give the file another name.");
            var one = new TaskFile(file.Name, await DigestOf(file.FullName, stop), file.Length);
            await again.Call(async () =>
            {
                await link.Bring(given.Key, one, file.FullName, stop);
                return true;
            }, stop);
            made.Add(one);
        }

        return made;

        // What is hidden is on its way to be something, or nobody's business.
        bool IsWanted(string name) => given.Spec.BringsAll ? name[0] != '.' : ChildTask.Of(name) == given.Key.Number;
    }

    private async Task Fetch(TaskKey key, TaskFile file, string to, CancellationToken stop)
    {
        // One after the other: the line to a far place is one, and two tasks that want the same fetch it once.
        await _one.WaitAsync(stop);
        try
        {
            var kept = Path.Combine(_kept, file.Digest.Hex);
            if (!File.Exists(kept))
            {
                var part = kept + ".part";
                await again.Call(async () =>
                {
                    await link.Fetch(key, file, part, stop);
                    return true;
                }, stop);
                if (await DigestOf(part, stop) != file.Digest)
                {
                    File.Delete(part);
                    throw ProblemException.Conflict("digest_differs", $"What came as '{file.Name}' is not what was sent.", "Look at the line to the server and what stands in it, and try again.");
                }

                File.Move(part, kept);
            }

            if (ChildTask.Of(file.Name) is not null)
                File.Move(kept, to);
            else
                File.Copy(kept, to); // a task may spoil its copy, not the one that others get
            MakeRoom();
        }
        finally
        {
            _one.Release();
        }
    }

    private void MakeRoom()
    {
        var kept = new DirectoryInfo(_kept).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        var sum = 0L;
        foreach (var file in kept)
            if ((sum += file.Length) > MostKept)
                file.Delete();
    }

    private static async Task<Digest> DigestOf(string file, CancellationToken stop)
    {
        await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return Digest.FromHash(await SHA256.HashDataAsync(bytes, stop));
    }
}
