using Steward.Storage;

namespace Steward.Serving;

/// <summary>All SQL about endpoints.</summary>
internal sealed class EndpointStore(Db db, TimeProvider clock)
{
    private const string Columns = "name, project, model, live_version, epoch, abstain_under, changed_at";

    public async Task<Endpoint?> Find(string name, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM endpoint WHERE name = @name", new { name }, stop))?.Read();

    public async Task<List<Endpoint>> All(string? project, CancellationToken stop)
        => (await db.All<Row>($"SELECT {Columns} FROM endpoint WHERE project = @project OR @project IS NULL ORDER BY name", new { project }, stop)).ConvertAll(row => row.Read());

    /// <summary>Makes the endpoint unless its name is taken; gives the one that has the name now.</summary>
    public async Task<Endpoint> Ensure(string name, string project, string model, CancellationToken stop)
    {
        await db.Run("""
            INSERT INTO endpoint (name, project, model, live_version, epoch, abstain_under, created_at, changed_at)
            VALUES (@name, @project, @model, NULL, 0, NULL, @now, @now)
            ON CONFLICT (name) DO NOTHING
            """, new { name, project, model, now = clock.GetUtcNow() }, stop);
        return (await Find(name, stop))!;
    }

    /// <summary>What a node serves. True when the endpoint as a whole moved on with it: the first node of an epoch tells.</summary>
    public async Task<bool> Acknowledge(Tx tx, Live live, string node)
    {
        var now = clock.GetUtcNow();
        await tx.Run("""
            INSERT INTO endpoint_serving (endpoint, node, project, version, epoch, trouble, at)
            VALUES (@Name, @node, @Project, @CurrentVersion, @Epoch, @Trouble, @now)
            ON CONFLICT (endpoint, node) DO UPDATE
               SET version = excluded.version, epoch = excluded.epoch, trouble = excluded.trouble, at = excluded.at
            """, new { live.Name, node, live.Project, live.CurrentVersion, live.Epoch, live.Trouble, now });
        return await tx.Run("""
            UPDATE endpoint
               SET live_version = @CurrentVersion, epoch = @Epoch, changed_at = @now
             WHERE name = @Name AND epoch < @Epoch
            """, new { live.Name, live.CurrentVersion, live.Epoch, now }) > 0;
    }

    public Task<List<NodeServing>> Serving(string name, CancellationToken stop) => db.All<NodeServing>("""
        SELECT node, version, epoch, trouble, at
          FROM endpoint_serving
         WHERE endpoint = @name
         ORDER BY at DESC, node
        """, new { name }, stop);

    /// <summary>A process that is gone serves nothing; its row only confuses.</summary>
    public Task Forget(string node, CancellationToken stop) => db.Run("DELETE FROM endpoint_serving WHERE node = @node", new { node }, stop);

    public Task AbstainUnder(Tx tx, string name, double? threshold)
        => tx.Run("UPDATE endpoint SET abstain_under = @threshold, changed_at = @now WHERE name = @name", new { name, threshold, now = clock.GetUtcNow() });

    private sealed class Row
    {
        public string Name { get; init; } = "";
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public long? LiveVersion { get; init; }
        public long Epoch { get; init; }
        public double? AbstainUnder { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        public Endpoint Read() => new(Name, Project, Model, (int?)LiveVersion, Epoch, AbstainUnder, ChangedAt);
    }
}
