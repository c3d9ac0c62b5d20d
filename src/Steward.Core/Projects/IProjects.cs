using Steward.Events;
using Steward.Identity;

namespace Steward.Projects;

/// <summary>The projects of this server, each with the newest version of its project file.</summary>
public interface IProjects
{
    /// <summary>Reads and keeps a project file; a new project when its name is new. Complaints become <c>project_file_invalid</c>.</summary>
    Task<Project> Put(string yaml, Who who, CancellationToken stop = default);

    /// <summary>The same for a text that was written against a revision: <c>project_changed_meanwhile</c> when another came since.</summary>
    Task<Project> Change(string yaml, int from, Who who, CancellationToken stop = default);

    /// <summary>Every revision of a project's file, newest first.</summary>
    Task<List<ProjectRevision>> Revisions(string name, int most = 100, CancellationToken stop = default);

    /// <summary>The text of one revision; null when there is none of that number.</summary>
    Task<string?> Text(string name, int revision, CancellationToken stop = default);

    Task<Project?> Find(string name, CancellationToken stop = default);

    /// <summary>Throws <c>project_not_found</c>.</summary>
    Task<Project> Get(string name, CancellationToken stop = default);

    Task<List<Project>> All(CancellationToken stop = default);
}

/// <param name="Revision">Grows with every change of the file.</param>
/// <param name="FileDigest">Binds what was decided to the text that was in force.</param>
public sealed record Project(string Name, string Title, int Revision, Digest FileDigest, ProjectFile File, DateTimeOffset ChangedAt);

/// <param name="Characters">How long the file was.</param>
public sealed record ProjectRevision(int Revision, DateTimeOffset ChangedAt, string ChangedBy, int Characters);

public sealed record ProjectChanged(string Project, int Revision) : IEvent
{
    public static string Name => "project.changed";
}
