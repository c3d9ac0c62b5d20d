using Steward.Blobs;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Agents;

/// <summary>
/// A job's folder on its way to agents and back, by digest. Who may read or bring is decided by the claim alone: the task,
/// its fence, the agent's session. What is brought becomes part of the folder in the transaction that ends the task.
/// </summary>
internal sealed class AgentFiles(Db db, IBlobs blobs, TimeProvider clock)
{
    /// <summary>Bytes that one holder of a task may bring.</summary>
    public const long MostBytes = 16L << 30;

    public const int MostFiles = 1000, LongestName = 200;

    private const string Holders = """
        SELECT count(*)
          FROM agent_task t
          JOIN agent a ON a.project = t.project AND a.name = t.agent
         WHERE t.project = @project AND t.job = @Job AND t.number = @Number AND t.fence = @Fence AND t.session = @Session AND t.state = 'running' AND t.lease_until > @now
           AND a.person = @person AND a.session = @Session AND a.revoked_at IS NULL
        """;

    private const string Brought = "SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM agent_upload WHERE job = @Job AND number = @Number AND fence = @Fence";

    /// <summary>Keeps what lies in a folder as blobs, which every server of these records can hand out.</summary>
    public async Task<List<TaskFile>> Pack(string folder, CancellationToken stop)
    {
        var files = new List<TaskFile>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => file.LinkTarget is null))
        {
            await using var bytes = file.OpenRead();
            var kept = await blobs.Put(bytes, long.MaxValue, stop);
            files.Add(new(file.Name, kept.Digest, kept.Size));
        }

        return files;
    }

    public static async Task Give(Tx tx, string project, string job, IReadOnlyList<TaskFile> files)
    {
        foreach (var file in files)
            await Insert(tx, project, job, file, ChildTask.Of(file.Name) ?? -1, made: false);
    }

    /// <summary>What a task finds in its folder: its own files and those of all.</summary>
    public static async Task<List<TaskFile>> Of(Tx tx, string job, int number) => [.. (await tx.All<FileRow>(
        "SELECT name, digest, size FROM agent_file WHERE job = @job AND made = 0 AND task IN (-1, @number) ORDER BY name", new { job, number })).Select(row => row.File)];

    /// <summary>Bytes of a file for the holder of a task it was given to.</summary>
    public async Task<(Stream Bytes, long Size)> Open(Who who, string project, HeldBy by, Digest digest, CancellationToken stop)
    {
        Checked(await db.One<long>(Holders, Holder(who, project, by), stop));
        return await db.One<long?>("SELECT max(size) FROM agent_file WHERE job = @Job AND made = 0 AND task IN (-1, @Number) AND digest = @hex", new { by.Job, by.Number, hex = digest.Hex }, stop) is { } size
            && await blobs.Open(digest, stop) is { } bytes
            ? (bytes, size)
            : throw ProblemException.NotFound("file of this task", digest.Hex[..12]);
    }

    /// <summary>Takes what the holder of a task made; it counts for nothing until the task ends.</summary>
    public async Task Take(Who who, string project, HeldBy by, Digest digest, Stream bytes, CancellationToken stop)
    {
        Checked(await db.One<long>(Holders, Holder(who, project, by), stop));
        var kept = await blobs.Put(bytes, Math.Max(0, MostBytes - await db.One<long>(Brought, by, stop)), stop);
        if (kept.Digest != digest)
            throw ProblemException.Invalid("digest_differs", "The bytes that came are not those that were named.", "Send the file again; it may have changed meanwhile.");
        await db.Write(async tx =>
        {
            // It took its time: the claim may be another's by now, and files that came side by side count together.
            Checked(await tx.One<long>(Holders, Holder(who, project, by)));
            await tx.Run("""
                INSERT INTO agent_upload (project, job, number, fence, digest, size) VALUES (@project, @Job, @Number, @Fence, @hex, @Size)
                ON CONFLICT DO NOTHING
                """, new { project, by.Job, by.Number, by.Fence, hex = digest.Hex, kept.Size });
            if (await tx.One<long>(Brought, by) > MostBytes || await tx.One<long>("SELECT count(*) FROM agent_upload WHERE job = @Job AND number = @Number AND fence = @Fence", by) > MostFiles)
                throw TooLarge();
        }, stop);
    }

    /// <summary>Makes what a task brought part of its job's folder; null, or why it cannot be.</summary>
    /// <param name="all">Files of any name are wanted, not only those that are named as the task's own.</param>
    public static async Task<string?> Settle(Tx tx, string project, TaskKey key, bool all, IReadOnlyList<TaskFile> files)
    {
        var (job, number, fence) = (key.Job, key.Number, key.Fence);
        if (files.Count == 0)
            return null;
        if (await tx.One<long>("SELECT carries FROM agent_job WHERE id = @job", new { job }) == 0)
            return "It brought files, and its job has no folder.";
        var brought = (await tx.All<UploadRow>("SELECT digest, size FROM agent_upload WHERE job = @job AND number = @number AND fence = @fence", new { job, number, fence })).ToHashSet();
        var there = (await tx.All<string>("SELECT name FROM agent_file WHERE job = @job", new { job })).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files)
            if ((!all && ChildTask.Of(file.Name) != number) || !there.Add(file.Name))
                return $"It brought '{Names.Shorten(file.Name)}', which is not a file of its own.";
            else if (!brought.Contains(new(file.Digest.Hex, file.Size)))
                return $"It named '{Names.Shorten(file.Name)}' and did not bring it.";
        foreach (var file in files)
            await Insert(tx, project, job, file, number, made: true);
        return null;
    }

    /// <summary>Puts what tasks made into the folder on this server, each file at one stroke; those that are there stay.</summary>
    public async Task Bring(string job, string folder, CancellationToken stop)
    {
        foreach (var row in await db.All<FileRow>("SELECT name, digest, size FROM agent_file WHERE job = @job AND made = 1", new { job }, stop))
        {
            var to = Path.Combine(folder, row.Name);
            if (File.Exists(to))
                continue;
            var draft = Path.Combine(folder, $".{Names.NewId()}.new");
            await using (var bytes = await blobs.Open(row.File.Digest, stop) ?? throw ProblemException.NotFound("blob", row.Digest))
            await using (var file = File.Create(draft))
                await bytes.CopyToAsync(file, stop);
            File.Move(draft, to);
        }
    }

    public static bool IsPlain(TaskFile? file) => file is { Name: not null, Size: >= 0 } && file.Digest != default && IsName(file.Name);

    /// <summary>Letters, digits, dashes, underscores and dots, and no dot before.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static ProblemException TooLarge() => new(ProblemKind.TooLarge, "too_large", $"What a task brings back is at most {MostFiles:N0} files and {Say.Bytes(MostBytes)}.", "Give each task less to do.");

    private object Holder(Who who, string project, HeldBy by) => new { project, by.Job, by.Number, by.Fence, by.Session, person = who.Id, now = clock.GetUtcNow() };

    private static void Checked(long holders)
    {
        if (holders == 0)
            throw ProblemException.Conflict("task_not_held", "This agent does not, or no longer, hold that task.", "Another has it by now; nothing is to be done.");
    }

    private static Task Insert(Tx tx, string project, string job, TaskFile file, int task, bool made)
        => tx.Run("INSERT INTO agent_file (project, job, name, task, made, digest, size) VALUES (@project, @job, @Name, @task, @made, @hex, @Size)", new { project, job, file.Name, task, made = made ? 1 : 0, hex = file.Digest.Hex, file.Size });

    private sealed record UploadRow(string Digest, long Size);

    private sealed record FileRow(string Name, string Digest, long Size)
    {
        public TaskFile File => new(Name, Steward.Digest.Parse(Digest), Size);
    }
}
