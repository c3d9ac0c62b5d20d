using Steward.Storage;

namespace Steward.Training;

/// <summary>All SQL about batches.</summary>
internal sealed class BatchStore(Db db, TimeProvider clock)
{
    private const int AtOnce = 500;

    public Task Took(string project, Digest digest, long size, CancellationToken stop) => db.Write(tx => tx.Run("""
        INSERT INTO batch_file (project, digest, size, added_at) VALUES (@project, @digest, @size, @now)
        ON CONFLICT (project, digest) DO NOTHING
        """, new { project, digest = digest.Hex, size, now = clock.Now() }), stop);

    /// <summary>Those of these files that this project has sent.</summary>
    public async Task<HashSet<Digest>> Files(string project, IEnumerable<Digest> digests, CancellationToken stop)
    {
        var there = new HashSet<Digest>();
        foreach (var some in digests.Distinct().Chunk(AtOnce))
            there.UnionWith((await db.All<string>("SELECT digest FROM batch_file WHERE project = @project AND digest IN @some", new { project, some = some.Select(one => one.Hex).ToList() }, stop)).Select(Digest.Parse));
        return there;
    }

    public async Task<Dictionary<Digest, DonePart>> Done(string project, IEnumerable<Digest> same, CancellationToken stop)
    {
        var done = new Dictionary<Digest, DonePart>();
        foreach (var some in same.Distinct().Chunk(AtOnce))
            foreach (var row in await db.All<DonePart>("""
                SELECT same, output, size, aside, row_count, bad_rows, engine, machine, task, scored_at
                  FROM batch_part
                 WHERE project = @project AND same IN @some
                """, new { project, some = some.Select(one => one.Hex).ToList() }, stop))
                done[Digest.Parse(row.Same)] = row;
        return done;
    }

    /// <summary>The first result of the same stays.</summary>
    public Task Keep(string project, DonePart part, CancellationToken stop) => db.Write(tx => tx.Run("""
        INSERT INTO batch_part (project, same, output, size, aside, row_count, bad_rows, engine, machine, task, scored_at)
        VALUES (@project, @Same, @Output, @Size, @Aside, @RowCount, @BadRows, @Engine, @Machine, @Task, @ScoredAt)
        ON CONFLICT (project, same) DO NOTHING
        """, new { project, part.Same, part.Output, part.Size, part.Aside, part.RowCount, part.BadRows, part.Engine, part.Machine, part.Task, part.ScoredAt }), stop);

    public static Task Problem(Tx tx, string project, string task, int part, ProblemException problem) => tx.Run("""
        INSERT INTO batch_problem (project, task, part, code, why) VALUES (@project, @task, @part, @Code, @why)
        ON CONFLICT (project, task, part) DO UPDATE SET code = excluded.code, why = excluded.why
        """, new { project, task, part, problem.Code, why = Names.Shorten($"{problem.Message} {problem.Try}".TrimEnd(), 2000) });

    public async Task<Dictionary<int, string>> Problems(string project, string task, CancellationToken stop)
        => (await db.All<ProblemRow>("SELECT part, why FROM batch_problem WHERE project = @project AND task = @task", new { project, task }, stop)).ToDictionary(row => row.Part, row => row.Why);

    private sealed record ProblemRow(int Part, string Why);
}

/// <summary>A row of <c>batch_part</c>.</summary>
internal sealed record DonePart(string Same, string Output, long Size, string? Aside, long RowCount, long BadRows, string Engine, string Machine, string Task, DateTimeOffset ScoredAt);
