using Steward.Work;

namespace Steward.Agents;

/// <param name="Labels">What it has or where it stands (<c>onprem</c>, <c>gpu</c>): work asks for labels, not for names. Its own name is always one.</param>
/// <param name="EndsAt">From then on its token is worth nothing.</param>
/// <param name="SeenAt">When it was last heard of.</param>
/// <param name="AtOnce">Tasks it takes at a time.</param>
/// <param name="Running">Tasks it holds now.</param>
public sealed record Agent(string Name, IReadOnlyList<string> Labels, string AddedBy, DateTimeOffset AddedAt, DateTimeOffset EndsAt, DateTimeOffset? RevokedAt, DateTimeOffset? SeenAt, string? Machine, string? Version, int AtOnce, int Running)
{
    /// <summary>An agent that says nothing for longer than this is taken to be gone, and its work goes to others.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public bool IsHere(DateTimeOffset now) => RevokedAt is null && SeenAt > now - Lease;
}

/// <summary>One task of a job in the hands of an agent; the fence tells it from an earlier holder's.</summary>
public sealed record TaskKey(string Job, int Number, long Fence);

/// <summary>A task as an agent takes it.</summary>
/// <param name="Files">What lies in its folder; null when the job has none, and the task works where its agent lets it.</param>
public sealed record GivenTask(TaskKey Key, JobSpec Spec, IReadOnlyList<TaskFile>? Files = null)
{
    /// <summary>Stands in a command for the folder, wherever the agent puts it.</summary>
    public const string FolderWord = "{folder}";
}

/// <summary>A file of a task's folder.</summary>
/// <param name="Name">Plain: letters, digits, dashes, underscores and dots.</param>
public sealed record TaskFile(string Name, Digest Digest, long Size);

/// <summary>Who says that it holds a task.</summary>
public sealed record HeldBy(string Session, string Job, int Number, long Fence);

/// <summary>What an agent is told each time it asks: new tasks, and those of its own it must end.</summary>
public sealed record Orders(IReadOnlyList<GivenTask> Tasks, IReadOnlyList<TaskKey> Stop);

/// <summary>News of one task: lines that came, and its end.</summary>
/// <param name="From">Number of the first line, counted from the task's beginning; what came before and was not told is not kept any more.</param>
/// <param name="Files">With the end, what the task left in its folder; all of it was brought before.</param>
public sealed record Report(TaskKey Key, long From, IReadOnlyList<LogLine> Lines, JobTask? End, IReadOnlyList<TaskFile>? Files = null);

/// <param name="Held">Whether the task is still this agent's; when not, what it does has no effect.</param>
public sealed record Heard(TaskKey Key, bool Held);

/// <summary>What an agent says of itself when it begins.</summary>
public sealed record Beginning(string Session, string? Machine, string? Version, int AtOnce);

/// <param name="Free">How many more tasks it can take now.</param>
/// <param name="Holding">Every task it was given and whose end was not heard yet: this renews their leases.</param>
public sealed record Asking(string Session, int Free, IReadOnlyList<TaskKey> Holding);

public sealed record Telling(string Session, IReadOnlyList<Report> Reports);
