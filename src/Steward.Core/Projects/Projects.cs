using System.Collections.Concurrent;
using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Projects;

internal sealed class Projects(Db db, ProjectFileReader reader, IEvents events, IAudit audit, TimeProvider clock) : IProjects
{
    /// <summary>As each was read last: a file is read again only when it has changed.</summary>
    private readonly ConcurrentDictionary<string, (Row Row, Project Project)> _made = new(StringComparer.Ordinal);

    public Task<Project> Put(string yaml, Who who, CancellationToken stop) => Keep(yaml, null, who, stop);

    public Task<Project> Change(string yaml, int from, Who who, CancellationToken stop) => Keep(yaml, from, who, stop);

    public Task<List<ProjectRevision>> Revisions(string name, int most = 100, CancellationToken stop = default) => db.All<ProjectRevision>("""
        SELECT revision, changed_at, changed_by, length(file) AS characters
          FROM project_revision
         WHERE name = @name
         ORDER BY revision DESC
         LIMIT @most
        """, new { name, most }, stop);

    public Task<string?> Text(string name, int revision, CancellationToken stop)
        => db.One<string>("SELECT file FROM project_revision WHERE name = @name AND revision = @revision", new { name, revision }, stop);

    private async Task<Project> Keep(string yaml, int? from, Who who, CancellationToken stop)
    {
        var (file, complaints) = reader.Read(yaml);
        if (file is null)
            throw Invalid(complaints);
        return await db.Write(async tx =>
        {
            var before = await tx.One<Row>($"SELECT name, revision, file, changed_at FROM project WHERE name = @Project {tx.Dialect.ForUpdate}", new { file.Project });
            who.Demand(Permission.Edit, file.Project);
            if (from is not null && from != (before?.Revision ?? 0))
                throw ProblemException.Conflict("project_changed_meanwhile", $"The file was changed meanwhile: it is at revision {before?.Revision ?? 0}, and yours was written against {from}.", "Look at what changed, then send yours again.");
            if (before?.File == yaml)
                return Made(before, file);
            var row = new Row(file.Project, (before?.Revision ?? 0) + 1, yaml, clock.GetUtcNow());
            await tx.Run("""
                INSERT INTO project (name, revision, file, changed_at) VALUES (@Name, @Revision, @File, @ChangedAt)
                ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, file = excluded.file, changed_at = excluded.changed_at
                """, row);
            await tx.Run("INSERT INTO project_revision (name, revision, file, changed_at, changed_by) VALUES (@Name, @Revision, @File, @ChangedAt, @By)", new { row.Name, row.Revision, row.File, row.ChangedAt, By = who.Name });
            await audit.Write(tx, who, before is null ? "project.created" : "project.changed", file.Project, file.Project, new { row.Revision, file = Digest.Of(yaml).Hex });
            await events.Publish(tx, new ProjectChanged(file.Project, row.Revision));
            return Made(row, file);
        }, stop);
    }

    public async Task<Project?> Find(string name, CancellationToken stop)
        => await db.One<Row>("SELECT name, revision, file, changed_at FROM project WHERE name = @name", new { name }, stop) is { } row ? Made(row) : null;

    public async Task<Project> Get(string name, CancellationToken stop)
        => await Find(name, stop) ?? throw ProblemException.NotFound("project", Names.Shorten(name), "steward status shows what you can see.");

    public async Task<List<Project>> All(CancellationToken stop)
        => [.. (await db.All<Row>("SELECT name, revision, file, changed_at FROM project ORDER BY name", stop: stop)).Select(Made)];

    private static ProblemException Invalid(IReadOnlyList<Complaint> complaints) => ProblemException.Invalid("project_file_invalid",
        string.Join("\n", complaints.Take(20).Select(one => $"line {one.Line}: {one.Why}{(one.Try is null ? "" : " " + one.Try)}")),
        "Mend the file, then: steward lint");

    // A file that an older program accepted stays readable: sections it can no longer read are left at their defaults.
    private Project Made(Row row)
    {
        if (_made.TryGetValue(row.Name, out var known) && known.Row == row)
            return known.Project;
        var made = Made(row, reader.Read(row.File).File ?? new(row.Name, row.Name, row.File, new Dictionary<string, object>()));
        _made[row.Name] = (row, made);
        return made;
    }

    private static Project Made(Row row, ProjectFile file) => new(row.Name, file.Title, row.Revision, Digest.Of(row.File), file, row.ChangedAt);

    private sealed record Row(string Name, int Revision, string File, DateTimeOffset ChangedAt);
}
