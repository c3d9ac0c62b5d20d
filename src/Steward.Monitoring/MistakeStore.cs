using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>All SQL about judged feedback.</summary>
internal sealed class MistakeStore(Db db)
{
    private const string Columns = """
        project, endpoint, version, number, from_at, last_at, last_id, answers, wrong, batches, pooled_wrong, pooled_answers, wrong_limit, reference_wrong, reference_rows, p, telling, incident, judged_at
        """;

    /// <summary>False when another server judged this batch first.</summary>
    public static async Task<bool> Add(Tx tx, Mistakes one) => await tx.Run($"""
        INSERT INTO judged_feedback ({Columns})
        VALUES (@Project, @Endpoint, @Version, @Number, @From, @To, @LastId, @Answers, @Wrong, @Batches, @PooledWrong, @PooledAnswers, @Limit, @ReferenceWrong, @ReferenceRows, @P, @telling, NULL, @JudgedAt)
        ON CONFLICT (endpoint, version, number) DO NOTHING
        """, new
    {
        one.Project, one.Endpoint, one.Version, one.Number, one.From, one.To, one.LastId, one.Answers, one.Wrong, one.Batches, one.PooledWrong, one.PooledAnswers, one.Limit,
        one.ReferenceWrong, one.ReferenceRows, one.P, telling = Json.Write(one.Telling), one.JudgedAt,
    }) == 1;

    public static Task Belongs(Tx tx, Mistakes one, int incident)
        => tx.Run("UPDATE judged_feedback SET incident = @incident WHERE endpoint = @Endpoint AND version = @Version AND number = @Number", new { one.Endpoint, one.Version, one.Number, incident });

    /// <summary>The last batches of a version, the newest first.</summary>
    public async Task<List<Mistakes>> Last(string endpoint, int version, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_feedback
         WHERE endpoint = @endpoint AND version = @version
         ORDER BY number DESC
         LIMIT @most
        """, new { endpoint, version, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>The last batches of an endpoint, whatever version, the newest first.</summary>
    public async Task<List<Mistakes>> Newest(string endpoint, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_feedback
         WHERE endpoint = @endpoint
         ORDER BY last_at DESC, version DESC, number DESC
         LIMIT @most
        """, new { endpoint, most }, stop)).ConvertAll(row => row.Read());

    public async Task<List<Mistakes>> OfIncident(string project, int incident, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_feedback
         WHERE project = @project AND incident = @incident
         ORDER BY last_at, version, number
         LIMIT 100
        """, new { project, incident }, stop)).ConvertAll(row => row.Read());

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public string Endpoint { get; init; } = "";
        public long Version { get; init; }
        public long Number { get; init; }
        public DateTimeOffset FromAt { get; init; }
        public DateTimeOffset LastAt { get; init; }
        public string LastId { get; init; } = "";
        public long Answers { get; init; }
        public long Wrong { get; init; }
        public long Batches { get; init; }
        public long PooledWrong { get; init; }
        public long PooledAnswers { get; init; }
        public long? WrongLimit { get; init; }
        public long ReferenceWrong { get; init; }
        public long ReferenceRows { get; init; }
        public double P { get; init; }
        public string? Telling { get; init; }
        public long? Incident { get; init; }
        public DateTimeOffset JudgedAt { get; init; }

        public Mistakes Read() => new(
            Project, Endpoint, (int)Version, (int)Number, FromAt, LastAt, (int)Answers, (int)Wrong, (int)Batches, (int)PooledWrong, (int)PooledAnswers, (int?)WrongLimit,
            (int)ReferenceWrong, (int)ReferenceRows, P, Telling is null ? [] : Json.Read<List<string>>(Telling), (int?)Incident, JudgedAt)
        {
            LastId = LastId,
        };
    }
}
