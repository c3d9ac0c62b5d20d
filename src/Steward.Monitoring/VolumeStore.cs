using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>All SQL about counted requests.</summary>
internal sealed class VolumeStore(Db db)
{
    private const string Columns = "project, endpoint, from_at, to_at, requests, at_least, at_most, incident, judged_at";

    /// <summary>From when on requests are not counted yet; null when they never were.</summary>
    public async Task<DateTimeOffset?> From(string endpoint, CancellationToken stop)
        => await db.One<long?>("SELECT from_at FROM volume_watch WHERE endpoint = @endpoint", new { endpoint }, stop) is { } at ? Times.FromMicroseconds(at) : null;

    public Task Begin(string project, string endpoint, DateTimeOffset from, CancellationToken stop) => db.Write(tx => tx.Run("""
        INSERT INTO volume_watch (endpoint, project, from_at)
        VALUES (@endpoint, @project, @from)
        ON CONFLICT (endpoint) DO UPDATE SET from_at = excluded.from_at
        """, new { project, endpoint, from }), stop);

    /// <summary>What happens while nobody watches is not judged later.</summary>
    public Task Forget(string endpoint, CancellationToken stop) => db.Write(tx => tx.Run("DELETE FROM volume_watch WHERE endpoint = @endpoint", new { endpoint }), stop);

    /// <summary>False when another server judged this window first.</summary>
    public static async Task<bool> Add(Tx tx, Volume one)
    {
        await tx.Run("UPDATE volume_watch SET from_at = @To WHERE endpoint = @Endpoint AND from_at <= @From", one);
        return await tx.Run($"""
            INSERT INTO judged_volume ({Columns})
            VALUES (@Project, @Endpoint, @From, @To, @Requests, @AtLeast, @AtMost, NULL, @JudgedAt)
            ON CONFLICT (endpoint, from_at) DO NOTHING
            """, one) == 1;
    }

    public static Task Belongs(Tx tx, Volume one, int incident)
        => tx.Run("UPDATE judged_volume SET incident = @incident WHERE endpoint = @Endpoint AND from_at = @From", new { one.Endpoint, one.From, incident });

    /// <summary>The newest first.</summary>
    public async Task<List<Volume>> Newest(string endpoint, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_volume
         WHERE endpoint = @endpoint
         ORDER BY from_at DESC
         LIMIT @most
        """, new { endpoint, most }, stop)).ConvertAll(row => row.Read());

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public string Endpoint { get; init; } = "";
        public DateTimeOffset FromAt { get; init; }
        public DateTimeOffset ToAt { get; init; }
        public long Requests { get; init; }
        public long? AtLeast { get; init; }
        public long? AtMost { get; init; }
        public long? Incident { get; init; }
        public DateTimeOffset JudgedAt { get; init; }

        public Volume Read() => new(Project, Endpoint, FromAt, ToAt, Requests, AtLeast, AtMost, (int?)Incident, JudgedAt);
    }
}
