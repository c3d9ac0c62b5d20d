using Dapper;
using Steward.Blobs;
using Steward.Storage;

namespace Steward.Tracking;

/// <summary>All SQL that writes runs.</summary>
internal static class RunWriter
{
    private const int RowsAtOnce = 200;

    public static Task Insert(Tx tx, Run run, bool nameIsOurs) => tx.Run("""
        INSERT INTO run (id, project, experiment, name, name_is_ours, status, parent, started_by, data, code, environment, lineage, started_at, ended_at)
        VALUES (@Id, @Project, @Experiment, @Name, @nameIsOurs, @Status, @Parent, @By, @Data, @Code, @Environment, @lineage, @StartedAt, @EndedAt)
        """, new { run.Id, run.Project, run.Experiment, run.Name, nameIsOurs, run.Status, run.Parent, run.By, run.Data, run.Code, run.Environment, lineage = run.Lineage is null ? null : Json.Write(run.Lineage), run.StartedAt, run.EndedAt });

    public static Task End(Tx tx, Run run)
        => tx.Run("UPDATE run SET status = @Status, ended_at = @EndedAt WHERE id = @Id", new { run.Id, run.Status, run.EndedAt });

    /// <summary>Where its code came from, told after it began.</summary>
    public static Task Came(Tx tx, Run run)
        => tx.Run("UPDATE run SET code = @Code, lineage = @lineage WHERE id = @Id", new { run.Id, run.Code, lineage = Json.Write(run.Lineage) });

    /// <summary>Gives a run its name again when we had named it.</summary>
    public static Task Rename(Tx tx, string run, string name)
        => tx.Run("UPDATE run SET name = @name WHERE id = @run AND name_is_ours = 1", new { run, name });

    public static async Task Params(Tx tx, Run run, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values)
            if (await tx.Run("INSERT INTO run_param (run, key, project, value) VALUES (@Id, @key, @Project, @value) ON CONFLICT DO NOTHING", new { run.Id, run.Project, key, value }) == 0
                && await tx.One<string>("SELECT value FROM run_param WHERE run = @Id AND key = @key", new { run.Id, key }) is var there && there != value)
                throw ProblemException.Conflict("param_set", $"The parameter '{key}' of run '{run.Name}' is '{Names.Shorten(there)}' already; a parameter does not change.", "Start a new run with the other value.");
    }

    public static async Task Tags(Tx tx, Run run, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values)
            await tx.Run("""
                INSERT INTO run_tag (run, key, project, value) VALUES (@Id, @key, @Project, @value)
                ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
                """, new { run.Id, run.Project, key, value });
    }

    public static async Task Metrics(Tx tx, Run run, IReadOnlyList<MetricPoint> points)
    {
        foreach (var some in points.Chunk(RowsAtOnce))
            await tx.Run($"INSERT INTO run_metric (run, project, key, step, at, value, word) VALUES {Rows(some, run, out var values)} ON CONFLICT DO NOTHING", values);
        // One row per key: PostgreSQL refuses to update the same row twice in one statement.
        var last = points.GroupBy(point => point.Key, StringComparer.Ordinal).Select(same => same.OrderBy(point => (point.Step, point.At)).Last());
        foreach (var some in last.Chunk(RowsAtOnce))
            await tx.Run($"""
                INSERT INTO run_last (run, project, key, step, at, value, word) VALUES {Rows(some, run, out var values)}
                ON CONFLICT (run, key) DO UPDATE
                   SET step = excluded.step, at = excluded.at, value = excluded.value, word = excluded.word
                 WHERE (excluded.step, excluded.at) > (run_last.step, run_last.at)
                """, values);
    }

    /// <summary>The artifact as it is kept now, and whether it is new.</summary>
    public static async Task<RunArtifact> Artifact(Tx tx, Run run, string name, Blob blob, DateTimeOffset at)
    {
        var artifact = new RunArtifact(name, blob.Digest, blob.Size, at);
        if (await tx.Run("""
            INSERT INTO run_artifact (run, name, project, blob, size, at) VALUES (@Id, @Name, @Project, @Blob, @Size, @At) ON CONFLICT DO NOTHING
            """, new { run.Id, run.Project, artifact.Name, artifact.Blob, artifact.Size, artifact.At }) == 1)
            return artifact;
        var there = await tx.One<RunArtifact>("SELECT name, blob, size, at FROM run_artifact WHERE run = @Id AND name = @name", new { run.Id, name });
        return there!.Blob == blob.Digest
            ? there
            : throw ProblemException.Conflict("artifact_set", $"Run '{run.Name}' has another file '{name}' already; what a run left does not change.", "Choose another name, or start a new run.");
    }

    private static string Rows(MetricPoint[] points, Run run, out DynamicParameters values)
    {
        values = new DynamicParameters();
        values.Add("run", run.Id);
        values.Add("project", run.Project);
        for (var i = 0; i < points.Length; i++)
        {
            var (value, word) = Number.Write(points[i].Value);
            values.Add($"k{i}", points[i].Key);
            values.Add($"s{i}", points[i].Step);
            values.Add($"a{i}", points[i].At!.Value.ToMicroseconds());
            values.Add($"v{i}", value, System.Data.DbType.Double);
            values.Add($"w{i}", word, System.Data.DbType.String);
        }

        return string.Join(", ", Enumerable.Range(0, points.Length).Select(i => $"(@run, @project, @k{i}, @s{i}, @a{i}, @v{i}, @w{i})"));
    }
}
